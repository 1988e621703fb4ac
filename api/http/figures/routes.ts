import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { LedgerFigures } from '../../../node/figures/ledgerFigures.ts'
import { isAllowed } from '../auth.ts'
import { CSV_TYPE, wantsCsv } from '../csv.ts'
import { callingDepartment } from '../registered/access.ts'
import { send, sendJson } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import * as documentation from './documentation.ts'
import { FiguresQuery } from './schema.ts'
import { formatTable } from './table.ts'

export type Figures = Pick<LedgerFigures, 'currentMonth' | 'ofMonth'>

const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function figureRoutes(figures: Figures): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/figures',
      action: 'readFigures',
      documentation: documentation.get,
      async handle(ctx) {
        const query = parseBy(FiguresQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { month = figures.currentMonth(), format } = query
        const only = departmentIn(ctx, query.department)
        const asTable = wantsCsv(ctx, format)
        const counted = await count(ctx, (gone) => figures.ofMonth(month, gone))
        if (counted === undefined) return
        const departments = counted.departments.filter(
          ({ department }) => only === undefined || department === only,
        )
        const answer = { ...counted, departments }
        if (asTable) send(ctx, 200, CSV_TYPE, formatTable(answer), PRIVATE)
        else sendJson(ctx, 200, answer, PRIVATE)
      },
    },
  ]
}

/**
 * The department to tell of; undefined: all of them.
 *
 * @throws LedgerError forbidden/FIGURES_NOT_YOURS, DEPARTMENT_NEEDED
 */
function departmentIn(ctx: Context, asked: Hex | undefined): Hex | undefined {
  if (isAllowed(principalOf(ctx), 'readEveryFigure')) return asked
  const own = callingDepartment(ctx)
  if (asked !== undefined && asked !== own) throw new LedgerError('forbidden', 'FIGURES_NOT_YOURS')
  return own
}

/** Undefined where the client is gone: a month is too much work to go on for nobody. */
async function count<T>(
  ctx: Context,
  work: (gone: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  // A month of a large ledger takes longer than silence usually may.
  ctx.req.setTimeout(0)
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  try {
    return await work(gone.signal)
  } catch (error) {
    if (!gone.signal.aborted) throw error
    ctx.respond = false
    return undefined
  }
}
