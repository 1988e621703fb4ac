import { isHandler, mayReadCase } from '../../../node/cases/access.ts'
import type { Asker } from '../../../node/cases/access.ts'
import type { CaseRecord, Cases } from '../../../node/cases/cases.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { callerOf, callingDepartment, isHolder } from '../registered/access.ts'
import { parameter } from '../route.ts'
import type { Context } from '../route.ts'

export interface CaseAccessParts {
  readonly cases: Cases
  readonly mirror: Pick<Mirror, 'departments' | 'holders'>
}

export function askerOf(ctx: Context, { mirror }: CaseAccessParts): Asker {
  const { account, department } = callerOf(ctx)
  return { department, isOneOf: (holders) => isHolder(account, holders, mirror) }
}

/**
 * The case of the path, if the caller is a party to it, handles it or stands above who does.
 *
 * @throws LedgerError notFound/CASE_NOT_FOUND, forbidden/CASE_NOT_YOURS
 */
export async function getReadable(ctx: Context, parts: CaseAccessParts): Promise<CaseRecord> {
  const found = await parts.cases.get(parameter(ctx, 'code'))
  const above = (department: Hex) => parts.mirror.departments.find(department)?.accreditor
  if (!mayReadCase(found.statement, askerOf(ctx, parts), above))
    throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
  return found
}

/**
 * The department of the caller, which accepts or decides the case of the path.
 *
 * @throws LedgerError notFound/CASE_NOT_FOUND; forbidden/CASE_NOT_YOURS: whoever stands above may read, and no more
 */
export async function requireHandler(ctx: Context, parts: CaseAccessParts): Promise<Hex> {
  const department = callingDepartment(ctx)
  const { statement } = await parts.cases.get(parameter(ctx, 'code'))
  if (!isHandler(statement, department)) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
  return department
}
