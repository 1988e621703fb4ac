import type { BenefitRecord, Benefits } from '../../../node/benefits/benefits.ts'
import type { Catalogue } from '../../../node/catalogue/catalogue.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import { callerOf, isHolder } from '../registered/access.ts'
import { parameter } from '../route.ts'
import type { Context } from '../route.ts'

export interface BenefitAccessParts {
  readonly benefits: Benefits
  readonly catalogue: Pick<Catalogue, 'getVersion'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>
  readonly mirror: Pick<Mirror, 'holders'>
}

/**
 * The record of the path, if it is about the caller, or about a benefit of the caller's department.
 *
 * @throws LedgerError notFound/BENEFIT_RECORD_NOT_FOUND, forbidden/BENEFIT_RECORD_NOT_YOURS
 */
export async function getOwn(ctx: Context, parts: BenefitAccessParts): Promise<BenefitRecord> {
  const found = await parts.benefits.get(parameter(ctx, 'id'))
  const { account, department } = callerOf(ctx)
  const { benefit, subject } = found.statement
  const { owner } = parts.catalogue.getVersion('benefit', benefit.code, benefit.version).entry
  if (owner === department) return found
  const ids = (await parts.directory.holdersWithCode(subject)).map(({ holder }) => holder)
  if (!isHolder(account, ids, parts.mirror))
    throw new LedgerError('forbidden', 'BENEFIT_RECORD_NOT_YOURS')
  return found
}
