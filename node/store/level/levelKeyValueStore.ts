import { mkdir } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { ClassicLevel } from 'classic-level'
import { LedgerError } from '../../core/errors.ts'
import type { KeyRange, KeyValueStore, StoreDamage, Write } from '../keyValueStore.ts'
import { assertRoom } from '../disk.ts'
import { findDamagedFiles, findDamagedJournals } from './damage.ts'
import { storeError } from './errors.ts'

/**
 * Larger write buffers mean fewer and larger files on the first level, and less that is written again and again: with
 * 32 MiB a line of a batch has 12 KB written and takes 37 to 45 µs of LevelDB's own thread, with 16 MiB 19 KB and 75 to 90.
 * 64 MiB would save 10 µs more and take 64 MiB of memory. A full journal is read in 0.3 to 0.5 s at a start. LevelDB's own
 * 4 MiB, and files of 2, give 21,000 records/s and stalls up to 870 ms, where 16 MiB give 36,000 and 80 ms. Compression is
 * off, because sealed bytes and hashes do not shrink.
 */
const SETTINGS = {
  compression: false,
  writeBufferSize: 32 * 2 ** 20,
  maxFileSize: 16 * 2 ** 20,
  cacheSize: 16 * 2 ** 20,
  keyEncoding: 'utf8',
  valueEncoding: 'buffer',
} as const

/**
 * Writes are refused while the disk has less room than this, because LevelDB needs some for itself:
 * a full write buffer, and the compaction that follows it.
 */
const RESERVE = 128 * 2 ** 20

/** More keys than this are read on another thread: a cold read takes 0.1 ms, and the event loop waits for it. */
const MOST_READ_AT_ONCE = 32

/** Pairs that a scan reads at a time, at most, and their bytes. */
const SCAN_PAIRS = 256
const SCAN_BYTES = 256 * 1024

/**
 * The same where all of a range is read: the event loop waits for a millisecond each time that a thread has read so
 * much.
 */
const RANGE_PAIRS = 4096
const RANGE_BYTES = 2 ** 20

const CHECKSUM_LENGTH = 4

/** Above every key that is text. */
const LAST_KEY = '\u007f'

export interface LevelOptions {
  /** Bytes of the disk that stay free. */
  readonly reserve?: number
}

/**
 * Keeps the pairs in LevelDB. Each value ends with a CRC-32 of key and value: LevelDB has checksums of
 * its own, but its binding for Node never has them checked on reads.
 */
export class LevelKeyValueStore implements KeyValueStore {
  readonly #db: ClassicLevel<string, Buffer>
  readonly #folder: string
  readonly #reserve: number
  #reopening: Promise<void> | undefined
  #stoppedBy: LedgerError | undefined

  private constructor(db: ClassicLevel<string, Buffer>, folder: string, reserve: number) {
    this.#db = db
    this.#folder = folder
    this.#reserve = reserve
  }

  /**
   * @throws LedgerError unavailable/DATA_FOLDER_IN_USE while another process has it open
   * @throws LedgerError corrupt/STORE_CORRUPT, unavailable/STORE_FULL, unavailable/STORE_UNREADABLE
   */
  static async open(folder: string, options: LevelOptions = {}): Promise<LevelKeyValueStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await assertSoundJournals(folder)
    const db = new ClassicLevel<string, Buffer>(folder, SETTINGS)
    try {
      await db.open()
    } catch (cause) {
      throw storeError(cause, { folder })
    }
    return new LevelKeyValueStore(db, folder, options.reserve ?? RESERVE)
  }

  // Read on this thread: a warm read takes 3 µs, and the way to another thread and back 40 µs.
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.getNow(key)
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    if (keys.length <= MOST_READ_AT_ONCE) return keys.map((key) => this.getNow(key))
    const stored = await this.#db.getMany([...keys]).catch((cause: unknown) => {
      throw storeError(cause)
    })
    return stored.map((value, i) => opened(keys[i] as string, value))
  }

  getNow(key: string): Uint8Array | undefined {
    let stored: Buffer | undefined
    try {
      stored = this.#db.getSync(key)
    } catch (cause) {
      throw storeError(cause, { key })
    }
    return opened(key, stored)
  }

  async *scan(range: KeyRange): AsyncGenerator<readonly [string, Uint8Array]> {
    const iterator = this.#iterate(range)
    try {
      for (;;) {
        const pairs = await iterator.nextv(SCAN_PAIRS)
        if (pairs.length === 0) return
        for (const [key, stored] of pairs) yield [key, opened(key, stored)]
      }
    } catch (cause) {
      throw storeError(cause)
    } finally {
      await iterator.close()
    }
  }

  async readRange(range: KeyRange): Promise<readonly (readonly [string, Uint8Array])[]> {
    const iterator = this.#iterate(range, RANGE_BYTES)
    try {
      const all: (readonly [string, Buffer])[] = []
      for (;;) {
        const pairs = await iterator.nextv(RANGE_PAIRS)
        if (pairs.length === 0) return all
        for (const [key, stored] of pairs) all.push([key, opened(key, stored)])
      }
    } catch (cause) {
      throw storeError(cause)
    } finally {
      await iterator.close()
    }
  }

  #iterate(range: KeyRange, highWaterMarkBytes = SCAN_BYTES) {
    try {
      return this.#db.iterator({ ...range, highWaterMarkBytes })
    } catch (cause) {
      throw storeError(cause)
    }
  }

  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return
    if (this.#stoppedBy !== undefined) throw this.#stoppedBy
    if (this.#reopening !== undefined) await this.#reopening
    assertRoom(this.#folder, this.#reserve + bytesOf(writes))
    try {
      await this.#write(writes)
    } catch (cause) {
      await this.#settle(writes, storeError(cause))
    }
  }

  // A chained batch costs half the time of an array: 1.0 against 2.2 µs of this thread for each write.
  async #write(writes: readonly Write[]): Promise<void> {
    const batch = this.#db.batch()
    for (const write of writes) {
      if (write.type === 'put') batch.put(write.key, closed(write.key, write.value))
      else batch.del(write.key)
    }
    await batch.write({ sync: true })
  }

  /**
   * After a failed write the journal may or may not hold it, and LevelDB refuses or garbles what follows.
   * Opening again drops a half-written tail; what is then there was applied, and what is not was not.
   */
  async #settle(writes: readonly Write[], error: LedgerError): Promise<void> {
    if (error.code === 'STORE_CLOSED') throw error
    this.#reopening ??= this.#reopen()
    await this.#reopening
    if (this.#holds(writes)) return
    if (error.code === 'STORE_FULL') throw error
    throw new LedgerError('corrupt', 'STORE_WRITE_FAILED', error.details, { cause: error })
  }

  async #reopen(): Promise<void> {
    try {
      await this.#db.close()
      await this.#db.open()
      this.#reopening = undefined
    } catch (cause) {
      // Nobody can tell now whether the write was applied; the next start will show.
      this.#stoppedBy = new LedgerError('corrupt', 'STORE_WRITE_FAILED', {}, { cause })
      throw this.#stoppedBy
    }
  }

  #holds(writes: readonly Write[]): boolean {
    const last = new Map(writes.map((write) => [write.key, write]))
    return [...last.values()].every((write) => {
      const stored = this.getNow(write.key)
      if (write.type === 'del') return stored === undefined
      return stored !== undefined && Buffer.compare(stored, write.value) === 0
    })
  }

  /**
   * A value that was put and deleted before LevelDB wrote it out ends up in a table beside its deletion, and
   * a compaction leaves that table alone unless a newer one overlaps it. So one is made that spans the range.
   */
  async compact(range: KeyRange): Promise<void> {
    const start = range.gte ?? range.gt ?? ''
    const end = range.lte ?? range.lt ?? LAST_KEY
    try {
      await this.#db.compactRange(start, end)
      await this.#db.batch([nobodys(start), nobodys(end)], { sync: true })
      await this.#db.compactRange(start, nobodys(end).key)
    } catch (cause) {
      throw storeError(cause)
    }
  }

  findDamage(): AsyncIterable<StoreDamage> {
    return findDamagedFiles(this.#folder)
  }

  async close(): Promise<void> {
    await this.#db.close()
  }
}

/**
 * LevelDB opens with damaged journals, without what they held. The check takes 50 ms for a full one.
 */
async function assertSoundJournals(folder: string): Promise<void> {
  for await (const damage of findDamagedJournals(folder))
    throw new LedgerError('corrupt', 'STORE_CORRUPT', { ...damage })
}

function bytesOf(writes: readonly Write[]): number {
  return writes.reduce((bytes, write) => bytes + (write.type === 'put' ? write.value.length : 0), 0)
}

/** Deletes a key that is in nobody's use: keys are text without control characters. */
function nobodys(key: string) {
  return { type: 'del', key: `${key}\0` } as const
}

function closed(key: string, value: Uint8Array): Buffer {
  const stored = Buffer.allocUnsafe(value.length + CHECKSUM_LENGTH)
  stored.set(value)
  stored.writeUInt32LE(checksum(key, value), value.length)
  return stored
}

function opened(key: string, stored: Buffer): Buffer
function opened(key: string, stored: Buffer | undefined): Buffer | undefined
function opened(key: string, stored: Buffer | undefined): Buffer | undefined {
  if (stored === undefined) return undefined
  const length = stored.length - CHECKSUM_LENGTH
  if (length < 0 || stored.readUInt32LE(length) !== checksum(key, stored.subarray(0, length)))
    throw new LedgerError('corrupt', 'STORE_CORRUPT', { key })
  return stored.subarray(0, length)
}

function checksum(key: string, value: Uint8Array): number {
  return crc32(value, crc32(key))
}
