import { isLedgerError, LedgerError } from '../core/errors.ts'
import { backoffPause } from '../chain/backoff.ts'
import type { Clock } from '../ledger/anchoring/ports.ts'
import { RelayCycle } from './cycle.ts'
import type { CycleParts, RelayEvent } from './cycle.ts'
import type { Outcome, RelayRecord } from './records.ts'

export interface RelayParts extends Omit<CycleParts, 'now'> {
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number
}

/** How relaying is doing, for /readyz and /metrics. */
export interface RelayStatus {
  /** Acts on their way to the chain. */
  readonly waiting: number
  /** Times that outcomes were taken back, and sendings again, since the start. */
  readonly lost: number
  readonly resent: number
  /** The failure of the last look; undefined when it went well. `at` in milliseconds since 1970. */
  readonly error: { readonly code: string; readonly at: number } | undefined
}

type Waiter = (record: RelayRecord | undefined) => void

/** Brings acts to the chain, look after look, until it is closed. */
export class Relay {
  readonly #parts: RelayParts
  readonly #cycle: RelayCycle
  readonly #closing = new AbortController()
  readonly #waiters = new Map<number, Set<Waiter>>()
  readonly #steps: (() => Promise<void>)[] = []
  #running: Promise<void> = Promise.resolve()
  #alarm = new AbortController()
  #failures = 0
  #lost = 0
  #resent = 0
  #error: RelayStatus['error']

  constructor(parts: RelayParts) {
    this.#parts = parts
    this.#cycle = new RelayCycle({
      ...parts,
      now: () => parts.clock.now(),
      report: (event) => this.#note(event),
    })
  }

  start(): void {
    this.#running = this.#run()
  }

  /** An act was logged: looks at once. */
  wake(): void {
    this.#alarm.abort()
  }

  /** Runs a step between two looks, while nothing else changes the records. */
  between(step: () => Promise<void>): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(closed())
    const done = new Promise<void>((resolve, reject) => {
      this.#steps.push(() => step().then(resolve, reject))
    })
    this.wake()
    return done
  }

  /**
   * What became of an act, as soon as it has an outcome; undefined when the signal aborts first.
   *
   * @throws LedgerError unavailable/RELAY_CLOSED
   */
  async outcome(index: number, signal: AbortSignal): Promise<Outcome | undefined> {
    const known = await this.#parts.journal.find(index)
    if (known?.outcome || signal.aborted) return known?.outcome
    if (this.#closing.signal.aborted) throw closed()
    const record = await new Promise<RelayRecord | undefined>((resolve) => {
      this.#waiters.set(index, (this.#waiters.get(index) ?? new Set()).add(resolve))
      signal.addEventListener('abort', () => this.#forget(index, resolve), { once: true })
      // It may have come while the record was read.
      void this.#parts.journal.find(index).then((found) => {
        if (found?.outcome) this.#forget(index, resolve, found)
      })
    })
    if (record === undefined && this.#closing.signal.aborted) throw closed()
    return record?.outcome
  }

  status(): RelayStatus {
    const waiting = this.#parts.journal.openCount
    return { waiting, lost: this.#lost, resent: this.#resent, error: this.#error }
  }

  /** One look, as `start` repeats them; answers the pause until the next, in milliseconds. */
  async look(): Promise<number> {
    const { policy } = this.#parts
    try {
      for (const step of this.#steps.splice(0)) await step()
      const awaits = await this.#cycle.look()
      if (this.#error) this.#parts.report({ type: 'recovered' })
      this.#error = undefined
      this.#failures = 0
      return awaits ? policy.poll : policy.idlePoll
    } catch (error) {
      if (!isLedgerError(error)) throw error
      return this.#fail(error)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.wake()
    for (const waiters of this.#waiters.values()) for (const tell of waiters) tell(undefined)
    await this.#running
    for (const step of this.#steps.splice(0)) await step().catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      this.#alarm = new AbortController()
      const alarm = AbortSignal.any([signal, this.#alarm.signal])
      const pause = await this.look()
      await this.#parts.clock.sleep(pause, alarm)
    }
  }

  #fail(error: LedgerError): number {
    // Being closed in the middle of a look is no failure.
    if (this.#closing.signal.aborted) return 0
    const { code } = error
    if (this.#error?.code !== code) this.#parts.report({ type: 'failed', code })
    this.#error = { code, at: this.#parts.clock.now() }
    this.#failures++
    return backoffPause(this.#parts.policy.backoff, this.#failures, this.#parts.random)
  }

  #note(event: RelayEvent): void {
    if (event.type === 'lost') this.#lost += event.acts
    if (event.type === 'resent') this.#resent++
    if (event.type === 'mined' || event.type === 'refused') this.#tell(event.index)
    this.#parts.report(event)
  }

  #tell(index: number): void {
    const waiters = this.#waiters.get(index)
    if (waiters === undefined) return
    this.#waiters.delete(index)
    void this.#parts.journal.find(index).then((record) => {
      for (const tell of waiters) tell(record)
    })
  }

  #forget(index: number, waiter: Waiter, record?: RelayRecord): void {
    const waiters = this.#waiters.get(index)
    waiters?.delete(waiter)
    if (waiters?.size === 0) this.#waiters.delete(index)
    waiter(record)
  }
}

function closed(): LedgerError {
  return new LedgerError('unavailable', 'RELAY_CLOSED')
}
