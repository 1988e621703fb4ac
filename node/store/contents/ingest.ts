import { formatDigest } from '../../core/digest.ts'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { LedgerError } from '../../core/errors.ts'
import type { ContentStore, ContentWriter, FileLocation } from '../contentStore.ts'
import { CHUNK_LENGTH, sealedLength } from '../sealing/seal.ts'
import { inPieces } from './pieces.ts'
import { beginSealing } from './sealingWorkers.ts'
import type { SealingJob } from './sealingWorkers.ts'
import type { SealedPiece } from './sealingWorker.ts'

/** Bytes that travel to the worker and back at a time. */
const PIECE_LENGTH = 2 * CHUNK_LENGTH

/** Pieces of one content on their way to the worker, in it, or to the disk. */
const IN_FLIGHT = 4

export interface Ingestion {
  /** Fresh, and for this content alone. */
  readonly dataKey: Uint8Array
  readonly digests: readonly DigestAlgorithm[]
  /** Bytes that the content may have. */
  readonly limit: number
  readonly contents: ContentStore
}

export interface Ingested {
  /** Tagged, in the order that was asked for. */
  readonly digests: readonly string[]
  /** Bytes of the content in clear. */
  readonly size: number
  /** Durable; the caller commits and settles it, or removes it. */
  readonly location: FileLocation
}

/**
 * Hashes, seals and stores a content of any length; reading, the worker and the disk work at the same time, and
 * memory stays at a few pieces. When it fails, nothing is left behind.
 *
 * @throws LedgerError tooLarge/CONTENT_TOO_LARGE as soon as the limit is passed
 * @throws LedgerError what `ContentStore` throws; and whatever the source throws
 */
export async function ingestLarge(
  source: AsyncIterable<Uint8Array>,
  { dataKey, digests: algorithms, limit, contents }: Ingestion,
): Promise<Ingested> {
  const writer = await contents.begin()
  const job = beginSealing(dataKey, algorithms)
  const counted = countUpTo(source, limit)
  try {
    const digests = await sealAndWrite(counted.stream, job, writer)
    const location = await writer.keep()
    return {
      digests: digests.map((bytes, i) => formatDigest(algorithms[i] as DigestAlgorithm, bytes)),
      size: counted.bytes(),
      location,
    }
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    await job.end()
  }
}

/** Answers the digests, once every piece is written in its place. */
async function sealAndWrite(
  source: AsyncIterable<Uint8Array>,
  job: SealingJob,
  writer: ContentWriter,
): Promise<readonly Uint8Array[]> {
  const spare = { pieces: [] as ArrayBuffer[], sealed: [] as ArrayBuffer[] }
  const landings: Promise<SealedPiece>[] = []
  let last: Promise<SealedPiece> | undefined

  const land = async (sealing: Promise<SealedPiece>, before: typeof last) => {
    const [piece] = await Promise.all([sealing, before])
    spare.pieces.push(piece.spent)
    await writer.write(piece.sealed)
    spare.sealed.push(piece.sealed.buffer)
    return piece
  }

  try {
    for await (const piece of inPieces(source, PIECE_LENGTH, spare.pieces)) {
      const into = spare.sealed.pop() ?? new ArrayBuffer(sealedLength(PIECE_LENGTH))
      last = land(job.seal(piece, into), last)
      // Its failure shows when its turn comes.
      last.catch(() => undefined)
      landings.push(last)
      if (landings.length === IN_FLIGHT) await landings.shift()
    }
    return (await last)?.digests ?? []
  } finally {
    // Nothing may still be writing when the file is closed.
    await Promise.allSettled(landings)
  }
}

function countUpTo(
  source: AsyncIterable<Uint8Array>,
  limit: number,
): { readonly stream: AsyncIterable<Uint8Array>; readonly bytes: () => number } {
  let bytes = 0
  async function* stream(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > limit) throw new LedgerError('tooLarge', 'CONTENT_TOO_LARGE', { limit })
      yield chunk
    }
  }
  return { stream: stream(), bytes: () => bytes }
}
