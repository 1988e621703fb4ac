import { expect } from 'chai'
import { formatEvidence, parseEvidence } from '../../../node/core/evidence.ts'
import type { Evidence } from '../../../node/core/evidence.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { VerifyOptions } from '../../../node/core/verify/verifyEvidence.ts'
import { verifyEvidence, verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { codeOf, faults } from '../evidence/codeOf.ts'
import { DAY, ISSUED, makeWorld, mask, USED } from './world.ts'
import type { World } from './world.ts'

const codes = async (evidence: Evidence, trust: Trust, options?: VerifyOptions) =>
  (await verifyEvidence(evidence, trust, options)).checks.slice(6).map(({ code }) => code)

async function outcome(evidence: Evidence, by: Trust): Promise<string[]> {
  const verdict = await verifyEvidence(evidence, by)
  return [verdict.result, ...Object.values(faults(verdict))]
}

const dayAfter = (count: number) => ISSUED + count * 10

describe('evidence of a use', () => {
  for (const uses of [0, 1])
    for (const holders of [1, 2] as const)
      it(`passes offline: ${holders} holders, ${uses === 0 ? 'unlimited' : 'counted'}`, async () => {
        const { used, trust, content } = await makeWorld({ uses, holders })
        const verdict = await verifyEvidenceText(formatEvidence(used), trust, { content })
        expect(faults(verdict)).to.deep.equal({})
        expect(verdict.result).to.equal('pass')
        expect(verdict.checks.map(({ check, code }) => `${check} ${code}`)).to.deep.equal([
          'content CONTENT_MATCHES',
          'commitment COMMITMENT_OPENS',
          'inclusion ENTRY_INCLUDED',
          'checkpoint CHECKPOINT_SIGNED',
          'witnesses WITNESSES_NOT_REQUIRED',
          'anchor CHECKPOINT_ANCHORED',
          'issuer ISSUER_ACCREDITED',
          'status STATUS_VALID',
          ...Array.from({ length: 3 * holders }, () => 'grant GRANT_HOLDS'),
          'use USE_AUTHORIZED',
        ])
      })

  it('names the hop, the grantor and the grantee of each grant', async () => {
    const { used, trust, ids } = await makeWorld()
    const { checks } = await verifyEvidence(used, trust)
    const grants = checks.filter(({ check }) => check === 'grant')
    expect(grants.map(({ details }) => details?.['hop'])).to.deep.equal([0, 1, 2])
    expect(grants[0]?.details?.['grantee']).to.equal(grants[1]?.details?.['grantor'])
    expect(ids).to.have.length(3)
  })

  for (const uses of [0, 1])
    it(`passes for answers to questions: ${uses === 0 ? 'unlimited' : 'counted'}`, async () => {
      const { used, trust } = await makeWorld({
        uses,
        holders: 2,
        questions: [{ kind: 'is', field: 'location', value: '示例路' }],
        asked: { fields: ['location'] },
      })
      expect(used.statement.kind).to.equal('use.checked')
      const verdict = await verifyEvidence(parseEvidence(formatEvidence(used)), trust)
      expect(verdict.result).to.equal('pass')
      const codes = verdict.checks.map(({ code }) => code)
      expect(codes).to.include.members(['CONTENT_NOT_APPLICABLE', 'ISSUER_ACCREDITED'])
      expect(codes).to.include.members(['STATUS_VALID', 'USE_AUTHORIZED'])
      expect(codes.filter((code) => code === 'GRANT_HOLDS')).to.have.length(6)
    })

  it('passes for a material, which brings no certificate', async () => {
    const subject = { kind: 'material', id: 'lease-2023', index: 1, type: 'LEASE' } as const
    const { used, trust } = await makeWorld({
      grant: () => ({ items: mask(0b111) }),
      use: { items: mask(0b100) },
      asked: { fields: [], manner: 'copy' },
      signed: () => ({ subject }),
      receipt: () => ({ subject }),
      opened: 0b100,
    })
    const { certificate: _, states, ...rest } = used
    const evidence = { ...rest, states: states?.filter(({ of }) => of === 'use') ?? [] }
    expect(await codes(parseEvidence(formatEvidence(evidence)), trust)).to.deep.equal([
      'ISSUER_NOT_APPLICABLE',
      'STATUS_NOT_APPLICABLE',
      'GRANT_HOLDS',
      'GRANT_HOLDS',
      'GRANT_HOLDS',
      'USE_AUTHORIZED',
    ])
  })

  it('carries nothing that no check reads', async () => {
    const { used, issued } = await makeWorld()
    const { certificate: _, ...without } = used
    const status = issued.states?.find(({ of }) => of === 'status') ?? expect.fail('no status')
    for (const evidence of [
      { ...used, states: [...(used.states ?? []), status] },
      { ...issued, certificate: used.certificate },
      { ...without, statement: { ...used.statement, kind: 'use.refused' } },
    ])
      expect(
        codeOf(() => parseEvidence(JSON.stringify(evidence))),
        JSON.stringify(Object.keys(evidence)),
      ).to.match(/^(?:EVIDENCE|STATEMENT)_MALFORMED$/)
  })

  it('of a derived copy at hand fails by name once the copy is past its time', async () => {
    const { used, trust, content } = await makeWorld()
    const expires = USED + 5 * DAY
    const of = async (options: VerifyOptions) =>
      (await verifyEvidence(used, trust, options)).checks[0]
    expect(await of({ content, now: expires })).to.include({
      check: 'content',
      result: 'fail',
      code: 'DERIVED_COPY_EXPIRED',
    })
    expect((await of({ content, now: expires - 1 }))?.code).to.equal('CONTENT_MATCHES')
    expect((await of({ content }))?.code).to.equal('CONTENT_MATCHES')
    // The receipt stays what it is; and who asks about the past gets the answer of then.
    expect((await of({ now: expires }))?.code).to.equal('CONTENT_NOT_GIVEN')
    expect((await of({ content, now: expires, at: USED + 50 }))?.code).to.equal('CONTENT_MATCHES')
  })

  it('of a refusal says that nothing was released', async () => {
    const { used, trust } = await makeWorld()
    if (used.statement.kind !== 'use.released') expect.fail('no receipt')
    const { content: _, counted: __, expires: ___, spares: ____, ...asked } = used.statement
    const { certificate: _____, states: ______, ...rest } = used
    const refused: Evidence = {
      ...rest,
      statement: {
        ...asked,
        kind: 'use.refused',
        subject: { kind: 'certificate', id: asked.subject.id },
        code: 'GRANT_EXPIRED',
        hop: 2,
      },
    }
    expect(await codes(refused, trust)).to.deep.equal([
      'ISSUER_NOT_APPLICABLE',
      'STATUS_NOT_APPLICABLE',
      'GRANT_NOT_APPLICABLE',
      'USE_REFUSED',
    ])
  })

  it('stays unknown where only trust or proofs are missing', async () => {
    const { used, trust } = await makeWorld()
    const { registries: _, ...without } = trust
    expect(await outcome(used, without)).to.deep.equal([
      'unknown',
      ...Array.from({ length: 3 }, () => 'REGISTRIES_NOT_TRUSTED'),
    ])
    expect(await outcome({ ...used, states: [] }, trust)).to.deep.equal([
      'unknown',
      ...Array.from({ length: 3 }, () => 'STATE_ABSENT'),
    ])
  })
})

describe('evidence of a certificate', () => {
  let world: World

  it('passes offline', async () => {
    world = await makeWorld()
    const verdict = await verifyEvidenceText(formatEvidence(world.issued), world.trust)
    expect(verdict.result).to.equal('pass')
    expect(await codes(world.issued, world.trust)).to.deep.equal([
      'ISSUER_ACCREDITED',
      'STATUS_VALID',
      'GRANT_NOT_APPLICABLE',
      'USE_NOT_APPLICABLE',
    ])
  })

  it('answers for a past moment, from history over several pages', async () => {
    const statuses = [2, 1, 2, 1, 2, 1, 7].map((status, i) => ({ status, at: dayAfter(i + 1) }))
    const { issued, trust } = await makeWorld({ statuses })
    const statusAt = async (moment: number) => (await codes(issued, trust, { at: moment }))[1]
    expect(await statusAt(ISSUED - 1)).to.equal('STATUS_BEFORE_ISSUE')
    expect(await statusAt(dayAfter(1) - 1)).to.equal('STATUS_VALID')
    for (const [i, { status }] of statuses.entries())
      expect(await statusAt(dayAfter(i + 1)), `${i}`).to.equal(
        status === 1 ? 'STATUS_VALID' : 'STATUS_NOT_VALID',
      )
    expect(await statusAt(USED + 100)).to.equal('STATUS_NOT_VALID')
    expect(await statusAt(USED + 101)).to.equal('STATUS_AFTER_PROOF')
    expect((await codes(issued, trust))[1]).to.equal('STATUS_NOT_VALID')
  })

  it('is unknown with the earlier page of the history alone', async () => {
    const statuses = [2, 1, 2, 1, 7].map((status, i) => ({ status, at: ISSUED + i }))
    const whole = await makeWorld({ statuses })
    const pages = whole.issued.states?.[1]?.contracts[0]?.slots ?? []
    const proven = await Promise.all(
      pages.map(async ({ slot }) => {
        const [state, status] = whole.issued.states ?? []
        if (!state || !status) expect.fail('two states')
        const contracts = status.contracts.map((contract) => ({
          ...contract,
          slots: contract.slots.filter((known) => known.slot !== slot),
        }))
        const evidence = { ...whole.issued, states: [state, { ...status, contracts }] }
        return (await codes(evidence, whole.trust))[1]
      }),
    )
    // One of the three says nothing of this certificate.
    expect(proven).to.have.members(['STATE_NOT_PROVEN', 'STATE_NOT_PROVEN', 'STATUS_NOT_VALID'])
  })

  it('is unknown while the proof is older than the certificate', async () => {
    const { issued, trust, blocks } = await makeWorld({
      proven: { status: 100 },
      times: [ISSUED - 50, ISSUED - 40, ISSUED - 30, ISSUED - 20, ISSUED - 10],
    })
    expect(blocks).to.have.length(5)
    expect(await codes(issued, trust)).to.include('STATUS_AFTER_PROOF')
  })
})
