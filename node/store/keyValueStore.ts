/**
 * Port: an ordered key-value store that commits groups atomically and durably.
 *
 * Keys are short ASCII strings compared by their bytes; values are opaque bytes.
 * Which key means what is written down once, in `layout.ts`.
 */
export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | undefined>

  /** Answers in the order of `keys`. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>

  /** Iterates over a consistent snapshot, in key order unless `reverse`. */
  scan(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]>

  /**
   * Applies all writes or none. Resolves only after they survive a power cut.
   *
   * @throws LedgerError unavailable/STORE_FULL when the disk has no room: nothing was applied
   * @throws LedgerError corrupt/STORE_WRITE_FAILED on any other failure
   */
  commit(writes: readonly Write[]): Promise<void>

  /** Makes deleted values unreadable on the disk too, within the range. */
  compact(range: KeyRange): Promise<void>

  close(): Promise<void>
}

/** `gte`/`gt` and `lt`/`lte` bound the keys; `limit` counts pairs. */
export interface KeyRange {
  readonly gte?: string
  readonly gt?: string
  readonly lt?: string
  readonly lte?: string
  readonly reverse?: boolean
  readonly limit?: number
}

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }
