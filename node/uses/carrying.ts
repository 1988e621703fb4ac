import { isLedgerError } from '../core/errors.ts'
import type { Clock } from '../ledger/anchoring/ports.ts'
import type { PendingUse, PendingUses } from './pendingUses.ts'
import { isRefusal } from './receipts.ts'

export interface CarryingParts {
  readonly pending: Pick<PendingUses, 'all'>
  /** Answers uses. */
  readonly uses: CarriesOn
  /** Answers those with questions. */
  readonly checks: CarriesOn
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

export interface CarriesOn {
  /** Answers what is pending, unless something did meanwhile. @throws LedgerError as if it had been asked for now */
  carryOn(pending: PendingUse, signal: AbortSignal): Promise<void>
}

/** Milliseconds between two looks at what is pending: mostly nothing is. */
const PAUSE = 2_000

/**
 * Brings to its end what was being counted when the node died, or when whoever asked had waited long enough. So a count
 * is followed by its answer although nobody asks again.
 */
export class UseCarrier {
  readonly #parts: CarryingParts
  readonly #closing = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(parts: CarryingParts) {
    this.#parts = parts
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Once over all that is pending: whatever cannot be answered now stays. */
  async look(): Promise<void> {
    const { pending, onError } = this.#parts
    const { signal } = this.#closing
    const carrying = (await pending.all()).map(async (one) => {
      try {
        await this.#answererOf(one).carryOn(one, signal)
      } catch (error) {
        // A refusal is an answer, and logged; what is out of order here may be in order at the next look.
        if (isRefusal(error) || signal.aborted) return
        if (!isLedgerError(error) || error.kind === 'corrupt') onError(error)
      }
    })
    await Promise.all(carrying)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    const { clock, onError } = this.#parts
    while (!signal.aborted) {
      await this.look().catch(onError)
      await clock.sleep(PAUSE, signal)
    }
  }

  #answererOf({ request }: PendingUse): CarriesOn {
    return request.questions === undefined ? this.#parts.uses : this.#parts.checks
  }
}
