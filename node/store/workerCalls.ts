import { Worker } from 'node:worker_threads'
import { LedgerError } from '../core/errors.ts'

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Calls to a worker that answers each order with one message, in their order. It starts with the
 * first call and does not keep the process alive while it is idle.
 */
export class WorkerCalls<Order, Answer> {
  readonly #script: URL
  readonly #data: unknown
  #worker: Worker | undefined
  readonly #waiting: Waiting<Answer>[] = []

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
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      worker.ref()
      worker.postMessage(order, transfer)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { workerData: this.#data })
    worker.on('message', (answer: Answer) => {
      this.#waiting.shift()?.resolve(answer)
      if (this.#waiting.length === 0) worker.unref()
    })
    worker.on('error', (cause) => this.#lose(cause))
    worker.on('exit', () => this.#lose(undefined))
    return worker
  }

  #lose(cause: unknown): void {
    this.#worker = undefined
    const lost = new LedgerError('unavailable', 'SEALING_WORKER_LOST', {}, { cause })
    for (const { reject } of this.#waiting.splice(0)) reject(lost)
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
