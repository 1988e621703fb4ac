import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import type { Report } from './report.ts'

/** Looks at the entries by themselves, in their order: each can be read, and none is older than the one before. */
export class EntryOrder {
  readonly #malformed: { readonly index: number; readonly reason: string }[] = []
  readonly #backwards: number[] = []
  #lastAt = ''

  inspect(index: number, bytes: Uint8Array): void {
    try {
      const { at } = parseEntry(bytes)
      // One spelling per time: the order of the texts is the order of the times.
      if (at < this.#lastAt) this.#backwards.push(index)
      this.#lastAt = at
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#malformed.push({ index, reason: error.code })
    }
  }

  /** An altered entry may be malformed, or out of order with its neighbours: that is no finding of its own. */
  report(altered: ReadonlySet<number>, report: Report): void {
    for (const { index, reason } of this.#malformed) {
      if (!altered.has(index)) report.add('ENTRY_MALFORMED', `entry ${index}`, { index, reason })
    }
    for (const index of this.#backwards) {
      if (altered.has(index) || altered.has(index - 1)) continue
      report.add('ENTRY_TIME_BACKWARDS', `entry ${index}`, { index })
    }
  }
}
