import { hash } from 'node:crypto'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { randomPiece } from '../sealing/random.ts'
import { seal, sealedLength } from '../sealing/seal.ts'
import { joinBytes, WorkerCalls } from '../workerCalls.ts'
import type { ContentBatch, SealedContentBatch } from './batchWorker.ts'

/** A content that fits in memory, hashed and sealed under a key of its own. */
export interface SealedContent {
  readonly dataKey: Uint8Array
  /** Tagged, in the order that was asked for. */
  readonly digests: readonly string[]
  readonly sealed: Uint8Array
}

/** Bytes below which the way to the worker costs more than the work. */
const WORTH_SENDING = 4 * 1024
/** Bytes that travel at a time: bounds the memory, and how long the first content waits for the last. */
const BATCH_BYTES = 4 * 2 ** 20

interface Waiting {
  readonly bytes: Uint8Array
  readonly dataKey: Uint8Array
  readonly digests: readonly DigestAlgorithm[]
  readonly resolve: (content: SealedContent) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Hashes and seals contents away from the event loop. Those that arrive in one turn of it travel
 * together: the event loop pays for a copy of their bytes and little else.
 */
export class ContentBatches {
  readonly #worker = new WorkerCalls<ContentBatch, SealedContentBatch>(
    new URL('batchWorker.ts', import.meta.url),
  )
  readonly #waiting: Waiting[] = []

  /** @throws LedgerError unavailable/SEALING_WORKER_LOST */
  async seal(bytes: Uint8Array, digests: readonly DigestAlgorithm[]): Promise<SealedContent> {
    const dataKey = randomPiece(32)
    if (bytes.length < WORTH_SENDING) return sealHere(bytes, dataKey, digests)
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send())
      this.#waiting.push({ bytes, dataKey, digests, resolve, reject })
    })
  }

  close(): Promise<void> {
    return this.#worker.close()
  }

  #send(): void {
    for (const batch of inBatches(this.#waiting.splice(0))) {
      this.#sealBatch(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error)
      })
    }
  }

  async #sealBatch(batch: readonly Waiting[]): Promise<void> {
    const bytes = joinBytes(batch.map((waiting) => waiting.bytes))
    const dataKeys = joinBytes(batch.map(({ dataKey }) => dataKey))
    const lengths = batch.map((waiting) => waiting.bytes.length)
    const answer = await this.#worker.call(
      { bytes, dataKeys, lengths, digests: batch.map(({ digests }) => digests) },
      [bytes.buffer, dataKeys.buffer],
    )
    let offset = 0
    for (const [i, { bytes, dataKey, digests, resolve }] of batch.entries()) {
      const end = offset + sealedLength(bytes.length)
      const sealed = answer.sealed.subarray(offset, end)
      resolve({ dataKey, digests: tagged(digests, answer.digests[i] ?? []), sealed })
      offset = end
    }
  }
}

function sealHere(
  bytes: Uint8Array,
  dataKey: Uint8Array,
  digests: readonly DigestAlgorithm[],
): SealedContent {
  const computed = digests.map((name) => hash(name.replace('sha-256', 'sha256'), bytes))
  return { dataKey, digests: tagged(digests, computed), sealed: seal(dataKey, 'content', bytes) }
}

const tagged = (algorithms: readonly DigestAlgorithm[], hex: readonly string[]) =>
  algorithms.map((algorithm, i) => `${algorithm}:${hex[i]}`)

function inBatches(waiting: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = []
  let room = 0
  for (const one of waiting) {
    if (one.bytes.length > room) {
      batches.push([])
      room = BATCH_BYTES
    }
    batches.at(-1)?.push(one)
    room -= one.bytes.length
  }
  return batches
}
