import { randomBytes } from 'node:crypto'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { readScope } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument, ScopeItem } from '../../../node/core/grants/scope.ts'
import type { GrantRequest } from '../../http/requests/schema.ts'
import { misuse } from '../context.ts'
import type { Giving, Source } from './drafting.ts'
import type { Places } from './masks.ts'

/** How much of what was asked a holder gives. */
export interface Narrowing {
  readonly items: Places
  readonly purposes: Places
  /** Of these fields alone. */
  readonly fields?: readonly string[]
  readonly until?: number
  readonly uses?: number
}

/** What to sign to answer a request: what was asked, or the part of it that the holder gives. */
export function answerTo(
  { grantee, holder, items, purposes, notAfter, depth, uses }: GrantRequest,
  narrowing: Narrowing,
  grantor: Hex,
): { readonly giving: Giving; readonly source: Source } {
  const { fields, until, uses: less } = narrowing
  const lists = { items: fields === undefined ? items : onlyFields(items, fields), purposes }
  return {
    giving: {
      to: grantee,
      items: narrowing.items,
      purposes: narrowing.purposes,
      until: until ?? notAfter,
      depth,
      uses: less ?? uses,
    },
    source: { holder, grantor, document: documentOf(lists) },
  }
}

/** Its seed is forgotten: from these lists nobody will grant again. */
function documentOf(lists: Pick<ScopeDocument, 'items' | 'purposes'>): ScopeDocument {
  return readScope({ v: 1, seed: randomBytes(32).toString('hex'), ...lists })
}

/** Items of which nothing remains go. */
function onlyFields(items: readonly ScopeItem[], names: readonly string[]): ScopeItem[] {
  const kept = items.flatMap((item) => {
    const fields = item.fields?.filter((name) => names.includes(name)) ?? [...names]
    return fields.length === 0 ? [] : [{ ...item, fields }]
  })
  return kept.length === 0 ? misuse('None of these fields was asked for.') : kept
}
