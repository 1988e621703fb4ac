import { decodeUtf8, encodeHex } from '../core/bytes.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'

/** Entries that are read together. */
const BATCH = 512

export interface ScanParts {
  readonly store: Pick<KeyValueStore, 'get' | 'getMany' | 'scan'>
  readonly ring: Pick<KeyRing, 'unwrap'>
}

/** An entry with its statement, still sealed. */
export interface SealedStatement {
  readonly index: number
  readonly kind: string
  /** RFC 3339. */
  readonly at: string
  /** Hex, as the entry has it. */
  readonly commitment: string
  readonly sealed: Uint8Array
  readonly dataKey: Uint8Array
}

export interface ScannedBatch {
  /** Of the kinds asked for. */
  readonly statements: readonly SealedStatement[]
  /** How many more of these kinds were erased since. */
  readonly erased: number
  /** Entry after the last of the batch. */
  readonly next: number
}

/** An entry as it is stored, with what is stored beside it. */
export interface StoredStatement {
  readonly index: number
  readonly entry: Uint8Array
  readonly sealed: Uint8Array | undefined
  /** Undefined once erased. */
  readonly wrapped: Uint8Array | undefined
}

/**
 * The statements of some kinds among entries `from` up to, not including, `to`, in batches.
 *
 * @throws LedgerError corrupt/ENTRY_MISSING {index}, STATEMENT_MISSING {index}, SEAL_BROKEN
 */
export async function* scanStatements(
  { store, ring }: ScanParts,
  { from, to }: { readonly from: number; readonly to: number },
  isWanted: (kind: string) => boolean,
): AsyncGenerator<ScannedBatch, void> {
  for (let start = from; start < to; start += BATCH) {
    const next = Math.min(to, start + BATCH)
    yield { ...selectWanted(await readStored(store, start, next), ring, isWanted), next }
  }
}

/** @throws LedgerError corrupt/STATEMENT_MISSING {index}, SEAL_BROKEN */
export function selectWanted(
  stored: readonly StoredStatement[],
  ring: ScanParts['ring'],
  isWanted: (kind: string) => boolean,
): Omit<ScannedBatch, 'next'> {
  const statements: SealedStatement[] = []
  let erased = 0
  for (const { index, entry, sealed, wrapped } of stored) {
    const read = readEntry(entry)
    if (!isWanted(read.kind)) continue
    if (sealed === undefined) throw new LedgerError('corrupt', 'STATEMENT_MISSING', { index })
    if (wrapped === undefined) erased++
    else statements.push({ ...read, index, sealed, dataKey: ring.unwrap(wrapped) })
  }
  return { statements, erased }
}

/** One of any kind; undefined once erased. @throws LedgerError as `scanStatements` */
export async function readSealed(
  { store, ring }: ScanParts,
  index: number,
): Promise<SealedStatement | undefined> {
  const [entry, sealed, wrapped] = await store.getMany([
    layout.entryKey(index),
    layout.statementKey(index),
    layout.dataKeyKey(index),
  ])
  if (entry === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index })
  return selectWanted([{ index, entry, sealed, wrapped }], ring, () => true).statements[0]
}

/**
 * The first entry that was logged at that time or later; the size where there is none. Time in the log never runs
 * backwards.
 *
 * @param time milliseconds since 1970
 * @throws LedgerError corrupt/ENTRY_MISSING {index}
 */
export async function firstAt(
  { store }: Pick<ScanParts, 'store'>,
  time: number,
  size: number,
): Promise<number> {
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

async function readStored(
  store: ScanParts['store'],
  from: number,
  to: number,
): Promise<StoredStatement[]> {
  const [entries, sealed, wrapped] = await Promise.all([
    readFamily(store, 'entry', from, to),
    readFamily(store, 'statement', from, to),
    readFamily(store, 'dataKey', from, to),
  ])
  return Array.from({ length: to - from }, (_, i) => {
    const entry = entries[i]
    if (entry === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index: from + i })
    return { index: from + i, entry, sealed: sealed[i], wrapped: wrapped[i] }
  })
}

/** Values by index, the first first, with a gap where there is none. */
async function readFamily(
  store: ScanParts['store'],
  family: 'entry' | 'statement' | 'dataKey',
  from: number,
  to: number,
): Promise<(Uint8Array | undefined)[]> {
  const values: (Uint8Array | undefined)[] = Array.from({ length: to - from })
  for await (const [text, value] of store.scan(layout.indexRange(family, from, to))) {
    const key = layout.parseKey(text)
    if (key.family === family) values[key.index - from] = value
  }
  return values
}

/** As `formatEntry` writes it, and nothing else. */
const ENTRY =
  /^\{"at":"([\d:.TZ-]{24})","commitment":"([\da-f]{64})","kind":"([a-z.]{1,64})","v":1\}$/

/** Entries of the log have one spelling: to look at that takes a tenth of the time that reading any JSON does. */
function readEntry(bytes: Uint8Array): Pick<SealedStatement, 'at' | 'commitment' | 'kind'> {
  const [, at, commitment, kind] = ENTRY.exec(decodeUtf8(bytes)) ?? []
  if (at !== undefined && commitment !== undefined && kind !== undefined)
    return { at, commitment, kind }
  const entry = parseEntry(bytes)
  return { at: entry.at, commitment: encodeHex(entry.commitment), kind: entry.kind }
}
