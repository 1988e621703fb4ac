import type { Clock } from '../../../../node/ledger/anchoring/ports.ts'

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = 1_800_000_000_000
  #sleepers: { readonly until: number; readonly wake: () => void }[] = []

  now(): number {
    return this.#now
  }

  /** When each sleeper will wake, from now on, in milliseconds. */
  get pauses(): number[] {
    return this.#sleepers.map(({ until }) => until - this.#now)
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + milliseconds, wake: resolve }
      this.#sleepers.push(sleeper)
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        resolve()
      })
    })
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
    const due = this.#sleepers.filter(({ until }) => until <= this.#now)
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now)
    for (const { wake } of due) wake()
  }
}
