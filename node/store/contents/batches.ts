import { hash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { LedgerError } from '../../core/errors.ts'
import { randomPiece } from '../sealing/random.ts'
import { seal, sealedLength } from '../sealing/seal.ts'
import type { Batch, SealedBatch } from './batchWorker.ts'

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
 * together: the event loop pays for one copy of their bytes and little else.
 *
 * Measured for 10 KiB with SHA-256 and SM3: 60 µs of the event loop for each without, 6 µs with it.
 */
export class ContentBatches {
  #worker: Worker | undefined
  #waiting: Waiting[] = []
  readonly #travelling = new Map<number, readonly Waiting[]>()
  #next = 0

  /** @throws LedgerError unavailable/SEALING_WORKER_LOST */
  async seal(bytes: Uint8Array, digests: readonly DigestAlgorithm[]): Promise<SealedContent> {
    const dataKey = randomPiece(32)
    if (bytes.length < WORTH_SENDING) return sealHere(bytes, dataKey, digests)
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send())
      this.#waiting.push({ bytes, dataKey, digests, resolve, reject })
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #send(): void {
    for (const batch of inBatches(this.#waiting.splice(0))) {
      const number = this.#next++
      this.#travelling.set(number, batch)
      const order: Batch = {
        number,
        bytes: joined(batch.map(({ bytes }) => bytes)),
        lengths: batch.map(({ bytes }) => bytes.length),
        dataKeys: joined(batch.map(({ dataKey }) => dataKey)),
        digests: batch.map(({ digests }) => digests),
      }
      this.#worker ??= this.#start()
      this.#worker.ref()
      this.#worker.postMessage(order, [order.bytes.buffer, order.dataKeys.buffer])
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('batchWorker.ts', import.meta.url))
    worker.on('message', (answer: SealedBatch) => this.#take(answer))
    worker.on('error', (cause) => this.#lose(cause))
    worker.on('exit', () => this.#lose(undefined))
    return worker
  }

  #take({ number, sealed, digests }: SealedBatch): void {
    const batch = this.#travelling.get(number) ?? []
    this.#travelling.delete(number)
    // An idle worker does not keep the process alive.
    if (this.#travelling.size === 0) this.#worker?.unref()
    let offset = 0
    for (const [i, waiting] of batch.entries()) {
      const end = offset + sealedLength(waiting.bytes.length)
      waiting.resolve({
        dataKey: waiting.dataKey,
        digests: tagged(waiting.digests, digests[i] ?? []),
        sealed: sealed.subarray(offset, end),
      })
      offset = end
    }
  }

  /** The next content starts another worker. */
  #lose(cause: unknown): void {
    this.#worker = undefined
    const lost = new LedgerError('unavailable', 'SEALING_WORKER_LOST', {}, { cause })
    for (const batch of this.#travelling.values()) for (const { reject } of batch) reject(lost)
    this.#travelling.clear()
  }
}

function sealHere(
  bytes: Uint8Array,
  dataKey: Uint8Array,
  digests: readonly DigestAlgorithm[],
): SealedContent {
  const computed = digests.map((algorithm) => hash(algorithm.replace('sha-256', 'sha256'), bytes))
  return { dataKey, digests: tagged(digests, computed), sealed: seal(dataKey, 'content', bytes) }
}

const tagged = (algorithms: readonly DigestAlgorithm[], hex: readonly string[]) =>
  algorithms.map((algorithm, i) => `${algorithm}:${hex[i]}`)

function* inBatches(waiting: readonly Waiting[]): Generator<Waiting[]> {
  let batch: Waiting[] = []
  let length = 0
  for (const one of waiting) {
    if (batch.length > 0 && length + one.bytes.length > BATCH_BYTES) {
      yield batch
      batch = []
      length = 0
    }
    batch.push(one)
    length += one.bytes.length
  }
  if (batch.length > 0) yield batch
}

/** In memory of its own: what travels is taken away from here. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}
