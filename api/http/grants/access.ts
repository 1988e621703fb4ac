import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { actsAs, mayRead } from '../../../node/grants/access.ts'
import type { Reader } from '../../../node/grants/access.ts'
import type { Grants } from '../../../node/grants/grants.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { parameter, principalOf } from '../route.ts'
import type { Context } from '../route.ts'

export interface AccessParts {
  readonly grants: Grants
  readonly mirror: Pick<Mirror, 'assertFresh' | 'departments' | 'holders'>
}

/** @throws LedgerError forbidden/ACCOUNT_NEEDED; unavailable/MIRROR_STALE: an account may have been released since */
export function readerOf(ctx: Context, { mirror }: AccessParts): Reader {
  mirror.assertFresh()
  const principal = principalOf(ctx)
  if (principal.account === undefined) throw new LedgerError('forbidden', 'ACCOUNT_NEEDED')
  return {
    account: principal.account,
    isAuditor: principal.roles.has('auditor'),
    accountOf: (party) => mirror.departments.accountOf(party),
  }
}

/**
 * The grant of the path, if the caller may know of it, or see what it opens.
 *
 * @throws LedgerError notFound/GRANT_NOT_FOUND, forbidden/GRANT_NOT_YOURS
 */
export async function requireOwn(ctx: Context, parts: AccessParts, may = mayRead): Promise<Hex> {
  const id = grantOf(ctx)
  await requireOwnGrant(ctx, id, parts, may)
  return id
}

/** @throws LedgerError as `requireOwn` */
export async function requireOwnGrant(
  ctx: Context,
  id: Hex,
  parts: AccessParts,
  may = mayRead,
): Promise<void> {
  const reader = readerOf(ctx, parts)
  const line = await parts.grants.lineOf(id)
  const holder = line[0]?.holder
  if (holder === undefined || !may(reader, line, parts.mirror.holders.boundAccountsOf(holder)))
    throw new LedgerError('forbidden', 'GRANT_NOT_YOURS')
}

/** @throws LedgerError forbidden/GRANT_NOT_YOURS */
export function requireHolder(ctx: Context, holder: Hex, parts: AccessParts): void {
  if (!mayRead(readerOf(ctx, parts), [], parts.mirror.holders.boundAccountsOf(holder)))
    throw new LedgerError('forbidden', 'GRANT_NOT_YOURS')
}

/** @throws LedgerError forbidden/GRANT_NOT_YOURS */
export function requireGrantee(ctx: Context, grantee: Hex, parts: AccessParts): void {
  const reader = readerOf(ctx, parts)
  if (!reader.isAuditor && !actsAs(reader, grantee))
    throw new LedgerError('forbidden', 'GRANT_NOT_YOURS')
}

/** @throws LedgerError notFound/GRANT_NOT_FOUND */
export function grantOf(ctx: Context): Hex {
  const { data } = HexHash.safeParse(parameter(ctx, 'id'))
  if (data === undefined) throw new LedgerError('notFound', 'GRANT_NOT_FOUND')
  return data
}
