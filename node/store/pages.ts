/** Which page of a list that follows the log is wanted. */
export interface PageRequest {
  /** `next` of the page before. */
  readonly before?: number
  readonly limit: number
}

/** A page of such a list, newest first. */
export interface Page<Item> {
  /** Fewer than were asked for where some of what was found is not shown. */
  readonly items: readonly Item[]
  /** `before` of the next page; absent on the last. */
  readonly next?: number
}
