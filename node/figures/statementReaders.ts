import { availableParallelism } from 'node:os'
import { LedgerError } from '../core/errors.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { KeyWrapper } from '../store/sealing/keyWrapper.ts'
import { WorkerCalls } from '../store/workerCalls.ts'
import { readDepartments, readFacts } from './opening.ts'
import { readRows } from './factRows.ts'
import type { FoundFacts } from './opening.ts'
import { packStatements } from './packing.ts'
import type { ReadingAnswer, ReadingOrder, Readings } from './readingWorker.ts'
import type { StoredStatement } from './storedStatements.ts'

/** Threads; they start with the first large batch. */
const WORKERS = Math.min(2, availableParallelism())

/** Batches that may be under way: each thread has the next one waiting. */
export const UNDER_WAY = 2 * WORKERS

/** Milliseconds without a large batch after which they end: they take more memory than all that was counted. */
const IDLE = 10_000

/** Fewer statements than this are read here: the way to another thread would cost more. */
const WORTH_SENDING = 64

type Worker = WorkerCalls<ReadingOrder, ReadingAnswer>

/** Opens statements and reads what the figures need of them, in threads, so that others are answered meanwhile. */
export class StatementReaders {
  readonly #keys: KeyWrapper
  readonly #workers: readonly Worker[]
  /**
   * Memory that came back. Made anew for each batch, it was scattered between what else lives: a million statements left the
   * process 450 MiB larger.
   */
  #spare: ArrayBuffer[] = []
  #next = 0
  #underWay = 0
  readonly #idleTime: number
  #idle: NodeJS.Timeout | undefined

  /** @param idle milliseconds after which unused threads end */
  constructor({ wrappingKey }: Pick<KeyRing, 'wrappingKey'>, idle = IDLE) {
    this.#idleTime = idle
    this.#keys = KeyWrapper.of(wrappingKey)
    const script = new URL('readingWorker.ts', import.meta.url)
    this.#workers = Array.from({ length: WORKERS }, () => new WorkerCalls(script, wrappingKey))
  }

  /** @throws LedgerError as `readFacts`; unavailable/SEALING_WORKER_LOST */
  async facts(stored: readonly StoredStatement[]): Promise<FoundFacts> {
    if (stored.length < WORTH_SENDING) return readFacts(stored, this.#keys)
    const { found, erased } = await this.#send('facts', stored)
    return { facts: readRows(found), erased }
  }

  /** @throws LedgerError as `readDepartments`; unavailable/SEALING_WORKER_LOST */
  async departments(stored: readonly StoredStatement[]): Promise<Readings['departments']> {
    if (stored.length < WORTH_SENDING) return readDepartments(stored, this.#keys)
    return this.#send('departments', stored)
  }

  async #send<What extends keyof Readings>(
    what: What,
    stored: readonly StoredStatement[],
  ): Promise<Readings[What]> {
    const packed = packStatements(stored, this.#spare.pop())
    const answer = await this.#call({ what, packed })
    if (this.#spare.length < UNDER_WAY) this.#spare.push(answer.memory)
    if (answer.failed === undefined) return answer.found as Readings[What]
    const { kind, code, details } = answer.failed
    throw new LedgerError(kind, code, details)
  }

  async #call(order: ReadingOrder): Promise<ReadingAnswer> {
    const worker = this.#workers[this.#next++ % WORKERS] as Worker
    clearTimeout(this.#idle)
    this.#underWay++
    try {
      return await worker.call(order, [order.packed.memory])
    } finally {
      if (--this.#underWay === 0)
        this.#idle = setTimeout(() => void this.close(), this.#idleTime).unref()
    }
  }

  /** Ends the threads; the next large batch starts them again. */
  async close(): Promise<void> {
    clearTimeout(this.#idle)
    this.#spare = []
    await Promise.all(this.#workers.map((worker) => worker.close()))
  }
}
