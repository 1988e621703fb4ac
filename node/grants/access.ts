import type { Hex } from '../core/ethereum/hex.ts'
import type { GrantLine } from './grants.ts'

/** Who asks, as the chain has it at this moment. */
export interface Reader {
  readonly account: Hex
  readonly isAuditor: boolean
  /** The account that a party acts by: its own address, unless it is a department that changed its account. */
  accountOf(party: Hex): Hex
}

/**
 * Whether somebody may know of a grant: its holder, whoever passed it on or received it, and auditors.
 *
 * The root's grantor acted for the holder, and knows as much as other accounts of the holder do: an account that was
 * released, because its key was lost or somebody else represents the holder, learns no more of what goes on.
 *
 * @param line from the root down to the grant
 * @param holderAccounts bound to the holder now
 */
export function mayRead(reader: Reader, line: GrantLine, holderAccounts: readonly Hex[]): boolean {
  if (reader.isAuditor || holderAccounts.includes(reader.account)) return true
  // Each grantor but the first is the grantee of the grant above.
  return line.some(({ grantee }) => actsAs(reader, grantee))
}

/** Whether somebody may see what a grant opens of the holder's lists: the two between whom it was made. */
export function mayReadView(
  reader: Reader,
  line: GrantLine,
  holderAccounts: readonly Hex[],
): boolean {
  const last = line.at(-1)
  if (last === undefined) return false
  const { grantor, grantee } = last
  const isGrantor =
    line.length === 1 ? holderAccounts.includes(reader.account) : actsAs(reader, grantor)
  return isGrantor || actsAs(reader, grantee)
}

/** The key of a department's earlier account may be in other hands. */
export function actsAs(reader: Reader, party: Hex): boolean {
  return reader.accountOf(party) === reader.account
}
