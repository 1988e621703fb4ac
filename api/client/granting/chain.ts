import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { GrantClient } from '../grants.ts'

/**
 * The terms from the root down to a grant, which are those that its id stands for.
 *
 * @throws LedgerError notFound/GRANT_TERMS_UNKNOWN, invalid/ANSWER_UNEXPECTED
 */
export async function chainOf(
  grants: GrantClient,
  id: Hex,
  registries: Registries,
): Promise<Grant[]> {
  const { chain } = await grants.get(id)
  const last = chain?.at(-1)
  if (chain === undefined || last === undefined)
    throw new LedgerError('notFound', 'GRANT_TERMS_UNKNOWN', { grant: id })
  if (grantIdOf(last, registries) !== id) throw new LedgerError('invalid', 'ANSWER_UNEXPECTED')
  return chain
}
