import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { LedgerError } from '../../core/errors.ts'
import type { Piece } from './pieces.ts'
import type { Order, SealedPiece } from './sealingWorker.ts'

/** Threads at most; they start with the first content and stay. */
const WORKERS = Math.min(2, availableParallelism())

/** One content that a worker hashes and seals. */
export interface SealingJob {
  /** Gives both buffers away; they come back with the answer. @throws LedgerError unavailable/SEALING_WORKER_LOST */
  seal(piece: Piece, into: ArrayBuffer): Promise<SealedPiece>
  /** The content is not wanted any more, or done. */
  end(): void
}

interface Waiting {
  readonly resolve: (piece: SealedPiece) => void
  readonly reject: (reason: unknown) => void
}

class SealingWorker {
  readonly #worker = new Worker(new URL('sealingWorker.ts', import.meta.url))
  /** The answers that each job waits for, in the order of its pieces. */
  readonly #jobs = new Map<number, Waiting[]>()
  #nextJob = 0
  #lost: LedgerError | undefined

  constructor() {
    this.#worker.on('message', (piece: SealedPiece) => this.#settle(piece))
    this.#worker.on('error', (cause) => this.#lose(cause))
    this.#worker.on('exit', () => this.#lose(undefined))
    this.#worker.unref()
  }

  get jobs(): number {
    return this.#jobs.size
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  begin(dataKey: Uint8Array, digests: readonly DigestAlgorithm[]): SealingJob {
    const job = this.#nextJob++
    const waiting: Waiting[] = []
    this.#jobs.set(job, waiting)
    // An idle worker does not keep the process alive; one with a content in hand does.
    this.#worker.ref()
    this.#post({ is: 'begin', job, dataKey, digests })
    return {
      seal: ({ bytes, last }, into) =>
        new Promise((resolve, reject) => {
          if (this.#lost !== undefined) return reject(this.#lost)
          waiting.push({ resolve, reject })
          this.#post({ is: 'piece', job, bytes, last, into }, [bytes.buffer, into])
        }),
      end: () => this.#end(job),
    }
  }

  #post(order: Order, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, transfer)
  }

  #settle(piece: SealedPiece): void {
    this.#jobs.get(piece.job)?.shift()?.resolve(piece)
  }

  #end(job: number): void {
    const waiting = this.#jobs.get(job) ?? []
    this.#jobs.delete(job)
    this.#post({ is: 'drop', job })
    for (const { reject } of waiting) reject(new LedgerError('unavailable', 'SEALING_ABORTED'))
    if (this.#jobs.size === 0) this.#worker.unref()
  }

  #lose(cause: unknown): void {
    this.#lost ??= new LedgerError('unavailable', 'SEALING_WORKER_LOST', {}, { cause })
    for (const waiting of this.#jobs.values())
      for (const { reject } of waiting.splice(0)) reject(this.#lost)
  }
}

const workers: SealingWorker[] = []

/** Begins a content on the worker that has the fewest. */
export function beginSealing(dataKey: Uint8Array, digests: readonly DigestAlgorithm[]): SealingJob {
  const lost = workers.findIndex((worker) => worker.isLost)
  if (lost !== -1) workers.splice(lost, 1)
  const idle = workers.find((worker) => worker.jobs === 0)
  if (idle === undefined && workers.length < WORKERS) workers.push(new SealingWorker())
  const [chosen] = workers.toSorted((a, b) => a.jobs - b.jobs)
  if (chosen === undefined) throw new TypeError('there is at least one worker')
  return chosen.begin(dataKey, digests)
}
