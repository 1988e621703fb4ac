import { LedgerError } from '../../../node/core/errors.ts'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { callerOf, isHolder } from '../registered/access.ts'
import { parameter } from '../route.ts'
import type { Context } from '../route.ts'

/** @throws LedgerError notFound/HOLDER_NOT_FOUND */
export function holderIn(ctx: Context): Hex {
  const { data } = HexHash.safeParse(parameter(ctx, 'id'))
  if (data === undefined) throw new LedgerError('notFound', 'HOLDER_NOT_FOUND')
  return data
}

/**
 * The department that asks about a holder; undefined for the holder itself, by one of its accounts. Nobody else is
 * told.
 *
 * @throws LedgerError forbidden/HOLDER_NOT_YOURS
 */
export function departmentAsking(
  ctx: Context,
  holder: Hex,
  mirror: Pick<Mirror, 'holders'>,
): Hex | undefined {
  const { account, department, roles } = callerOf(ctx)
  if (isHolder(account, [holder], mirror)) return undefined
  if (department === undefined || roles.size === 0)
    throw new LedgerError('forbidden', 'HOLDER_NOT_YOURS')
  return department
}
