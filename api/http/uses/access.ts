import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { PageRequest } from '../../../node/store/pages.ts'
import { pageOf } from '../pages.ts'
import { callerOf, isHolder } from '../registered/access.ts'
import { parameter } from '../route.ts'
import type { Context } from '../route.ts'
import { UseQuery } from './schema.ts'

/** Answers to signed uses: copies that were released, refusals, data checks. */
interface Answers<Answer, AnswerPage> {
  get(id: string): Promise<Answer>
  ofHolder(holder: Hex, page: PageRequest): Promise<AnswerPage>
  ofUser(user: Hex, page: PageRequest): Promise<AnswerPage>
}

interface Answer {
  readonly statement: { readonly user: Hex; readonly holders: readonly Hex[] }
}

type Holders = Pick<Mirror, 'holders'>

/**
 * Those of what the caller holds, or that its department asked for.
 *
 * @throws LedgerError invalid/QUERY_MALFORMED, forbidden/USE_NOT_YOURS
 */
export function findOwnPage<One extends Answer, AnswerPage>(
  ctx: Context,
  answers: Answers<One, AnswerPage>,
  mirror: Holders,
): Promise<AnswerPage> {
  const query = parseBy(UseQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { holder, user } = query
  const { account, department } = callerOf(ctx)
  const page = pageOf(query)
  if (user !== undefined) {
    if (user !== department) throw new LedgerError('forbidden', 'USE_NOT_YOURS')
    return answers.ofUser(user, page)
  }
  if (holder === undefined || !isHolder(account, [holder], mirror))
    throw new LedgerError('forbidden', 'USE_NOT_YOURS')
  return answers.ofHolder(holder, page)
}

/**
 * One of what the caller holds, or that its department asked for.
 *
 * @throws LedgerError notFound/USE_NOT_FOUND, forbidden/USE_NOT_YOURS
 */
export async function getOwn<One extends Answer, AnswerPage>(
  ctx: Context,
  answers: Answers<One, AnswerPage>,
  mirror: Holders,
): Promise<One> {
  const found = await answers.get(parameter(ctx, 'id'))
  const { account, department } = callerOf(ctx)
  const { user, holders } = found.statement
  if (user !== department && !isHolder(account, holders, mirror))
    throw new LedgerError('forbidden', 'USE_NOT_YOURS')
  return found
}
