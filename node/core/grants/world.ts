import type { Hex } from '../ethereum/hex.ts'
import type { Role } from '../parties/roles.ts'

/**
 * What the chain says, as far as rules about grants ask. A mirror of the chain answers it, and so do slots that a
 * block header proves: the rules are the same.
 *
 * A world that cannot answer throws LedgerError unverified/STATE_NOT_PROVEN or unavailable/MIRROR_STALE; it never
 * guesses.
 */
export interface GrantWorld {
  /** Seconds since 1970, at which the rules are applied. */
  readonly time: number
  epochOf(account: Hex): number
  /** All zero for a grant that the chain does not know. */
  stateOf(grant: Hex): GrantState
  /** All zero for an account that was never bound. */
  bindingOf(holder: Hex, account: Hex): Binding
  /** The account that a department acts by, while it has the role; undefined otherwise. */
  accountAs(department: Hex, role: Role): Hex | undefined
  /** The address itself unless it is a department that changed its account. */
  accountOf(department: Hex): Hex
}

/** Times in seconds since 1970, 0 for never. */
export interface GrantState {
  readonly registeredAt: number
  readonly revokedAt: number
  readonly used: number
  /** First half of the latest use's EIP-712 digest: 0x and 32 hex digits. */
  readonly lastUse: Hex
}

/** Seconds since 1970; `until` 0 while bound; grants registered up to `grantsEndedAt` count no longer. */
export interface Binding {
  readonly from: number
  readonly until: number
  readonly grantsEndedAt: number
}
