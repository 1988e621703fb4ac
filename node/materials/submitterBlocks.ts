import { submitterTerm } from '../core/terms/materials.ts'
import { BLOCK, blockOf } from '../core/terms/term.ts'
import type { Write } from '../store/keyValueStore.ts'
import type { TermIndex } from '../store/terms.ts'

/** Part of the log, `from` inclusive, `to` exclusive, that may hold what a submitter handed in. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * Finds what a submitter handed in by one key for each 256 entries of the log that hold any of it: departments hand in
 * by the thousand, and a key for each material would cost more than it is worth. The key leads to the first one of its
 * block.
 */
export class SubmitterBlocks {
  readonly #terms: TermIndex
  /** Where the newest key of each leads. Empty after a start: then a block gets a second key, and that does no harm. */
  readonly #newest = new Map<string, number>()

  constructor(terms: TermIndex) {
    this.#terms = terms
  }

  /** For the batch that logs what the submitter hands in. */
  writes(submitter: string, index: number): Write[] {
    const newest = this.#newest.get(submitter)
    if (newest !== undefined && newest <= index && blockOf(newest) === blockOf(index)) return []
    this.#newest.set(submitter, index)
    return this.#terms.writes([submitterTerm(submitter)], index)
  }

  /** A batch failed, and its key may not be there. */
  forget(submitter: string): void {
    this.#newest.delete(submitter)
  }

  /** Where to look, newest first, before an index. @param size of the log */
  async *stretches(submitter: string, before: number, size: number): AsyncGenerator<Stretch, void> {
    let to = Math.min(before, size)
    for (;;) {
      const [from] = await this.#terms.find(submitterTerm(submitter), { before: to, limit: 1 })
      if (from === undefined) return
      yield { from, to: Math.min(to, (blockOf(from) + 1) * BLOCK) }
      to = from
    }
  }
}
