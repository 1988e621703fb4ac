import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { LedgerError } from '../../core/errors.ts'
import { LARGEST_IN_SEGMENT } from '../contentStore.ts'
import type { ContentStore, ContentWriter, FileLocation, Kept, Location } from '../contentStore.ts'
import type { Move, Reclaimed, SegmentDamage, SegmentLocation } from '../contentStore.ts'
import { Pins } from '../pins.ts'
import { reclaimSegments } from '../reclaim.ts'

const SEGMENT_LIMIT = 128 * 2 ** 20

/** Keeps contents in memory: for tests and for ledgers that need not outlive the process. */
export class MemoryContentStore implements ContentStore {
  readonly #segmentLimit: number
  /** Contents by offset, by segment; the last segment takes what comes. */
  readonly #segments = new Map<number, Map<number, Uint8Array>>([[0, new Map()]])
  #segment = 0
  #end = 0
  readonly #pins = new Pins()
  readonly #incoming = new Map<string, Uint8Array>()
  readonly #files = new Map<string, Uint8Array>()

  constructor(options: { readonly segmentLimit?: number } = {}) {
    this.#segmentLimit = options.segmentLimit ?? SEGMENT_LIMIT
  }

  async putGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    if (contents.some((content) => content.length > LARGEST_IN_SEGMENT))
      throw new TypeError('a content of this size has a file of its own')
    const locations = contents.map((content) => this.#put(content))
    for (const location of locations) this.#pins.add(location)
    return locations
  }

  #put(content: Uint8Array): SegmentLocation {
    if (this.#end > 0 && this.#end + content.length > this.#segmentLimit) {
      this.#segments.set(++this.#segment, new Map())
      this.#end = 0
    }
    const offset = this.#end
    this.#segments.get(this.#segment)?.set(offset, content.slice())
    // Even nothing takes room, or two contents would lie at one offset.
    this.#end += content.length + 1
    return { in: 'segment', segment: this.#segment, offset, length: content.length }
  }

  async begin(): Promise<ContentWriter> {
    const name = randomBytes(16).toString('hex')
    const chunks: Uint8Array[] = []
    return {
      write: async (chunk) => {
        chunks.push(chunk.slice())
      },
      keep: async () => {
        const content = Buffer.concat(chunks)
        this.#incoming.set(name, content)
        return { in: 'file', name, length: content.length }
      },
      abort: async () => {
        chunks.length = 0
      },
    }
  }

  async settle(location: Location): Promise<void> {
    if (location.in === 'segment') return this.#pins.release(location)
    const { name } = location
    const content = this.#incoming.get(name)
    if (content === undefined) return
    this.#files.set(name, content)
    this.#incoming.delete(name)
  }

  read(location: Location, offset = 0, length = location.length - offset): Readable {
    if (offset < 0 || length < 0 || offset + length > location.length)
      throw new TypeError('a range lies within the content')
    return Readable.from(this.#range(location, offset, length), { objectMode: false })
  }

  async *#range(location: Location, offset: number, length: number): AsyncGenerator<Uint8Array> {
    yield (await this.readAll(location)).subarray(offset, offset + length)
  }

  async readAll(location: Location): Promise<Uint8Array> {
    const content =
      location.in === 'segment'
        ? this.#segments.get(location.segment)?.get(location.offset)
        : (this.#files.get(location.name) ?? this.#incoming.get(location.name))
    if (content?.length !== location.length)
      throw new LedgerError('corrupt', 'CONTENT_MISSING', { ...location })
    return content.slice()
  }

  async remove(location: Location): Promise<void> {
    if (location.in === 'segment') return this.#pins.release(location)
    this.#files.delete(location.name)
    this.#incoming.delete(location.name)
  }

  reclaim(
    live: () => AsyncIterable<Kept>,
    moved: (moves: readonly Move[]) => Promise<void>,
  ): Promise<Reclaimed> {
    const store = {
      segmentLimit: this.#segmentLimit,
      sizes: async () => this.#sizes(),
      readAll: (location: SegmentLocation) => this.readAll(location),
      moveGroup: async (contents: readonly Uint8Array[]) =>
        contents.map((content) => this.#put(content)),
      drop: async (segment: number) => {
        this.#segments.delete(segment)
      },
    }
    return reclaimSegments(store, live, moved)
  }

  #sizes(): Map<number, number> {
    const free = [...this.#segments].filter(
      ([segment]) => segment < this.#segment && !this.#pins.has(segment),
    )
    return new Map(free.map(([segment, contents]) => [segment, bytesIn(contents)]))
  }

  async recover(isKept: (location: FileLocation) => Promise<boolean>): Promise<void> {
    for (const [name, { length }] of this.#incoming) {
      const location = { in: 'file', name, length } as const
      await ((await isKept(location)) ? this.settle(location) : this.remove(location))
    }
  }

  async *listFiles(): AsyncGenerator<FileLocation> {
    for (const [name, { length }] of [...this.#files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      yield { in: 'file', name, length }
  }

  async *findDamage(): AsyncGenerator<SegmentDamage> {}

  async close(): Promise<void> {}
}

function bytesIn(contents: ReadonlyMap<number, Uint8Array>): number {
  return [...contents.values()].reduce((total, content) => total + content.length, 0)
}
