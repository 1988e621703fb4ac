import type { Hex } from '../ethereum/hex.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import type { RequestState } from '../requests/state.ts'
import { isWithinScope } from './granted.ts'
import type { NeededUse } from './granted.ts'

/** A request for a grant, made for the case, as far as it was answered. */
export interface PastRequest {
  /** Statement id. */
  readonly id: string
  readonly state: RequestState
  /** By which it was approved. */
  readonly grant?: Hex
  readonly holder: Hex
  readonly items: readonly ScopeItem[]
  readonly purposes: readonly ScopePurpose[]
  /** Seconds since 1970: by when to answer. */
  readonly expires: number
  /** Seconds since 1970: the grant would end then. */
  readonly notAfter: number
}

/**
 * The newest request that asked for what is needed, however it was answered; one that waits goes before it.
 *
 * @param requests newest first
 * @param ids of one holder
 * @param time seconds since 1970
 */
export function findRequest(
  requests: readonly PastRequest[],
  ids: readonly Hex[],
  needed: NeededUse,
  time: number,
): PastRequest | undefined {
  const asked = requests.filter(
    ({ holder, items, purposes, notAfter }) =>
      ids.includes(holder) && notAfter > time && isWithinScope({ items, purposes }, needed),
  )
  return asked.find(({ state }) => state === 'pending') ?? asked[0]
}
