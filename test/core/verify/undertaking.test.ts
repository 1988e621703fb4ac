import { expect } from 'chai'
import { Wallet } from 'ethers'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { undertakingIdOf } from '../../../node/core/statements/undertaking.ts'
import type { UndertakingGiven } from '../../../node/core/statements/undertaking.ts'
import type { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import type { ProvenState } from '../../../node/core/verify/provenState.ts'
import { checkUndertaking } from '../../../node/core/verify/undertaking.ts'
import { REGISTRIES } from '../acts/support.ts'

const verifier = (await import(
  new URL('../../docs/verifier/undertaking.js', import.meta.url).href
)) as { checkUndertaking(evidence: object, state: object, trust: object): string }

const AT = '2026-01-02T03:04:05.678Z'
const SECONDS = Math.floor(Date.parse(AT) / 1000)
const HOUR = 3600
const ORIGIN = 'ledger.example.org'
const wallet = new Wallet(`0x${'91'.repeat(32)}`)
const word = (byte: string): Hex => `0x${byte.repeat(32)}`

const undertaking: Undertaking = {
  holder: word('c1'),
  by: word('c2'),
  account: wallet.address.toLowerCase() as Hex,
  caseCode: '001900000100001',
  matter: 'PREMISES',
  version: 1,
  material: 'PLEDGE',
  role: 'APPLICANT',
  text: '现承诺：已具备该材料。',
  due: '',
  audience: audienceOf(ORIGIN),
}
const sign = (message: Undertaking) =>
  wallet.signingKey.sign(hashAct({ type: 'Undertaking', message }, REGISTRIES)).serialized as Hex
const given: UndertakingGiven = {
  v: 1,
  id: undertakingIdOf(undertaking),
  kind: 'undertaking.given',
  registries: REGISTRIES,
  undertaking,
  signature: sign(undertaking),
  acceptedBy: `0x${'b1'.repeat(20)}`,
}

interface Proven {
  readonly from?: number
  readonly until?: number
  /** Of the block. */
  readonly time?: number
  /** Up to when its state held. */
  readonly held?: number
}

/** The codes of both verifiers, which are one. */
function codeFor(statement: UndertakingGiven, proven: Proven = {}): string {
  const { from = SECONDS - 9 * HOUR, until = 0, time = SECONDS, held = time } = proven
  const binding = { from, until, grantsEndedAt: 0 }
  const bindingOf = (holder: Hex, account: Hex) =>
    holder === undertaking.by && account === undertaking.account ? binding : { from: 0, until: 0 }
  const state = { world: { time, bindingOf }, until: held } as unknown as ProvenState
  const ours = checkUndertaking(
    statement,
    { proven: state, registries: REGISTRIES },
    { origin: ORIGIN, loggedAt: SECONDS },
  )
  const isNear = (at: number) => time - HOUR <= at && at <= held + HOUR
  const trust = { registries: REGISTRIES, log: { origin: ORIGIN } }
  let theirs: string
  try {
    theirs = verifier.checkUndertaking(
      { statement, entry: { at: AT } },
      { isNear, bindingOf },
      trust,
    )
  } catch (refusal) {
    theirs = (refusal as Error).message
  }
  expect(theirs).to.equal(ours.code)
  return ours.code
}

const signedAnew = (change: Partial<Undertaking>): UndertakingGiven => {
  const changed = { ...undertaking, ...change }
  return { ...given, id: undertakingIdOf(changed), undertaking: changed, signature: sign(changed) }
}

describe('who gave an undertaking', () => {
  it('is the account that signed it, which spoke for whoever it names', () => {
    expect(codeFor(given)).to.equal('UNDERTAKING_SIGNED')
    expect(codeFor(given, { time: SECONDS - 5 * HOUR, held: SECONDS - HOUR })).to.equal(
      'UNDERTAKING_SIGNED',
    )
  })

  it('is not known by a state of another time', () => {
    for (const time of [SECONDS - HOUR - 1, SECONDS + HOUR + 1])
      expect(codeFor(given, { time })).to.equal('UNDERTAKING_PROVEN_AT_OTHER_TIME')
  })

  it('is nobody where the account was never bound, was released, or speaks for another', () => {
    expect(codeFor(given, { from: 0 })).to.equal('UNDERTAKING_ACCOUNT_NOT_BOUND')
    expect(codeFor(given, { until: SECONDS })).to.equal('UNDERTAKING_ACCOUNT_NOT_BOUND')
    expect(codeFor(signedAnew({ by: word('c3') }))).to.equal('UNDERTAKING_ACCOUNT_NOT_BOUND')
  })

  it('is not known where the key did not sign, for a contract may have', () => {
    const others: Partial<UndertakingGiven>[] = [
      { signature: `0x${'11'.repeat(65)}` },
      { signature: '0x11' },
      { undertaking: { ...undertaking, text: '不作承诺。' } },
      { undertaking: { ...undertaking, due: '2026-02-01' } },
      { undertaking: { ...undertaking, version: 2 } },
    ]
    for (const other of others)
      expect(codeFor({ ...given, ...other }), JSON.stringify(other)).to.equal(
        'UNDERTAKING_SIGNATURE_UNKNOWN',
      )
  })

  it('is no matter where it is named otherwise, or for other registries or another ledger', () => {
    expect(codeFor({ ...given, id: undertakingIdOf({ ...undertaking, role: 'AGENT' }) })).to.equal(
      'UNDERTAKING_ID_MISMATCH',
    )
    const registries = { ...REGISTRIES, chainId: 1 }
    expect(codeFor({ ...given, registries })).to.equal('UNDERTAKING_REGISTRIES_UNTRUSTED')
    expect(codeFor(signedAnew({ audience: audienceOf('other.example.org') }))).to.equal(
      'UNDERTAKING_AUDIENCE_OTHER',
    )
  })
})
