import { figuresOf } from '../core/figures/figures.ts'
import type { DepartmentFigures, MonthlyFigures } from '../core/figures/figures.ts'
import { boundsOf, monthOf } from '../core/figures/month.ts'
import type { Month } from '../core/figures/month.ts'
import { MonthTally } from '../core/figures/tally.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { readContext } from './context.ts'
import { countBatches } from './counting.ts'
import type { CountingParts } from './counting.ts'
import { OpenedCases } from './openedCases.ts'
import { Sources } from './sources.ts'
import { StatementReaders } from './statementReaders.ts'
import { firstAt, scanStored } from './storedStatements.ts'

export interface FiguresParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  /** Entries of the log so far. */
  readonly size: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Months whose sums are kept: the current one, and those that were asked for last. */
const KEPT = 4

/**
 * Figures of a month, recomputed from the log; of a month that was counted before, from where that ended. Whoever has the
 * data and its keys comes to the same.
 */
export class LedgerFigures {
  readonly #parts: FiguresParts
  readonly #counting: CountingParts
  readonly #readers: StatementReaders
  readonly #months = new Map<Month, CountedMonth>()

  constructor(parts: FiguresParts) {
    this.#parts = parts
    this.#readers = new StatementReaders(parts.ring)
    const sources = new Sources(parts.store, this.#readers)
    const cases = new OpenedCases({ ...parts, sources })
    this.#counting = { readers: this.#readers, sources, cases }
  }

  /** The month of this moment. */
  currentMonth(): Month {
    return monthOf(this.#parts.now())
  }

  /**
   * @param signal ends counting when nobody waits any more; what was counted is kept
   * @throws LedgerError as `countBatches`
   */
  ofMonth(month: Month, signal?: AbortSignal): Promise<MonthlyFigures> {
    return this.#count(month, { limit: Infinity, signal }, async ({ tally, next, unreadable }) => {
      const departments = figuresOf(tally, await readContext(tally, next, this.#parts))
      return { month, size: next, unreadable, departments }
    })
  }

  /** As far as the month comes by counting at most `limit` entries more; `left` are still to be counted. */
  catchUp(month: Month, limit: number): Promise<CaughtUp> {
    return this.#count(month, { limit }, async ({ tally, next, left }) => ({
      left,
      departments: figuresOf(tally, await readContext(tally, next, this.#parts)),
    }))
  }

  async #count<Result>(
    month: Month,
    how: Counting,
    read: (counted: CountedMonth) => Promise<Result>,
  ): Promise<Result> {
    const counted = this.#counted(month)
    try {
      return await counted.advance(how, read)
    } catch (error) {
      // Half a batch may have been counted: the next one begins anew.
      if (how.signal?.aborted !== true) this.#months.delete(month)
      throw error
    }
  }

  /** Ends the threads that read; nothing is asked any more. */
  close(): Promise<void> {
    return this.#readers.close()
  }

  #counted(month: Month): CountedMonth {
    const known = this.#months.get(month) ?? new CountedMonth(month, this.#parts, this.#counting)
    this.#months.delete(month)
    this.#months.set(month, known)
    const [oldest] = this.#months.keys()
    if (this.#months.size > KEPT && oldest !== undefined) this.#months.delete(oldest)
    return known
  }
}

export interface CaughtUp {
  readonly departments: readonly DepartmentFigures[]
  readonly left: number
}

interface Counting {
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/** One month, as far as it was counted. */
class CountedMonth {
  readonly tally = new MonthTally()
  unreadable = 0
  /** First entry of the month, once it is begun. */
  first = 0
  /** Entry to go on with. */
  next = 0
  readonly #bounds: readonly [from: number, to: number]
  readonly #parts: FiguresParts
  readonly #counting: CountingParts
  #isBegun = false
  #end = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(month: Month, parts: FiguresParts, counting: CountingParts) {
    this.#bounds = boundsOf(month)
    this.#parts = parts
    this.#counting = counting
  }

  /** Entries that were there when it was last looked, and were not counted. */
  get left(): number {
    return this.#end - this.next
  }

  /** One after the other: each entry is counted once, and nothing is counted while somebody reads. */
  async advance<Result>(
    how: Counting,
    read: (counted: CountedMonth) => Promise<Result>,
  ): Promise<Result> {
    const turn = this.#last.then(async () => {
      await this.#advance(how)
      return read(this)
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  async #advance({ signal, limit }: Counting): Promise<void> {
    const [from, to] = this.#bounds
    const { store } = this.#parts
    const size = this.#parts.size()
    if (!this.#isBegun) this.first = this.next = await firstAt(store, from, size)
    this.#isBegun = true
    this.#end = Math.max(this.next, await firstAt(store, to, size))
    const range = { from: this.next, to: Math.min(this.#end, this.next + limit) }
    const scan = scanStored(store, range)
    for await (const { erased, next } of countBatches(scan, this, this.#counting)) {
      this.unreadable += erased
      this.next = next
      signal?.throwIfAborted()
    }
  }
}
