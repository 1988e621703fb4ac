import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { Whose } from '../../../node/materials/materials.ts'
import { isAllowed, requireAction } from '../auth.ts'
import type { Principal } from '../auth.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callerOf } from '../registered/access.ts'
import { sendJson } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { shownTo, submitterNameOf } from './access.ts'
import type { Reading } from './access.ts'
import { list } from './listDocumentation.ts'
import { MaterialsQuery } from './schema.ts'
import type { MaterialPage } from './schema.ts'

/** Holders of one account that are looked at together. */
const MOST_HOLDERS = 16

export function listingRoute(reading: Reading): Route {
  const { materials, parties, types } = reading
  return {
    method: 'GET',
    path: '/v1/materials',
    action: 'readMaterial',
    documentation: list,
    async handle(ctx) {
      const query = parseBy(MaterialsQuery, { ...ctx.query }, 'QUERY_MALFORMED')
      const { type, state } = query
      const whose = await whoseOf(ctx, query, reading)
      const { items, next } = await materials.list(whose, {
        ...pageOf(query),
        types: type === undefined ? undefined : [type],
        state,
      })
      const principal = principalOf(ctx)
      const answer: MaterialPage = {
        materials: await Promise.all(
          items.map(async (item) => ({
            id: item.statement.id,
            erased: false,
            ...(whose.of === 'all' ? shownTo(principal, item, types) : item),
            ...(await submitterNameOf(item, parties)),
          })),
        ),
        ...cursorOf(next),
      }
      sendJson(ctx, 200, answer, { 'Cache-Control': 'private, no-cache' })
    },
  }
}

/**
 * @throws LedgerError forbidden/MATERIAL_NOT_YOURS, ACCOUNT_NEEDED, ROLE_MISSING, TOKEN_NEEDED
 * @throws LedgerError invalid/MATERIALS_HOLDER_NEEDED {most}
 */
async function whoseOf(
  ctx: Context,
  { of, holder }: Pick<MaterialsQuery, 'of' | 'holder'>,
  { parties }: Reading,
): Promise<Whose> {
  const principal = principalOf(ctx)
  const asked = of ?? (holder === undefined ? usualOf(principal) : 'held')
  if (asked === 'handedIn') return { of: 'submitter', submitter: principal.name }
  if (asked === 'every') {
    requireAction(principal, 'readEveryMaterial')
    return { of: 'all' }
  }
  const { account } = callerOf(ctx)
  if (holder !== undefined) return ofHolder(account, holder, parties)
  const holders = await parties.holdersOf(account, MOST_HOLDERS)
  if (holders === undefined)
    throw new LedgerError('invalid', 'MATERIALS_HOLDER_NEEDED', { most: MOST_HOLDERS })
  return { of: 'holders', holders }
}

async function ofHolder(account: Hex, id: Hex, parties: Reading['parties']): Promise<Whose> {
  const holder = await parties.holderOf(account, id)
  if (holder === undefined) throw new LedgerError('forbidden', 'MATERIAL_NOT_YOURS')
  return { of: 'holders', holders: [holder] }
}

/** What each comes for: an account may be that of a department and of a holder, and acts as the first unless it says. */
function usualOf(principal: Principal): 'held' | 'handedIn' | 'every' {
  if (isAllowed(principal, 'readEveryMaterial')) return 'every'
  return principal.account === undefined || principal.department !== undefined ? 'handedIn' : 'held'
}
