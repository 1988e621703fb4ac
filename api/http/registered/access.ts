import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { AccountPrincipal } from '../auth.ts'
import { principalOf } from '../route.ts'
import type { Context } from '../route.ts'

/** @throws LedgerError forbidden/ACCOUNT_NEEDED */
export function callerOf(ctx: Context): AccountPrincipal {
  const principal = principalOf(ctx)
  if (principal.account === undefined) throw new LedgerError('forbidden', 'ACCOUNT_NEEDED')
  return principal
}

/**
 * The department that the caller acts for.
 *
 * @throws LedgerError forbidden/DEPARTMENT_NEEDED
 */
export function callingDepartment(ctx: Context): Hex {
  const { department } = callerOf(ctx)
  if (department === undefined) throw new LedgerError('forbidden', 'DEPARTMENT_NEEDED')
  return department
}

/** Whether the account is bound to one of these holders now. */
export function isHolder(
  account: Hex,
  holders: readonly Hex[],
  { holders: bound }: Pick<Mirror, 'holders'>,
): boolean {
  return holders.some((holder) => bound.boundAccountsOf(holder).includes(account))
}
