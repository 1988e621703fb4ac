/**
 * Port: an ordered key-value store that commits groups atomically and durably.
 *
 * Keys are short ASCII strings compared by their bytes; values are opaque bytes.
 * Which key means what is written down once, in `layout.ts`.
 */
export interface KeyValueStore {
  /** @throws LedgerError corrupt/STORE_CORRUPT when the value is not what was put; so do all that read */
  get(key: string): Promise<Uint8Array | undefined>

  /**
   * Reads on this thread, for rules that ask many small questions of one instant. A commit under way shows
   * either not at all or with all its writes.
   */
  getNow(key: string): Uint8Array | undefined

  /** Answers in the order of `keys`. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>

  /** Iterates over a consistent snapshot, in key order unless `reverse`. */
  scan(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]>

  /**
   * As `scan`, all of it at once, without a promise for each pair: for ranges that are known to be
   * small, for all of it is in memory.
   */
  readRange(range: KeyRange): Promise<readonly (readonly [key: string, value: Uint8Array])[]>

  /**
   * Applies all writes or none. Resolves only after they survive a power cut.
   *
   * @throws LedgerError unavailable/STORE_FULL when the disk has no room: nothing was applied
   * @throws LedgerError corrupt/STORE_WRITE_FAILED on any other failure. Only the next start shows whether
   *   the writes were applied, when the disk does not even let the store read what it holds
   */
  commit(writes: readonly Write[]): Promise<void>

  /** Makes deleted values unreadable on the disk too, within the range. */
  compact(range: KeyRange): Promise<void>

  /** Checks what is stored against its own checksums, as far as it has any, and names what is damaged. */
  findDamage(): AsyncIterable<StoreDamage>

  close(): Promise<void>
}

/** `offset` in bytes, where the damaged part of the file begins. */
export interface StoreDamage {
  readonly file: string
  readonly offset: number
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
