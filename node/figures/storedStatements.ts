import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import { readEntry } from './entryText.ts'

/** Entries that are read together. */
const BATCH = 512

export type ScannedStore = Pick<KeyValueStore, 'get' | 'getMany' | 'readRange'>

/** An entry as it is stored, with what is stored beside it. */
export interface StoredStatement {
  readonly index: number
  readonly entry: Uint8Array
  readonly sealed: Uint8Array | undefined
  /** Undefined once erased. */
  readonly wrapped: Uint8Array | undefined
}

export interface StoredBatch {
  readonly stored: readonly StoredStatement[]
  /** Entry after the last of the batch. */
  readonly next: number
}

/**
 * Entries `from` up to, not including, `to`, in batches.
 *
 * @throws LedgerError corrupt/ENTRY_MISSING {index}
 */
export async function* scanStored(
  store: ScannedStore,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<StoredBatch, void> {
  for (let start = from; start < to; start += BATCH) {
    const next = Math.min(to, start + BATCH)
    const [entries, sealed, wrapped] = await Promise.all([
      readFamily(store, 'entry', start, next),
      readFamily(store, 'statement', start, next),
      readFamily(store, 'dataKey', start, next),
    ])
    const stored = Array.from({ length: next - start }, (_, i) =>
      storedAt(start + i, [entries[i], sealed[i], wrapped[i]]),
    )
    yield { stored, next }
  }
}

/** Some of them, in their order. @throws LedgerError as `scanStored` */
export async function readStored(
  store: ScannedStore,
  indexes: readonly number[],
): Promise<StoredStatement[]> {
  const keysOf = [layout.entryKey, layout.statementKey, layout.dataKeyKey] as const
  const values = await store.getMany(keysOf.flatMap((keyOf) => indexes.map(keyOf)))
  return indexes.map((index, i) => {
    const [sealed, wrapped] = [i + indexes.length, i + 2 * indexes.length]
    return storedAt(index, [values[i], values[sealed], values[wrapped]])
  })
}

/**
 * The first entry that was logged at that time or later; the size where there is none. Time in the log never runs
 * backwards.
 *
 * @param time milliseconds since 1970
 * @throws LedgerError corrupt/ENTRY_MISSING {index}
 */
export async function firstAt(store: ScannedStore, time: number, size: number): Promise<number> {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const bytes = await store.get(layout.entryKey(middle))
    if (bytes === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index: middle })
    if (Date.parse(readEntry(bytes).at) < time) low = middle + 1
    else high = middle
  }
  return low
}

type Values = readonly (Uint8Array | undefined)[]

function storedAt(index: number, [entry, sealed, wrapped]: Values): StoredStatement {
  if (entry === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index })
  return { index, entry, sealed, wrapped }
}

/** Values by index, the first first, with a gap where there is none. */
async function readFamily(
  store: ScannedStore,
  family: 'entry' | 'statement' | 'dataKey',
  from: number,
  to: number,
): Promise<(Uint8Array | undefined)[]> {
  const pairs = await store.readRange(layout.indexRange(family, from, to))
  const values: (Uint8Array | undefined)[] = Array.from({ length: to - from })
  for (const [key, value] of pairs) {
    const index = layout.indexIn(family, key)
    if (index !== undefined) values[index - from] = value
  }
  return values
}
