import { Readable } from 'node:stream'
import { DIGEST_ALGORITHMS, digestAlgorithm } from '../core/digest.ts'
import type { DigestAlgorithm } from '../core/digest.ts'
import { LedgerError } from '../core/errors.ts'
import type { ContentStore, FileLocation, Location } from '../store/contentStore.ts'
import { ContentBatches } from '../store/contents/batches.ts'
import { ContentGroups } from '../store/contents/groups.ts'
import { ingestLarge } from '../store/contents/ingest.ts'
import { readContent } from '../store/contents/read.ts'
import { randomPiece } from '../store/sealing/random.ts'
import { open } from '../store/sealing/seal.ts'
import type { Measured } from './description.ts'
import type { ByteRange } from './materials.ts'

export interface ReceptionOptions {
  /** Digests computed of every content; others only where somebody stated them. */
  readonly digests: readonly DigestAlgorithm[]
  /** Bytes of one content at most. */
  readonly maxContent: number
}

/** A content that has arrived, sealed under a key of its own and not in the log yet. */
export interface Received extends Measured {
  /**
   * Makes its bytes durable, and then has it logged. When that adds no entry, nothing is left behind.
   *
   * @throws LedgerError unavailable/STORE_FULL, corrupt/STORE_WRITE_FAILED; whatever `append` throws
   */
  log<Logged extends { readonly created: boolean }>(
    append: (placed: Placed) => Promise<Logged>,
  ): Promise<Logged>
  /** It will not be logged: leaves nothing behind. */
  discard(): Promise<void>
}

/** Sealed bytes that lie where they belong. */
export interface Placed {
  readonly dataKey: Uint8Array
  readonly location: Location
}

/** Bytes that lie in a place where nothing refers to them yet. */
export interface Resealed {
  readonly location: FileLocation
  /** Something refers to them. */
  settle(): Promise<void>
  /** Nothing ever will. */
  discard(): Promise<void>
}

/** Bytes up to which a content is held in memory; longer ones are streamed to a file through a worker. */
const SMALL = 256 * 1024

/** Where contents come in and go out: digests on one side, sealed bytes on the other. */
export class Reception {
  readonly #contents: ContentStore
  readonly #options: ReceptionOptions
  readonly #batches = new ContentBatches()
  readonly #groups: ContentGroups

  constructor(contents: ContentStore, options: ReceptionOptions) {
    this.#contents = contents
    this.#options = options
    this.#groups = new ContentGroups(contents)
  }

  /**
   * @param stated tagged digests that the submitter promised: their algorithms are computed too
   * @throws LedgerError tooLarge/CONTENT_TOO_LARGE; whatever the source throws
   */
  async receive(
    source: Uint8Array | AsyncIterable<Uint8Array>,
    stated: readonly string[],
  ): Promise<Received> {
    const wanted = new Set<string>([...this.#options.digests, ...stated.map(digestAlgorithm)])
    const algorithms = DIGEST_ALGORITHMS.filter((algorithm) => wanted.has(algorithm))
    if (source instanceof Uint8Array) return this.#receiveSmall(source, algorithms)
    const iterator = source[Symbol.asyncIterator]()
    const { head, ended } = await readHead(iterator)
    return ended
      ? this.#receiveSmall(Buffer.concat(head), algorithms)
      : this.#receiveLarge(chain(head, iterator), algorithms)
  }

  /**
   * The bytes in clear, checked chunk by chunk. Those of a small content are read before this resolves.
   *
   * @throws LedgerError corrupt/SEAL_BROKEN, CONTENT_MISSING
   */
  async read(location: Location, dataKey: Uint8Array, range?: ByteRange): Promise<Readable> {
    if (location.in === 'file') return readContent(this.#contents, location, dataKey, range)
    const bytes = open(dataKey, 'content', await this.#contents.readAll(location))
    const { start, end } = range ?? { start: 0, end: bytes.length - 1 }
    return Readable.from([bytes.subarray(start, end + 1)], { objectMode: false })
  }

  /**
   * The same bytes once more, sealed under another key, in a file of their own.
   *
   * @throws LedgerError corrupt/SEAL_BROKEN, CONTENT_MISSING, unavailable/STORE_FULL
   */
  async reseal(location: Location, dataKey: Uint8Array, newKey: Uint8Array): Promise<Resealed> {
    const resealed = await ingestLarge(await this.read(location, dataKey), {
      dataKey: newKey,
      digests: [],
      limit: Infinity,
      contents: this.#contents,
    })
    return {
      location: resealed.location,
      settle: () => this.#contents.settle(resealed.location),
      discard: () => this.#contents.remove(resealed.location),
    }
  }

  remove(location: Location): Promise<void> {
    return this.#contents.remove(location)
  }

  async #receiveSmall(
    bytes: Uint8Array,
    algorithms: readonly DigestAlgorithm[],
  ): Promise<Received> {
    this.#requireSize(bytes.length)
    const { dataKey, digests, sealed } = await this.#batches.seal(bytes, algorithms)
    return {
      digests,
      size: bytes.length,
      log: async (append) =>
        this.#log({ dataKey, location: await this.#groups.put(sealed) }, append),
      discard: async () => {},
    }
  }

  async #receiveLarge(
    source: AsyncIterable<Uint8Array>,
    algorithms: readonly DigestAlgorithm[],
  ): Promise<Received> {
    const dataKey = randomPiece(32)
    const { digests, size, location } = await ingestLarge(source, {
      dataKey,
      digests: algorithms,
      limit: this.#options.maxContent,
      contents: this.#contents,
    })
    return {
      digests,
      size,
      log: (append) => this.#log({ dataKey, location }, append),
      discard: () => this.#contents.remove(location),
    }
  }

  async #log<Logged extends { readonly created: boolean }>(
    placed: Placed,
    append: (placed: Placed) => Promise<Logged>,
  ): Promise<Logged> {
    const { location } = placed
    try {
      const logged = await append(placed)
      await (logged.created ? this.#contents.settle(location) : this.#contents.remove(location))
      return logged
    } catch (error) {
      await this.#contents.remove(location)
      throw error
    }
  }

  close(): Promise<void> {
    return this.#batches.close()
  }

  #requireSize(size: number): void {
    const { maxContent } = this.#options
    if (size > maxContent) throw new LedgerError('tooLarge', 'CONTENT_TOO_LARGE', { maxContent })
  }
}

/** Reads until the source ends or is known to be large. */
async function readHead(
  iterator: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array[]; ended: boolean }> {
  const head: Uint8Array[] = []
  for (let length = 0; length <= SMALL;) {
    const { value, done } = await iterator.next()
    if (done) return { head, ended: true }
    head.push(value)
    length += value.length
  }
  return { head, ended: false }
}

async function* chain(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* head
    yield* { [Symbol.asyncIterator]: () => rest }
  } finally {
    await rest.return?.()
  }
}
