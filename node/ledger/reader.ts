import { encodeEntryBundle, TILE_WIDTH, tileWidth } from '../core/merkle/tiles.ts'
import { LedgerError } from '../core/errors.ts'
import { SALT_LENGTH } from '../core/commitment.ts'
import type { Hash } from '../core/hash/hash.ts'
import { HASH_LENGTH } from '../core/hash/hash.ts'
import { EvidenceComposer } from '../core/evidenceComposer.ts'
import { TileTree } from '../core/merkle/tree.ts'
import { formatTlogProof } from '../core/tlog/tlogProof.ts'
import { parseStatement } from '../core/statement.ts'
import type { Location } from '../store/contentStore.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import { decodeLocation } from '../store/locations.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { isAnchored, toEvidenceAnchor } from './anchoring/records.ts'
import type { AnchorRecord } from './anchoring/records.ts'
import type { OpenedStatement } from './ledger.ts'
import type { LogSigner } from './signer.ts'

/** The newest checkpoint; `note` is its signed text. */
export interface Published {
  readonly size: number
  readonly root: Hash
  readonly note: string
}

/** Tiles that are kept expanded, 16 KiB each. */
const KEPT_TILES = 256

/** Reads the log as it was published last. Nothing of a group is seen before the whole group is durable. */
export class LogReader {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  readonly #signer: LogSigner
  readonly #tree: TileTree
  #published: Published
  /** Those who found an entry before it was published. */
  readonly #waiting: (() => void)[] = []

  constructor(
    parts: { readonly store: KeyValueStore; readonly ring: KeyRing; readonly signer: LogSigner },
    published: Published,
  ) {
    this.#store = parts.store
    this.#ring = parts.ring
    this.#signer = parts.signer
    this.#tree = new TileTree(
      (level, index, width) => readTile(parts.store, level, index, width),
      KEPT_TILES,
    )
    this.#published = published
  }

  get published(): Published {
    return this.#published
  }

  publish(published: Published): void {
    this.#published = published
    this.#wake()
  }

  /** The group that was to be published never will be. */
  abandon(): void {
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  rootAt(size: number): Promise<Hash> {
    return this.#tree.root(size)
  }

  consistencyProof(from: number, to: number): Promise<Hash[]> {
    return this.#tree.consistencyProof(from, to)
  }

  /** @throws LedgerError notFound/ENTRY_NOT_FOUND */
  async entry(index: number): Promise<Uint8Array> {
    await this.#requireEntry(index)
    return this.#require(layout.entryKey(index))
  }

  /** @throws LedgerError notFound/ENTRY_NOT_FOUND, notFound/STATEMENT_ERASED, corrupt/SEAL_BROKEN */
  async openStatement(index: number): Promise<OpenedStatement> {
    await this.#requireEntry(index)
    const [sealed, wrapped, location] = await this.#store.getMany([
      layout.statementKey(index),
      layout.dataKeyKey(index),
      layout.locationKey(index),
    ])
    if (wrapped === undefined) throw new LedgerError('notFound', 'STATEMENT_ERASED', { index })
    if (sealed === undefined) throw new LedgerError('corrupt', 'STATEMENT_MISSING', { index })
    return openStatement(this.#ring, { sealed, wrapped, location })
  }

  /** @throws LedgerError notFound/TILE_NOT_FOUND beyond the published checkpoint */
  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    if (width > tileWidth(level, index, this.#published.size)) throw tileNotFound()
    return readTile(this.#store, level, index, width)
  }

  /** @throws LedgerError notFound/TILE_NOT_FOUND beyond the published checkpoint */
  async entryBundle(index: number, width: number): Promise<Uint8Array> {
    if (width > tileWidth(0, index, this.#published.size)) throw tileNotFound()
    const first = index * TILE_WIDTH
    const entries: Uint8Array[] = []
    for await (const [, entry] of this.#store.scan(
      layout.indexRange('entry', first, first + width),
    )) {
      entries.push(entry)
    }
    if (entries.length !== width)
      throw new LedgerError('corrupt', 'ENTRY_MISSING', { index: first })
    return encodeEntryBundle(entries)
  }

  /**
   * Evidence, UTF-8 of JSON, for the checkpoint of that size, the newest unless given.
   * Ed25519 signs deterministically (RFC 8032 §5.1.6): an older checkpoint comes out as it did then.
   */
  async evidence(
    index: number,
    size: number = this.#published.size,
    anchored?: { readonly note: string; readonly anchors: readonly AnchorRecord[] },
  ): Promise<Uint8Array> {
    const published = this.#published
    const [entry, { bytes, salt }, proof] = await Promise.all([
      this.entry(index),
      this.openStatement(index),
      this.#tree.inclusionProof(index, size),
    ])
    const checkpoint =
      anchored?.note ??
      (size === published.size
        ? published.note
        : this.#signer.sign(size, await this.#tree.root(size)))
    const anchors = (anchored?.anchors ?? []).filter(isAnchored).map(toEvidenceAnchor)
    return new EvidenceComposer(checkpoint, anchors).compose({
      statement: bytes,
      salt,
      entry,
      index,
      proof,
    })
  }

  /** C2SP tlog-proof of the entry in the newest checkpoint. */
  async proofText(index: number): Promise<string> {
    await this.#requireEntry(index)
    const { size, note } = this.#published
    const proof = await this.#tree.inclusionProof(index, size)
    return formatTlogProof({ index, proof, checkpoint: note })
  }

  /** What was found by an index record of the newest group may be durable, and published a moment later. */
  async #requireEntry(index: number): Promise<void> {
    const { size } = this.#published
    const isIndex = Number.isSafeInteger(index) && index >= 0 && index < layout.INDEX_LIMIT
    if (isIndex && index < size) return
    if (isIndex && (await this.#store.get(layout.entryKey(index))) !== undefined) {
      if (index >= this.#published.size)
        await new Promise<void>((resolve) => this.#waiting.push(resolve))
      if (index < this.#published.size) return
    }
    throw new LedgerError('notFound', 'ENTRY_NOT_FOUND', { index, size })
  }

  async #require(key: string): Promise<Uint8Array> {
    const value = await this.#store.get(key)
    if (value === undefined) throw new LedgerError('corrupt', 'RECORD_MISSING', { key })
    return value
  }
}

export interface SealedStatement {
  readonly sealed: Uint8Array
  readonly wrapped: Uint8Array
  readonly location: Uint8Array | undefined
}

/** @throws LedgerError corrupt/SEAL_BROKEN, corrupt/LOCATION_MALFORMED */
export function openStatement(ring: KeyRing, record: SealedStatement): OpenedStatement {
  const dataKey = ring.unwrap(record.wrapped)
  const opened = ring.openStatement(dataKey, record.sealed)
  const bytes = opened.subarray(SALT_LENGTH)
  const location: Location | undefined = record.location && decodeLocation(record.location)
  return {
    salt: opened.subarray(0, SALT_LENGTH),
    bytes,
    statement: parseStatement(bytes),
    dataKey,
    location,
  }
}

/** The store keeps each tile at its widest; every narrower one is its beginning. */
export async function readTile(
  store: KeyValueStore,
  level: number,
  index: number,
  width: number,
): Promise<Uint8Array> {
  const hashes = await store.get(layout.tileKey(level, index))
  if (hashes === undefined || hashes.length < width * HASH_LENGTH) {
    throw new LedgerError('corrupt', 'TILE_MISSING', { level, index, width })
  }
  return hashes.subarray(0, width * HASH_LENGTH)
}

const tileNotFound = () => new LedgerError('notFound', 'TILE_NOT_FOUND')
