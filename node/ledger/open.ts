import { LedgerError } from '../core/errors.ts'
import { EMPTY_ROOT } from '../core/hash/hash.ts'
import { TreeBuilder } from '../core/merkle/builder.ts'
import { equalBytes, decodeUtf8, utf8 } from '../core/bytes.ts'
import { parseEntry } from '../core/entry.ts'
import { verifyCheckpoint } from '../core/tlog/checkpoint.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { LogReader, readTile } from './reader.ts'
import type { Published } from './reader.ts'
import { LogSigner } from './signer.ts'
import { Writer } from './writer.ts'

export interface LogParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
}

export interface LogOptions {
  /** C2SP origin of a new log; an existing one must have the same. */
  readonly origin: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly queueLimit: number
  readonly onGroup: (entries: number) => void
}

export interface Log {
  readonly signer: LogSigner
  readonly reader: LogReader
  readonly writer: Writer
}

/** The layout that this code reads and writes. */
const FORMAT = '1'

/**
 * Opens the log, or makes a new one in an empty store.
 *
 * @throws LedgerError invalid/DATA_FORMAT_UNKNOWN the store was written by a newer release
 * @throws LedgerError invalid/LOG_ORIGIN_MISMATCH the store holds another log
 * @throws LedgerError corrupt/LOG_HEAD_MISMATCH the tiles do not give the root that was signed last
 */
export async function openLog(parts: LogParts, options: LogOptions): Promise<Log> {
  const { store, ring } = parts
  const signer = await openSigner(store, ring, options.origin)
  const published = await readPublished(store, signer)
  const reader = new LogReader({ store, ring, signer }, published)
  const tree = await TreeBuilder.resume(published.size, (level, index, width) =>
    readTile(store, level, index, width),
  )
  if (!equalBytes(tree.root(), published.root)) {
    throw new LedgerError('corrupt', 'LOG_HEAD_MISMATCH', { size: published.size })
  }
  const writer = new Writer({
    store,
    ring,
    tree,
    reader,
    signer,
    now: options.now,
    lastAt: await readLastAt(reader),
    queueLimit: options.queueLimit,
    onGroup: options.onGroup,
  })
  return { signer, reader, writer }
}

/** Origin of the log in this store; undefined when it is new. */
export async function readOrigin(store: KeyValueStore): Promise<string | undefined> {
  const origin = await store.get(layout.metaKey('origin'))
  return origin && decodeUtf8(origin)
}

async function openSigner(store: KeyValueStore, ring: KeyRing, origin: string): Promise<LogSigner> {
  const names = ['format', 'origin', 'logKey'] as const
  const [format, stored, key] = await store.getMany(names.map(layout.metaKey))
  if (format === undefined) return createSigner(store, ring, origin)
  if (decodeUtf8(format) !== FORMAT) {
    throw new LedgerError('invalid', 'DATA_FORMAT_UNKNOWN', { format: decodeUtf8(format) })
  }
  if (stored === undefined || key === undefined) {
    throw new LedgerError('corrupt', 'RECORD_MISSING', { key: layout.metaKey('origin') })
  }
  if (decodeUtf8(stored) !== origin) {
    throw new LedgerError('invalid', 'LOG_ORIGIN_MISMATCH', { stored: decodeUtf8(stored), origin })
  }
  return new LogSigner(origin, ring.openRecord(layout.metaKey('logKey'), key))
}

async function createSigner(
  store: KeyValueStore,
  ring: KeyRing,
  origin: string,
): Promise<LogSigner> {
  const key = LogSigner.newKey()
  const signer = new LogSigner(origin, key)
  await store.commit([
    put('format', utf8(FORMAT)),
    put('origin', utf8(origin)),
    put('logKey', ring.sealRecord(layout.metaKey('logKey'), key)),
    put('checkpoint', utf8(signer.sign(0, EMPTY_ROOT))),
  ])
  return signer
}

const put = (name: layout.MetaName, value: Uint8Array): Write => ({
  type: 'put',
  key: layout.metaKey(name),
  value,
})

async function readPublished(store: KeyValueStore, signer: LogSigner): Promise<Published> {
  const key = layout.metaKey('checkpoint')
  const value = await store.get(key)
  if (value === undefined) throw new LedgerError('corrupt', 'RECORD_MISSING', { key })
  try {
    const note = decodeUtf8(value)
    const { size, root } = verifyCheckpoint(note, {
      origin: signer.origin,
      key: signer.verifierKey,
    })
    return { size, root, note }
  } catch (cause) {
    throw new LedgerError('corrupt', 'CHECKPOINT_BROKEN', {}, { cause })
  }
}

async function readLastAt(reader: LogReader): Promise<number> {
  const { size } = reader.published
  return size === 0 ? 0 : Date.parse(parseEntry(await reader.entry(size - 1)).at)
}
