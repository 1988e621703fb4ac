import { decodeUtf8, equalBytes } from '../core/bytes.ts'
import { commit, SALT_LENGTH } from '../core/commitment.ts'
import { parseEntry } from '../core/entry.ts'
import type { Entry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'

/** Entries that are read before others get their turn: some 10 ms of this thread. */
const BATCH = 256

export interface ScanParts {
  readonly store: Pick<KeyValueStore, 'get' | 'scan'>
  readonly ring: Pick<KeyRing, 'unwrap' | 'openStatement'>
}

/** One entry, with its statement where there is one of the kinds asked for. */
export interface Scanned {
  readonly index: number
  readonly entry: Entry
  /** RFC 8785 bytes; undefined once erased. */
  readonly statement: Uint8Array | undefined
}

/** An entry with what is stored beside it. */
export interface StoredStatement {
  readonly index: number
  readonly entry: Uint8Array
  readonly sealed: Uint8Array | undefined
  /** Undefined once erased. */
  readonly wrapped: Uint8Array | undefined
}

/**
 * The statements of some kinds among entries `from` up to, not including, `to`, in batches: each is held against its entry,
 * so that what is counted is what was logged.
 *
 * @throws LedgerError corrupt/FIGURES_STATEMENT_ALTERED {index}, STATEMENT_MISSING {index}, ENTRY_MISSING {index}, SEAL_BROKEN
 */
export async function* scanStatements(
  parts: ScanParts,
  { from, to }: { readonly from: number; readonly to: number },
  isWanted: (kind: string) => boolean,
): AsyncGenerator<{ readonly statements: Scanned[]; readonly next: number }, void> {
  for (let start = from; start < to; start += BATCH) {
    const end = Math.min(to, start + BATCH)
    const stored = await readStored(parts.store, start, end)
    const statements = stored.flatMap((one) => openWanted(one, parts.ring, isWanted) ?? [])
    yield { statements, next: end }
    await new Promise(setImmediate)
  }
}

/** @throws LedgerError as `scanStatements` */
export function openWanted(
  { index, entry: bytes, sealed, wrapped }: StoredStatement,
  ring: ScanParts['ring'],
  isWanted: (kind: string) => boolean,
): Scanned | undefined {
  const entry = parseEntry(bytes)
  if (!isWanted(entry.kind)) return undefined
  if (wrapped === undefined) return { index, entry, statement: undefined }
  if (sealed === undefined) throw new LedgerError('corrupt', 'STATEMENT_MISSING', { index })
  const opened = ring.openStatement(ring.unwrap(wrapped), sealed)
  const statement = opened.subarray(SALT_LENGTH)
  if (!equalBytes(commit(opened.subarray(0, SALT_LENGTH), statement), entry.commitment))
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_ALTERED', { index })
  return { index, entry, statement }
}

/** A statement as JSON has it, for those who read a part of it: the ledger read all of it when it took it in. */
export function readLoosely(statement: Uint8Array): unknown {
  return JSON.parse(decodeUtf8(statement))
}

async function readStored(
  store: ScanParts['store'],
  from: number,
  to: number,
): Promise<StoredStatement[]> {
  const [entries, sealed, wrapped] = await Promise.all(
    (['entry', 'statement', 'dataKey'] as const).map((family) =>
      readFamily(store, family, from, to),
    ),
  )
  return Array.from({ length: to - from }, (_, i) => {
    const entry = entries?.[i]
    if (entry === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index: from + i })
    return { index: from + i, entry, sealed: sealed?.[i], wrapped: wrapped?.[i] }
  })
}

/** Values of the indexes, the first first, with a gap where there is none. */
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

/**
 * The first entry that was logged at that time or later; the size where there is none. Time in the log never runs
 * backwards.
 *
 * @param time milliseconds since 1970
 */
export async function firstAt(
  store: ScanParts['store'],
  time: number,
  size: number,
): Promise<number> {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const bytes = await store.get(layout.entryKey(middle))
    if (bytes === undefined) throw new LedgerError('corrupt', 'ENTRY_MISSING', { index: middle })
    if (Date.parse(parseEntry(bytes).at) < time) low = middle + 1
    else high = middle
  }
  return low
}
