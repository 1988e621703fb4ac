import { expect } from 'chai'
import { formatEvidence } from '../../node/core/evidence.ts'
import type { Evidence } from '../../node/core/evidence.ts'
import type { UseChecked } from '../../node/core/statements/check.ts'
import type { Trust, TrustDocument } from '../../node/core/trust.ts'
import { leavesOf, other, replaced } from '../core/evidence/leaves.ts'
import { LOG_SIGNER } from '../core/evidence/sample.ts'
import { ASKED_ATTACKS } from '../core/verify/attacks/asked.ts'
import { CERTIFICATE_ATTACKS } from '../core/verify/attacks/certificates.ts'
import { CHECK_ATTACKS } from '../core/verify/attacks/checks.ts'
import { GRANT_ATTACKS } from '../core/verify/attacks/grants.ts'
import { MOMENT_ATTACKS } from '../core/verify/attacks/moment.ts'
import { SIGNATURE_ATTACKS } from '../core/verify/attacks/signatures.ts'
import { DAY, ISSUED, makeWorld, mask, USED } from '../core/verify/world.ts'
import { atLimits, nearly } from './altered.ts'
import { bothVerdicts, expectSameReadings } from './stranger.ts'
import type { Times } from './stranger.ts'

const IS = { kind: 'is', field: 'location', value: '示例路' } as const

const QUESTIONS: UseChecked['questions'] = [
  IS,
  { kind: 'validOn', day: '2023-08-05' },
  { kind: 'ageAtLeast', field: 'usage', years: 18, day: '2023-08-05' },
  { kind: 'is', field: 'usage', value: 7 },
  { kind: 'is', field: 'usage', value: true },
]

/** The derived copy in these worlds. */
const COPY = Buffer.from('{"derived":"copy"}')

/** As a file has it: these worlds ask for no witness. */
const documentOf = ({ log, chains, registries }: Trust): TrustDocument => ({
  v: 1,
  log: { origin: log.origin, key: LOG_SIGNER.vkey },
  witnesses: { quorum: 0, keys: [] },
  chains: [...chains],
  ...(registries && { registries }),
})

async function agreed(evidence: unknown, trust: Trust, times: Times = {}): Promise<string[]> {
  const text = JSON.stringify(evidence)
  const content = text.includes('"kind":"use.released"') ? COPY : undefined
  const [ours, theirs] = await bothVerdicts(text, documentOf(trust), content, times)
  expect(theirs).to.deep.equal(ours)
  return theirs
}

async function agreedOn(evidence: Evidence, trust: Trust, times: Times = {}): Promise<string[]> {
  return agreed(JSON.parse(formatEvidence(evidence)), trust, times)
}

async function checkOf(questions: UseChecked['questions']): Promise<UseChecked> {
  const { used } = await makeWorld({ questions, asked: { fields: ['location', 'usage'] } })
  return used.statement as UseChecked
}

function refusalOf(checked: UseChecked) {
  const { answers: _, counted: __, spares: ___, subject, ...asked } = checked
  const { kind, id } = subject
  return { ...asked, kind: 'use.refused', subject: { kind, id }, code: 'GRANT_EXPIRED', hop: 2 }
}

describe('a verifier written from docs/formats.md alone, of certificates and uses', () => {
  for (const uses of [0, 1])
    for (const holders of [1, 2] as const)
      it(`passes a receipt: ${holders} holders, ${uses === 0 ? 'unlimited' : 'counted'}`, async () => {
        const { used, trust } = await makeWorld({ uses, holders })
        const codes = await agreedOn(used, trust)
        expect(codes[0]).to.equal('pass')
        expect(codes.filter((code) => code === 'grant pass GRANT_HOLDS')).to.have.length(
          3 * holders,
        )
      })

  it('passes a receipt of a material', async () => {
    const { used, trust } = await makeWorld({
      asked: { fields: [], manner: 'copy' },
      grant: () => ({ items: mask(0b111) }),
      use: { items: mask(0b100) },
      signed: () => ({ subject: { kind: 'material', id: 'lease-2023' } }),
      receipt: () => ({
        subject: { kind: 'material', id: 'lease-2023', index: 1, type: 'LEASE' },
        shown: 3,
        document: { digests: [`sha-256:${'6'.repeat(64)}`], size: 60_000, because: 'signed' },
      }),
      opened: 0b100,
    })
    const { certificate: _, states, ...rest } = used
    const evidence = { ...rest, states: states?.filter(({ of }) => of === 'use') ?? [] }
    expect((await agreed(evidence, trust))[0]).to.equal('pass')
    for (const change of [
      { document: {} },
      { document: { digests: ['sha-256:6'], size: 1 } },
      { document: { digests: [`md5:${'6'.repeat(64)}`], size: 1 } },
      { document: { digests: [`sha-256:${'6'.repeat(64)}`], size: 0 } },
      { document: { digests: [`sha-256:${'6'.repeat(64)}`], size: 1, because: 'torn' } },
      { shown: 0 },
    ]) {
      const altered = { ...evidence, statement: { ...used.statement, ...change } }
      expect((await agreed(altered, trust))[0]).to.equal('fail')
    }
  })

  for (const uses of [0, 1])
    it(`passes answers to questions: ${uses === 0 ? 'unlimited' : 'counted'}`, async () => {
      const { used, trust } = await makeWorld({
        uses,
        holders: 2,
        questions: [IS, { kind: 'validOn', day: '2023-08-05' }],
        asked: { fields: ['location'] },
      })
      expect(used.statement.kind).to.equal('use.checked')
      const codes = await agreedOn(used, trust)
      expect(codes[0]).to.equal('pass')
      expect(codes).to.include.members([
        'content skipped CONTENT_NOT_APPLICABLE',
        'issuer pass ISSUER_ACCREDITED',
        'status pass STATUS_VALID',
        'use pass USE_AUTHORIZED',
      ])
    })

  it('wants what is asked of a certificate granted, also where no field is named', async () => {
    const questions: UseChecked['questions'] = [{ kind: 'validOn', day: '2023-08-05' }]
    const { used, trust } = await makeWorld({ questions, asked: { fields: ['location'] } })
    expect(await agreedOn(used, trust)).to.include('use fail USE_FIELDS_NOT_GRANTED')
  })

  it('passes an answer about a whole material', async () => {
    const subject = { kind: 'material', id: 'lease-2023', index: 1, type: 'LEASE' } as const
    const { used, trust } = await makeWorld({
      asked: { fields: [] },
      grant: () => ({ items: mask(0b111) }),
      use: { items: mask(0b100) },
      questions: [{ kind: 'validOn', day: '2023-08-05' }],
      signed: () => ({ subject }),
      receipt: () => ({ subject }),
      opened: 0b100,
    })
    const { certificate: _, states, ...rest } = used
    const evidence = { ...rest, states: states?.filter(({ of }) => of === 'use') ?? [] }
    expect((await agreed(evidence, trust))[0]).to.equal('pass')
    // It brings no certificate, and no state that nothing would read.
    for (const beside of [{ certificate: used.certificate }, { states: used.states }])
      expect(await agreed({ ...evidence, ...beside }, trust)).to.deep.equal([
        'fail',
        'evidence fail EVIDENCE_MALFORMED',
      ])
  })

  it('reads receipts, checks, refusals and certificates as the ledger does, and nothing else', async function () {
    this.timeout(120_000)
    const { used, issued } = await makeWorld({ receipt: () => ({ plain: ['location'] }) })
    const checked = await checkOf(QUESTIONS)
    for (const statement of [used.statement, checked, refusalOf(checked), issued.statement]) {
      expectSameReadings(nearly(statement))
      expectSameReadings(atLimits(statement))
    }
  })

  it('reads no check that copies, shows in clear or leaves an answer out', async () => {
    const checked = await checkOf(QUESTIONS)
    const changes = [
      { manner: 'copy' },
      { plain: [] },
      { expires: USED },
      { answers: [true] },
      { questions: [{ ...IS, value: 'x'.repeat(1001) }], answers: [true] },
      { questions: [{ kind: 'validOn', day: '2023-02-29' }], answers: [true] },
      { questions: [{ kind: 'validOn', day: '2023-08-05', field: 'usage' }], answers: [true] },
    ]
    const codes = expectSameReadings(changes.map((change) => ({ ...checked, ...change })))
    expect(codes).to.deep.equal(changes.map(() => 'STATEMENT_MALFORMED'))
    const questions = [{ ...IS, value: 'x'.repeat(1000) }]
    expect(expectSameReadings([{ ...checked, questions, answers: [true] }])).to.deep.equal([''])
  })

  it('passes over a refusal, of questions too', async () => {
    const { used, trust } = await makeWorld({ questions: [IS], asked: { fields: ['location'] } })
    const { certificate: _, states: __, ...rest } = used
    const statement = refusalOf(used.statement as UseChecked)
    expect(await agreed({ ...rest, statement }, trust)).to.include('use skipped USE_REFUSED')
  })

  it('passes a certificate, and answers for the past from its history', async () => {
    const statuses = [2, 1, 2, 1, 2, 1, 7].map((status, i) => ({ status, at: ISSUED + 10 * i }))
    const { issued, trust } = await makeWorld({ statuses })
    const seen = new Set<string>()
    for (let at = ISSUED - 5; at <= USED + 105; at += 5)
      for (const code of await agreedOn(issued, trust, { at })) seen.add(code)
    expect(seen).to.include.all.keys(
      'issuer pass ISSUER_ACCREDITED',
      'status pass STATUS_VALID',
      'status fail STATUS_BEFORE_ISSUE',
      'status fail STATUS_NOT_VALID',
      'status unknown STATUS_AFTER_PROOF',
    )
  })

  it('tells when a derived copy is past its time', async () => {
    const { used, trust } = await makeWorld()
    const now = USED + 5 * DAY
    expect(await agreedOn(used, trust, { now })).to.include('content fail DERIVED_COPY_EXPIRED')
    expect((await agreedOn(used, trust, { now, at: USED }))[0]).to.equal('pass')
  })

  it('takes no field in clear that no item grants in clear', async () => {
    const { used, trust } = await makeWorld({ receipt: () => ({ plain: ['location'] }) })
    expect(await agreedOn(used, trust)).to.include('use fail USE_PLAIN_NOT_GRANTED')
  })

  it('stays unknown where only trust is missing', async () => {
    const { used, issued, trust } = await makeWorld()
    const { registries: _, ...without } = trust
    for (const evidence of [used, issued])
      expect((await agreedOn(evidence, without))[0]).to.equal('unknown')
  })

  for (const [title, changes, expected] of [
    ...GRANT_ATTACKS,
    ...ASKED_ATTACKS,
    ...CHECK_ATTACKS,
    ...MOMENT_ATTACKS,
    ...SIGNATURE_ATTACKS,
    ...CERTIFICATE_ATTACKS,
  ])
    it(`does not pass: ${title}`, async () => {
      const { used, trust } = await makeWorld(changes)
      const codes = (await agreedOn(used, trust)).map((code) => code.split(' ').at(-1))
      expect(codes).to.include.members(Object.values(expected))
    })

  it('agrees on a receipt, a check and a certificate with any one leaf altered', async function () {
    this.timeout(120_000)
    const { used, issued, trust } = await makeWorld()
    const { used: checked } = await makeWorld({ questions: [IS], asked: { fields: ['location'] } })
    for (const evidence of [used, checked, issued])
      for (const [path, leaf] of leavesOf(evidence))
        await agreed(replaced(evidence, path, other(leaf)), trust)
  })
})
