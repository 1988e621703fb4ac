import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { mayReadCase } from '../../../node/cases/access.ts'
import { partyOf } from '../../../node/core/undertakings/compose.ts'
import type { Undertaken } from '../../../node/core/undertakings/compose.ts'
import type { UndertakingRecord, Undertakings } from '../../../node/undertakings/undertakings.ts'
import { askerOf } from '../cases/access.ts'
import type { CaseAccessParts } from '../cases/access.ts'
import { callerOf } from '../registered/access.ts'
import { parameter } from '../route.ts'
import type { Context } from '../route.ts'
import type { z } from 'zod'
import type { UndertakingDraft } from './schema.ts'

export interface UndertakingAccessParts extends CaseAccessParts {
  readonly undertakings: Undertakings
}

/**
 * The undertaking of the path, if the caller is its holder, gave it, or may read its case.
 *
 * @throws LedgerError notFound/UNDERTAKING_NOT_FOUND, forbidden/UNDERTAKING_NOT_YOURS
 */
export async function getConcerned(
  ctx: Context,
  parts: UndertakingAccessParts,
): Promise<UndertakingRecord> {
  const record = await parts.undertakings.get(parameter(ctx, 'id'))
  const { holder, by, caseCode } = record.statement.undertaking
  const asker = askerOf(ctx, parts)
  if (asker.isOneOf([holder, by]) || (await mayRead(ctx, caseCode, parts))) return record
  throw notYours()
}

/** @throws LedgerError notFound/CASE_NOT_FOUND */
export async function mayRead(
  ctx: Context,
  code: string,
  parts: UndertakingAccessParts,
): Promise<boolean> {
  const { statement } = await parts.cases.get(code)
  const above = (department: Hex) => parts.mirror.departments.find(department)?.accreditor
  return mayReadCase(statement, askerOf(ctx, parts), above)
}

/**
 * Whom the caller speaks for in a case: the holder of the material itself, or the applicant as whose agent it acts.
 *
 * @throws LedgerError notFound/CASE_NOT_FOUND, forbidden/UNDERTAKING_NOT_YOURS
 */
export async function undertakenBy(
  ctx: Context,
  { case: code, material, role, holder: named }: z.output<typeof UndertakingDraft>,
  parts: UndertakingAccessParts,
): Promise<Undertaken> {
  const { statement: opened } = await parts.cases.get(code)
  const asker = askerOf(ctx, parts)
  const { account } = callerOf(ctx)
  const holders = named === undefined ? partyOf(opened, role) : [named]
  const own = holders.find((holder) => asker.isOneOf([holder]))
  if (own !== undefined) return { holder: own, by: own, account, material, role }
  const agent = (opened.agents ?? []).find((one) => asker.isOneOf([one]))
  const [holder] = holders
  if (agent === undefined || holder === undefined) throw notYours()
  return { holder, by: agent, account, material, role }
}

export function notYours(): LedgerError {
  return new LedgerError('forbidden', 'UNDERTAKING_NOT_YOURS')
}
