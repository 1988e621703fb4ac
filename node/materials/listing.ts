import type { Day } from '../core/catalogue/day.ts'
import { dayOf } from '../core/catalogue/day.ts'
import { parseEntry } from '../core/entry.ts'
import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import { typeTerm, unlistedTerm } from '../core/terms/materials.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Page } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { ListedMaterial, MaterialQuery, Whose } from './materials.ts'
import type { MaterialReader } from './reader.ts'
import type { Standings } from './standing.ts'
import type { SubmitterBlocks } from './submitterBlocks.ts'

/** Which types departments published. */
export interface PublishedTypes {
  /** All that are in force on a day. */
  list(kind: 'materialType', day: Day): readonly { readonly entry: { readonly code: string } }[]
}

export interface ListingParts {
  readonly ledger: Pick<Ledger, 'getEntry' | 'size'>
  readonly terms: TermIndex
  readonly reader: MaterialReader
  readonly standings: Standings
  readonly blocks: SubmitterBlocks
  readonly types: PublishedTypes | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Entries that are opened at once. */
const AT_ONCE = 32
/** Entries that are looked at for one page at most. */
const MOST_LOOKED_AT = 1024

/** Lists materials by keys that are there for other ends, or are few: none is written for each material. */
export class MaterialListing {
  readonly #parts: ListingParts

  constructor(parts: ListingParts) {
    this.#parts = parts
  }

  async list(whose: Whose, query: MaterialQuery): Promise<Page<ListedMaterial>> {
    const items: ListedMaterial[] = []
    let lookedAt = 0
    let last: number | undefined
    for await (const indexes of this.#candidates(whose, query)) {
      const found = await this.#read(indexes, whose, query)
      for (const index of indexes) {
        if (last !== undefined && (items.length === query.limit || lookedAt === MOST_LOOKED_AT))
          return { items, next: last }
        const item = found.get(index)
        if (item !== undefined) items.push(item)
        lookedAt += 1
        last = index
      }
    }
    return { items }
  }

  /** Indexes, newest first, some at once. */
  #candidates(whose: Whose, { types, before }: MaterialQuery): AsyncIterable<readonly number[]> {
    const { ledger, blocks } = this.#parts
    const { size } = ledger
    if (whose.of === 'holders') return this.#ofHolders(whose.holders, types, before)
    const to = Math.min(before ?? size, size)
    return whose.of === 'submitter'
      ? cut(blocks.stretches(whose.submitter, to, size))
      : cut([{ from: 0, to }])
  }

  /** Of each type that there is: so many terms as types are asked, and the newest of all counts. */
  async *#ofHolders(
    holders: readonly Holder[],
    types: readonly string[] | undefined,
    start: number | undefined,
  ): AsyncGenerator<readonly number[], void> {
    const { terms } = this.#parts
    const asked = holders.flatMap((holder) =>
      types === undefined
        ? [unlistedTerm(holder), ...this.#codes().map((code) => typeTerm(holder, code))]
        : types.map((code) => typeTerm(holder, code)),
    )
    let before = start
    for (;;) {
      const page = { limit: AT_ONCE, ...(before !== undefined && { before }) }
      const found = await Promise.all(asked.map((term) => terms.find(term, page)))
      // What came before its type was published is found twice.
      const newest = [...new Set(found.flat())].toSorted((a, b) => b - a).slice(0, AT_ONCE)
      if (newest.length > 0) yield newest
      if (newest.length < AT_ONCE) return
      before = newest.at(-1)
    }
  }

  #codes(): string[] {
    const { types, now } = this.#parts
    return (types?.list('materialType', dayOf(now())) ?? []).map(({ entry }) => entry.code)
  }

  /** Those that were asked for, by their indexes. */
  async #read(
    indexes: readonly number[],
    whose: Whose,
    { types, state }: MaterialQuery,
  ): Promise<Map<number, ListedMaterial>> {
    const opened = await Promise.all(indexes.map((index) => this.#open(index)))
    const own = opened
      .filter((one) => one !== undefined)
      .filter(
        ({ statement }) =>
          isOf(statement, whose) && (types === undefined || types.includes(statement.type)),
      )
    const standings = await this.#parts.standings.ofAll(own)
    const listed = own.flatMap((one, i) => {
      const standing = standings[i]
      return standing === undefined || (state !== undefined && standing.state !== state)
        ? []
        : [[one.index, { ...one, standing }] as const]
    })
    return new Map(listed)
  }

  /** Undefined for what is no material, and for one that was erased. */
  async #open(index: number): Promise<Omit<ListedMaterial, 'standing'> | undefined> {
    const { ledger, reader } = this.#parts
    const { at, kind } = parseEntry(await ledger.getEntry(index))
    if (kind !== 'material.submitted') return undefined
    const opened = await reader.findAt(index)
    return opened && { index, at, statement: opened.statement }
  }
}

function isOf({ holder, submitter }: MaterialSubmitted, whose: Whose): boolean {
  if (whose.of === 'all') return true
  if (whose.of === 'submitter') return submitter === whose.submitter
  const isHeld = whose.holders.some(
    ({ codeType, code }) => codeType === holder?.codeType && code === holder.code,
  )
  return isHeld && (whose.submitter === undefined || submitter === whose.submitter)
}

/** The indexes of stretches of the log, newest first. */
async function* cut(
  stretches:
    AsyncIterable<{ readonly from: number; readonly to: number }> | { from: number; to: number }[],
): AsyncGenerator<readonly number[], void> {
  for await (const { from, to } of stretches) {
    for (let end = to; end > from; end -= AT_ONCE) {
      const start = Math.max(from, end - AT_ONCE)
      yield Array.from({ length: end - start }, (_, i) => end - 1 - i)
    }
  }
}
