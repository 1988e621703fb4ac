import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ContentStore, ContentWriter, Location } from '../contentStore.ts'
import type {
  FileLocation,
  Kept,
  Move,
  Reclaimed,
  SegmentDamage,
  SegmentLocation,
} from '../contentStore.ts'
import { reclaimSegments } from '../reclaim.ts'
import { LargeFiles } from './largeFiles.ts'
import { Segments } from './segments.ts'

export interface FileContentStoreOptions {
  /** Bytes after which a new segment begins. */
  readonly segmentLimit?: number
  /** Bytes of the disk that stay free. */
  readonly reserve?: number
  /** How files are opened for writing; for tests of a failing disk. */
  readonly openFile?: typeof open
}

// A segment is rewritten as a whole, so it should not be long; a terabyte makes 8192 of them.
const SEGMENT_LIMIT = 128 * 2 ** 20
const RESERVE = 64 * 2 ** 20

/** Keeps contents as files: `segments/` for the small ones, `incoming/` and `files/` for the large. */
export class FileContentStore implements ContentStore {
  readonly #segments: Segments
  readonly #files: LargeFiles

  private constructor(segments: Segments, files: LargeFiles) {
    this.#segments = segments
    this.#files = files
  }

  /** Nothing else may have the folder open: the lock of the database beside it sees to that. */
  static async open(
    folder: string,
    options: FileContentStoreOptions = {},
  ): Promise<FileContentStore> {
    const { segmentLimit = SEGMENT_LIMIT, reserve = RESERVE, openFile = open } = options
    const segments = await Segments.open(join(folder, 'segments'), {
      segmentLimit,
      reserve,
      openFile,
    })
    return new FileContentStore(segments, await LargeFiles.open(folder, { reserve, openFile }))
  }

  putGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    return this.#segments.putGroup(contents)
  }

  begin(): Promise<ContentWriter> {
    return this.#files.begin()
  }

  async settle(location: Location): Promise<void> {
    if (location.in === 'segment') this.#segments.release(location)
    else await this.#files.settle(location)
  }

  read(location: Location, offset = 0, length = location.length - offset): Readable {
    assertRange(location, offset, length)
    return Readable.from(this.#chunks(location, offset, length), { objectMode: false })
  }

  async *#chunks(location: Location, offset: number, length: number): AsyncGenerator<Uint8Array> {
    if (location.in === 'file') yield* this.#files.read(location, offset, length)
    else yield (await this.#segments.readAll(location)).subarray(offset, offset + length)
  }

  async readAll(location: Location): Promise<Uint8Array> {
    if (location.in === 'segment') return this.#segments.readAll(location)
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#files.read(location, 0, location.length)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async remove(location: Location): Promise<void> {
    if (location.in === 'segment') this.#segments.release(location)
    else await this.#files.remove(location)
  }

  reclaim(
    live: () => AsyncIterable<Kept>,
    moved: (moves: readonly Move[]) => Promise<void>,
  ): Promise<Reclaimed> {
    return reclaimSegments(this.#segments, live, moved)
  }

  recover(isKept: (location: FileLocation) => Promise<boolean>): Promise<void> {
    return this.#files.recover(isKept)
  }

  listFiles(): AsyncIterable<FileLocation> {
    return this.#files.list()
  }

  findDamage(): AsyncIterable<SegmentDamage> {
    return this.#segments.findDamage()
  }

  close(): Promise<void> {
    return this.#segments.close()
  }
}

function assertRange(location: Location, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > location.length)
    throw new TypeError('a range lies within the content')
}
