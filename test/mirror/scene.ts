import type { Head, Hex } from '../../node/chain/chain.ts'
import { RegistryMirror } from '../../node/mirror/openMirror.ts'
import type { MirrorParts } from '../../node/mirror/openMirror.ts'
import type { Clock, MirrorPolicy } from '../../node/mirror/policy.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { familyRange } from '../../node/store/layout.ts'
import { addressOf, hashOf } from '../support/registryChain.ts'
import type { EventBody } from '../support/registryChain.ts'

export const AUTHORITY = addressOf('authority')
export const CITY = addressOf('city')
export const DISTRICT = addressOf('district')
export const HOLDER = hashOf('holder')
export const LICENCE = hashOf('licence')
export const OPEN_END = 2 ** 40 - 1
export const ALL_RIGHTS = (1 << 6) - 1
export const NOBODY: Hex = `0x${'0'.repeat(40)}`
export const NO_PARENT: Hex = `0x${'0'.repeat(64)}`

export const POLICY: MirrorPolicy = {
  interval: 1_000,
  ageLimit: 60,
  grace: 0,
  backoff: { first: 100, max: 1_000 },
}

/** Stands still unless the test moves it; a sleep ends only when it is woken. */
export class TestClock implements Clock {
  milliseconds = 1_800_000_000_000

  now(): number {
    return this.milliseconds
  }

  sleep(_: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
}

export function open(
  parts: Pick<MirrorParts, 'chain' | 'store'> & Partial<MirrorParts>,
): Promise<RegistryMirror> {
  return RegistryMirror.open({
    from: 0,
    policy: POLICY,
    clock: new TestClock(),
    random: () => 0.5,
    ...parts,
  })
}

/** Looks until the mirror is at the chain's head; answers that. */
export async function follow(mirror: RegistryMirror, looks = 200): Promise<Head> {
  for (let i = 0; i < looks; i++) {
    await mirror.look()
    const { state, error, block } = mirror.status()
    if (state === 'following' && error === undefined && block !== undefined) return block
  }
  throw new Error(`not at the head after ${looks} looks: ${JSON.stringify(mirror.status())}`)
}

/** All that the mirror keeps, as text. */
export async function recordsIn(store: KeyValueStore): Promise<Record<string, string>> {
  const records: Record<string, string> = {}
  for await (const [key, value] of store.scan(familyRange('mirror')))
    records[key] = Buffer.from(value).toString()
  return records
}

export const accredited = (
  department: Hex,
  accreditor: Hex,
  terms: { rights?: number; notBefore?: number; notAfter?: number } = {},
): EventBody => ({
  type: 'DepartmentAccredited',
  department,
  accreditor,
  rights: ALL_RIGHTS,
  notBefore: 0,
  notAfter: OPEN_END,
  ...terms,
})
export const authorized = (): EventBody => accredited(AUTHORITY, NOBODY)
export const permitted = (department: Hex, permitted = true): EventBody => ({
  type: 'CertificateTypePermitted',
  department,
  certificateType: LICENCE,
  permitted,
})
export const stood = (department: Hex, standing: number): EventBody => ({
  type: 'StandingChanged',
  department,
  standing,
})
export const rekeyed = (department: Hex, account: Hex): EventBody => ({
  type: 'DepartmentRekeyed',
  department,
  account,
})
export const bound = (account: Hex, holder = HOLDER): EventBody => ({
  type: 'AccountBound',
  holder,
  account,
  registrar: CITY,
})
export const released = (account: Hex, endGrants = false, holder = HOLDER): EventBody => ({
  type: 'AccountReleased',
  holder,
  account,
  registrar: CITY,
  endGrants,
})
export const statusChanged = (certificate: Hex, status: number): EventBody => ({
  type: 'StatusChanged',
  issuer: CITY,
  certificate,
  status,
})
export const registered = (grant: Hex, parent: Hex = NO_PARENT, holder = HOLDER): EventBody => ({
  type: 'GrantRegistered',
  grant,
  holder,
  parent,
  grantor: addressOf('grantor'),
  grantee: addressOf('grantee'),
})
export const revoked = (grant: Hex): EventBody => ({
  type: 'GrantRevoked',
  grant,
  holder: HOLDER,
  revoker: addressOf('grantor'),
})
export const bumped = (account: Hex, epoch: number): EventBody => ({
  type: 'EpochBumped',
  account,
  epoch,
})
export const used = (
  grant: Hex,
  useId: Hex,
  { sequence = 0, counted = 1 }: { sequence?: number; counted?: number } = {},
): EventBody => ({
  type: 'GrantUsed',
  grant,
  holder: HOLDER,
  user: CITY,
  useId,
  sequence,
  counted,
})
