import { Worker } from 'node:worker_threads'
import { LedgerError } from '../core/errors.ts'

export interface Limits {
  /** Bytes that one order may take, its own included. */
  readonly memory: number
  /** Milliseconds that one order may take. */
  readonly time: number
  /** Orders that may wait for the one under way. */
  readonly waiting: number
}

/** Milliseconds between two looks at the memory of the worker. */
const LOOK = 50

/** The order took more than it may; its worker is gone, the next one gets another. */
export class Overrun extends Error {}

/**
 * One order at a time, in a worker that is ended when it takes too much: what it reads was made by strangers, and a
 * small document can ask for any amount of memory. The worker does not keep the process alive while it is idle.
 */
export class Workshop<Order, Answer> {
  readonly #script: URL
  readonly #limits: Limits
  #worker: Worker | undefined
  #last: Promise<unknown> = Promise.resolve()
  #orders = 0
  #isClosed = false

  constructor(script: URL, limits: Limits) {
    this.#script = script
    this.#limits = limits
  }

  /**
   * @param prepare is called when it is this order's turn, so that those who wait take no memory
   * @throws Overrun
   * @throws LedgerError unavailable/DERIVED_COPIES_BUSY
   */
  async run(prepare: () => Promise<Order>): Promise<Answer> {
    if (this.#orders > this.#limits.waiting)
      throw new LedgerError('unavailable', 'DERIVED_COPIES_BUSY', { waiting: this.#orders })
    this.#orders += 1
    const turn = this.#last.then(async () => this.#work(await prepare()))
    this.#last = turn.catch(() => {})
    try {
      return await turn
    } finally {
      this.#orders -= 1
    }
  }

  /** Ends the order under way, and those that wait. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  async #work(order: Order): Promise<Answer> {
    if (this.#isClosed) throw new LedgerError('unavailable', 'DERIVED_COPIES_BUSY', {})
    const worker = (this.#worker ??= this.#start())
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    let isUnderWay = true
    const overrun = () => {
      // A look may come back when its order is done, and must not end the next one.
      if (!isUnderWay) return
      isUnderWay = false
      this.#worker = undefined
      reject(new Overrun())
      void worker.terminate()
    }
    const look = async () => {
      const { used_heap_size, external_memory } = await worker.getHeapStatistics()
      if (used_heap_size + external_memory > this.#limits.memory) overrun()
    }
    const fail = (error: unknown) => reject(isOutOfMemory(error) ? new Overrun() : error)
    const exit = () => reject(new Overrun())
    const timer = setTimeout(overrun, this.#limits.time)
    // It cannot be asked while it starts, nor once it is gone.
    const looks = setInterval(() => void look().catch(() => {}), LOOK)
    worker.on('message', resolve)
    worker.on('error', fail)
    worker.on('exit', exit)
    worker.ref()
    worker.postMessage(order, [])
    try {
      return await promise
    } finally {
      isUnderWay = false
      clearTimeout(timer)
      clearInterval(looks)
      // One by one: a worker has listeners of its own, without which it hears no more orders.
      worker.off('message', resolve)
      worker.off('error', fail)
      worker.off('exit', exit)
      worker.unref()
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#script, {
      // The library tells the console what it finds odd.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(this.#limits.memory / 2 ** 20) },
    })
    worker.stdout.resume()
    worker.stderr.resume()
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined
    }
    // Also while it is idle, when nobody else listens to its errors.
    worker.on('error', forget)
    worker.on('exit', forget)
    return worker
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
