import { Worker } from 'node:worker_threads'
import { LedgerError } from '../core/errors.ts'

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Megabytes of a worker's young generation. It holds batches, which are buffers, and little beside: as large as that of the
 * event loop's thread, it would fill with what nobody uses any more.
 */
const YOUNG_GENERATION = 12

/** A thread, and who waits for its answers, in their order. */
interface Started<Answer> {
  readonly worker: Worker
  readonly waiting: Waiting<Answer>[]
}

/**
 * Calls to a worker that answers each order with one message, in their order. It starts with the
 * first call and does not keep the process alive while it is idle.
 */
export class WorkerCalls<Order, Answer> {
  readonly #script: URL
  readonly #data: unknown
  #started: Started<Answer> | undefined

  /** @param data what the worker finds in `workerData` */
  constructor(script: URL, data?: unknown) {
    this.#script = script
    this.#data = data
  }

  /**
   * @param transfer what is given away with the order
   * @throws LedgerError unavailable/SEALING_WORKER_LOST; the next call starts another worker
   */
  call(order: Order, transfer: readonly ArrayBuffer[]): Promise<Answer> {
    const { worker, waiting } = (this.#started ??= this.#start())
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      worker.ref()
      worker.postMessage(order, transfer)
    })
  }

  /** Ends the thread, and fails what it was asked; the next call starts another one. */
  async close(): Promise<void> {
    const started = this.#started
    this.#started = undefined
    await started?.worker.terminate()
  }

  #start(): Started<Answer> {
    const worker = new Worker(this.#script, {
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    })
    const waiting: Waiting<Answer>[] = []
    const started = { worker, waiting }
    const lose = (cause?: unknown) => {
      if (this.#started === started) this.#started = undefined
      const lost = new LedgerError('unavailable', 'SEALING_WORKER_LOST', {}, { cause })
      for (const { reject } of waiting.splice(0)) reject(lost)
    }
    worker.on('message', (answer: Answer) => {
      waiting.shift()?.resolve(answer)
      if (waiting.length === 0) worker.unref()
    })
    worker.on('error', lose)
    worker.on('exit', () => lose())
    return started
  }
}

/** Side by side in memory of their own, which may be given away. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}
