import { availableParallelism } from 'node:os'
import { LedgerError } from '../core/errors.ts'
import type { Fact } from '../core/figures/facts.ts'
import { joinBytes, WorkerCalls } from '../store/workerCalls.ts'
import type { FactAnswer, FactOrder } from './factWorker.ts'
import { readFact } from './opening.ts'
import type { SealedStatement } from './statementScan.ts'

/** Threads; they start with the first large batch, and stay. */
const WORKERS = Math.min(2, availableParallelism())

/** Batches that may be under way: each thread has the next one waiting. */
export const UNDER_WAY = 2 * WORKERS

/** Fewer statements than this are read here: the way to another thread would cost more. */
const WORTH_SENDING = 64

/** Opens statements and reads what they say for the figures, in threads, so that others are answered meanwhile. */
export class FactReaders {
  readonly #workers = Array.from(
    { length: WORKERS },
    () => new WorkerCalls<FactOrder, FactAnswer>(new URL('factWorker.ts', import.meta.url)),
  )
  #next = 0

  /** In their order. @throws LedgerError as `readFact`; unavailable/SEALING_WORKER_LOST */
  async read(statements: readonly SealedStatement[]): Promise<readonly Fact[]> {
    if (statements.length < WORTH_SENDING)
      return statements.flatMap((statement) => readFact(statement) ?? [])
    const worker = this.#workers[this.#next++ % WORKERS] as WorkerCalls<FactOrder, FactAnswer>
    const sealed = joinBytes(statements.map((statement) => statement.sealed))
    const dataKeys = joinBytes(statements.map((statement) => statement.dataKey))
    const order: FactOrder = {
      statements: statements.map(({ index, kind, at, commitment }) => ({
        index,
        kind,
        at,
        commitment,
      })),
      sealed,
      lengths: statements.map((statement) => statement.sealed.length),
      dataKeys,
    }
    const answer = await worker.call(order, [sealed.buffer, dataKeys.buffer])
    if (answer.failed === undefined) return answer.facts
    const { kind, code, details } = answer.failed
    throw new LedgerError(kind, code, details)
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()))
  }
}
