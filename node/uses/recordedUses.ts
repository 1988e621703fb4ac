import type { RecordedUse } from './uses.ts'

type Listener = (use: RecordedUse) => void

/** Tells of uses and refusals once they are logged, whoever answered: a data check is refused as a use is. */
export class RecordedUses {
  readonly #listeners = new Set<Listener>()

  /** Answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(use: RecordedUse): void {
    for (const listener of this.#listeners) listener(use)
  }
}
