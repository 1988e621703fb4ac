import { reclaimContents } from '../node/ledger/reclaim.ts'
import type { ReclaimParts } from '../node/ledger/reclaim.ts'

/** Milliseconds: many erasures are followed by one run. */
const PAUSE = 10_000

/** Reclaims the room of erased contents in the background, some time after it was asked to. */
export class Reclaimer {
  readonly #parts: ReclaimParts
  readonly #onError: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: ReclaimParts, onError: (error: unknown) => void) {
    this.#parts = parts
    this.#onError = onError
  }

  schedule(): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#running = this.#running.then(() => this.#run())
    }, PAUSE).unref()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      await reclaimContents(this.#parts)
    } catch (error) {
      // Nothing is lost: what was not moved lies where it lay.
      if (!this.#isClosed) this.#onError(error)
    }
  }
}
