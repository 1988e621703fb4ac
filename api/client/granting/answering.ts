import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { readScope } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument, ScopeItem } from '../../../node/core/grants/scope.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { GrantRequest } from '../../http/requests/schema.ts'
import { randomWord } from '../signing/random.ts'
import type { Giving, Source } from './drafting.ts'
import type { Places } from './places.ts'

/** How much of what was asked a holder gives: all of it, but for what is said here. */
export interface Narrowing {
  /** Of the items that were asked for. */
  readonly items?: Places
  readonly purposes?: Places
  /** Of items that name any of these fields, these alone; others are given as asked, or left out by `items`. */
  readonly fields?: readonly string[]
  /** Seconds since 1970: the last moment. */
  readonly until?: number
  /** How often. */
  readonly uses?: number
}

/** What a holder says to a request: a grant, of all or of less; or no, and why. */
export type RequestAnswer = { readonly grant: 'all' | Narrowing } | { readonly decline: string }

/**
 * What to sign to answer a request: what was asked, or the part of it that the holder gives.
 *
 * @throws LedgerError invalid/GRANT_REQUEST_EXCEEDED {of: 'fields', fields}: those that no item asks for by name
 * @throws LedgerError invalid/GRANT_MASK_BEYOND_LIST, SCOPE_MALFORMED: there is no such place, or nothing remains
 */
export function answerTo(
  { grantee, holder, items, purposes, notAfter, depth, uses }: GrantRequest,
  narrowing: Narrowing,
  grantor: Hex,
): { readonly giving: Giving; readonly source: Source } {
  const { fields, until, uses: less } = narrowing
  const given = chosen('items', items, narrowing.items)
  const lists = {
    items: fields === undefined ? given : onlyFields(given, fields),
    purposes: chosen('purposes', purposes, narrowing.purposes),
  }
  return {
    // What the holder does not give does not stand on the lists at all.
    giving: {
      to: grantee,
      items: 'all',
      purposes: 'all',
      until: until ?? notAfter,
      depth,
      uses: less ?? uses,
    },
    source: { holder, grantor, document: documentOf(lists) },
  }
}

function chosen<T>(list: string, entries: readonly T[], places: Places = 'all'): T[] {
  if (places === 'all') return [...entries]
  return places.map((index) => {
    const entry = entries[index]
    if (entry === undefined)
      throw new LedgerError('invalid', 'GRANT_MASK_BEYOND_LIST', { list, index })
    return entry
  })
}

/**
 * @throws LedgerError conflict/GRANT_REQUEST_EXPIRED {expires}, GRANT_REQUEST_ENDED {case}, GRANT_REQUEST_ANSWERED
 *   {answer}
 */
export function requirePending({ case: code, state, expires, answer }: GrantRequest): void {
  if (state === 'ended') throw new LedgerError('conflict', 'GRANT_REQUEST_ENDED', { case: code })
  if (state === 'expired') throw new LedgerError('conflict', 'GRANT_REQUEST_EXPIRED', { expires })
  if (state !== 'pending')
    throw new LedgerError('conflict', 'GRANT_REQUEST_ANSWERED', { answer: answer?.id })
}

/** Its seed is forgotten: from these lists nobody will grant again. */
function documentOf(lists: Pick<ScopeDocument, 'items' | 'purposes'>): ScopeDocument {
  return readScope({ v: 1, seed: randomWord(), ...lists })
}

/** A plan asked for as a whole stays whole: a grant of fields that nobody asked of it would let nobody use it. */
function onlyFields(items: readonly ScopeItem[], names: readonly string[]): ScopeItem[] {
  const unknown = names.filter((name) => !items.some(({ fields }) => fields?.includes(name)))
  if (unknown.length > 0)
    throw new LedgerError('invalid', 'GRANT_REQUEST_EXCEEDED', { of: 'fields', fields: unknown })
  const kept = items.map((item) => {
    const fields = item.fields?.filter((name) => names.includes(name)) ?? []
    if (fields.length === 0) return item
    const { plain: asked = [], ...rest } = item
    const plain = asked.filter((name) => fields.includes(name))
    return { ...rest, fields, ...(plain.length > 0 && { plain }) }
  })
  // What differed in its fields alone may be the same now, and a list says nothing twice.
  return [...new Map(kept.map((item) => [canonicalize(item), item])).values()]
}
