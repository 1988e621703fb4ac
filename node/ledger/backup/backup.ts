import { Readable } from 'node:stream'
import { decodeUtf8 } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import type { ContentStore, Location } from '../../store/contentStore.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { decodeLocation, isSameLocation } from '../../store/locations.ts'
import { Bitmap } from '../audit/bitmap.ts'
import { ArchiveWriter } from './archive.ts'
import { BACKUP_VERSION, MANIFEST_MEMBER, TRAILER_MEMBER } from './format.ts'
import type { Manifest, Trailer } from './format.ts'
import { FrameBuffer } from './frames.ts'

export interface BackedUp {
  readonly store: KeyValueStore
  readonly contents: ContentStore
}

/** Bytes of a member that gathers small things. */
const GATHERED = 4 * 2 ** 20
/** How often an erasure may come between the records and a content before the backup gives up. */
const MOST_GENERATIONS = 5

/**
 * A consistent copy of the ledger as an archive, see format.ts; the ledger may go on meanwhile.
 * Contents come first, for that takes long; then the records of one instant, with the contents that came since.
 *
 * The stream fails with what the stores throw, and with unavailable/BACKUP_RESTLESS.
 */
export function createBackup(parts: BackedUp, now: number): Readable {
  const time = new Date(now)
  const archive = new ArchiveWriter(time)
  const writing = new BackupWriter(parts, archive).write(time)
  writing.catch((error: unknown) => archive.stream.destroy(error as Error))
  return Readable.from(archive.stream, { objectMode: false })
}

/** A content that the records lead to was erased since they were read. */
class ContentGone extends Error {}

class BackupWriter {
  readonly #store: KeyValueStore
  readonly #contents: ContentStore
  readonly #archive: ArchiveWriter
  /** Entries whose contents are in the archive. */
  readonly #stored = new Bitmap()
  readonly #small = new FrameBuffer()
  readonly #records = new FrameBuffer()
  #members = 0

  constructor({ store, contents }: BackedUp, archive: ArchiveWriter) {
    this.#store = store
    this.#contents = contents
    this.#archive = archive
  }

  async write(time: Date): Promise<void> {
    const manifest: Manifest = {
      v: BACKUP_VERSION,
      what: 'onceledger backup',
      origin: await this.#readText('origin'),
      startedAt: time.toISOString(),
    }
    await this.#addJson(MANIFEST_MEMBER, manifest)
    await this.#writeContents()
    const counted = await this.#writeRecords()
    const trailer: Trailer = { v: BACKUP_VERSION, ...counted, sha256: this.#archive.digest() }
    await this.#addJson(TRAILER_MEMBER, trailer)
    this.#archive.end()
  }

  async #writeContents(): Promise<void> {
    for await (const [key] of this.#store.scan(layout.familyRange('location'))) {
      const parsed = layout.parseKey(key)
      // What has been erased or moved since is looked at again with the records.
      if (parsed.family === 'location') await this.#addContent(parsed.index).catch(unlessGone)
    }
    await this.#flushSmall()
  }

  async #writeRecords(): Promise<Omit<Trailer, 'v' | 'sha256'>> {
    for (let generation = 1; generation <= MOST_GENERATIONS; generation++) {
      try {
        return await this.#writeGeneration(generation)
      } catch (error) {
        unlessGone(error)
        this.#records.take()
      }
    }
    throw new LedgerError('unavailable', 'BACKUP_RESTLESS', { tries: MOST_GENERATIONS })
  }

  /** One scan of everything is a snapshot of one instant. */
  async #writeGeneration(generation: number): Promise<Omit<Trailer, 'v' | 'sha256'>> {
    let records = 0
    let contents = 0
    let checkpoint = ''
    for await (const [key, value] of this.#store.scan({})) {
      const parsed = layout.parseKey(key)
      if (parsed.family === 'location') {
        contents++
        if (!this.#stored.has(parsed.index)) await this.#addContent(parsed.index)
      }
      if (parsed.family === 'meta' && parsed.name === 'checkpoint') checkpoint = decodeUtf8(value)
      records++
      const head = Buffer.alloc(2)
      head.writeUInt16BE(key.length)
      this.#records.add(Buffer.concat([head, Buffer.from(key)]), value)
      if (this.#records.length >= GATHERED) await this.#flushRecords(generation)
    }
    await this.#flushSmall()
    await this.#flushRecords(generation)
    return { generation, records, contents, checkpoint }
  }

  /** @throws ContentGone when the entry has no content any more */
  async #addContent(index: number, location?: Location): Promise<void> {
    const place = location ?? (await this.#locate(index))
    try {
      await (place.in === 'file' ? this.#addLarge(index, place) : this.#addSmall(index, place))
      this.#stored.add(index)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // Its segment may have been rewritten since: the record then says where it went.
      const now = await this.#locate(index)
      if (isSameLocation(now, place)) throw error
      await this.#addContent(index, now)
    }
  }

  async #addSmall(index: number, location: Location): Promise<void> {
    const sealed = await this.#contents.readAll(location)
    this.#small.add(layout.encodeIndex(index), sealed)
    if (this.#small.length >= GATHERED) await this.#flushSmall()
  }

  /** A member that was begun has to be finished: whether the file is there shows with its first bytes. */
  async #addLarge(index: number, location: Location): Promise<void> {
    const chunks = this.#contents.read(location)[Symbol.asyncIterator]()
    const first = await chunks.next()
    const all = (async function* () {
      if (!first.done) yield first.value as Uint8Array
      yield* { [Symbol.asyncIterator]: () => chunks } as AsyncIterable<Uint8Array>
    })()
    await this.#archive.add(`large/${index}`, location.length, all)
  }

  async #locate(index: number): Promise<Location> {
    const location = await this.#store.get(layout.locationKey(index))
    if (location === undefined) throw new ContentGone()
    return decodeLocation(location)
  }

  async #flushSmall(): Promise<void> {
    if (this.#small.length === 0) return
    const frames = this.#small.take()
    await this.#archive.add(`contents/${++this.#members}`, frames.length, [frames])
  }

  async #flushRecords(generation: number): Promise<void> {
    if (this.#records.length === 0) return
    const frames = this.#records.take()
    await this.#archive.add(`records/${generation}/${++this.#members}`, frames.length, [frames])
  }

  async #addJson(name: string, value: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
    await this.#archive.add(name, bytes.length, [bytes])
  }

  async #readText(name: layout.MetaName): Promise<string> {
    const value = await this.#store.get(layout.metaKey(name))
    if (value === undefined) {
      throw new LedgerError('corrupt', 'RECORD_MISSING', { key: layout.metaKey(name) })
    }
    return decodeUtf8(value)
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ContentGone)) throw error
}
