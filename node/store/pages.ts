/** Which page of a list that follows the log is wanted. */
export interface PageRequest {
  /** `next` of the page before. */
  readonly before?: number
  readonly limit: number
}

/** A page of such a list, newest first; of one that follows the chain, a cursor says where the next begins. */
export interface Page<Item, Next = number> {
  /** Fewer than were asked for where some of what was found is not shown. */
  readonly items: readonly Item[]
  /** `before` of the next page; absent on the last. */
  readonly next?: Next
}

/** What is left out of one page is made up for from the next ones, up to so many in all. */
const MOST_LOOKED_AT = 256

/**
 * A page of those of a list that are shown. How much is looked at for one is bounded: it may be short, or empty, and
 * still have a `next`.
 *
 * @param read a page of the list, of up to `limit` from `next` on
 */
export async function sift<Item, Next>(
  { limit, next: start }: { readonly limit: number; readonly next?: Next | undefined },
  read: (limit: number, next: Next | undefined) => Promise<Page<Item, Next>>,
  isShown: (item: Item) => boolean,
): Promise<Page<Item, Next>> {
  const items: Item[] = []
  let lookedAt = 0
  let next = start
  for (;;) {
    const wanted = limit - items.length
    const page = await read(wanted, next)
    items.push(...page.items.filter(isShown))
    lookedAt += wanted
    next = page.next
    if (next === undefined) return { items }
    if (items.length >= limit || lookedAt >= MOST_LOOKED_AT) return { items, next }
  }
}
