import { parseEntry } from '../core/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { UseRecord } from './uses.ts'

type Listener = (use: UseRecord) => void

/** Tells of uses and refusals once they are logged, whoever answered: a data check is refused as a use is. */
export class RecordedUses {
  readonly #ledger: Pick<Ledger, 'getEntry'>
  readonly #listeners = new Set<Listener>()

  constructor(ledger: Pick<Ledger, 'getEntry'>) {
    this.#ledger = ledger
  }

  /** Answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async tell(index: number, statement: UseRecord['statement']): Promise<void> {
    if (this.#listeners.size === 0) return
    const { at } = parseEntry(await this.#ledger.getEntry(index))
    for (const listener of this.#listeners) listener({ id: statement.id, index, at, statement })
  }
}
