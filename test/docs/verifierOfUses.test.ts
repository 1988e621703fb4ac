import { expect } from 'chai'
import { formatEvidence } from '../../node/core/evidence.ts'
import type { Evidence } from '../../node/core/evidence.ts'
import type { Trust, TrustDocument } from '../../node/core/trust.ts'
import { leavesOf, other, replaced } from '../core/evidence/leaves.ts'
import { LOG_SIGNER } from '../core/evidence/sample.ts'
import { ASKED_ATTACKS } from '../core/verify/attacks/asked.ts'
import { CERTIFICATE_ATTACKS } from '../core/verify/attacks/certificates.ts'
import { GRANT_ATTACKS } from '../core/verify/attacks/grants.ts'
import { MOMENT_ATTACKS } from '../core/verify/attacks/moment.ts'
import { SIGNATURE_ATTACKS } from '../core/verify/attacks/signatures.ts'
import { DAY, ISSUED, makeWorld, mask, USED } from '../core/verify/world.ts'
import { bothVerdicts } from './stranger.ts'
import type { Times } from './stranger.ts'

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
      }),
      opened: 0b100,
    })
    const { certificate: _, states, ...rest } = used
    const evidence = { ...rest, states: states?.filter(({ of }) => of === 'use') ?? [] }
    expect((await agreed(evidence, trust))[0]).to.equal('pass')
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
    ...MOMENT_ATTACKS,
    ...SIGNATURE_ATTACKS,
    ...CERTIFICATE_ATTACKS,
  ])
    it(`does not pass: ${title}`, async () => {
      const { used, trust } = await makeWorld(changes)
      const codes = (await agreedOn(used, trust)).map((code) => code.split(' ').at(-1))
      expect(codes).to.include.members(Object.values(expected))
    })

  it('agrees on a receipt and a certificate with any one leaf altered', async function () {
    this.timeout(120_000)
    const { used, issued, trust } = await makeWorld()
    for (const evidence of [used, issued])
      for (const [path, leaf] of leavesOf(evidence))
        await agreed(replaced(evidence, path, other(leaf)), trust)
  })
})
