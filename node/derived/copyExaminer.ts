import { LedgerError } from '../core/errors.ts'
import type { ExaminedCopy } from './examineCopy.ts'
import type { Examination } from './examineWorker.ts'
import { Overrun, Workshop } from './workshop.ts'
import type { Limits } from './workshop.ts'

/** Bytes of a document that is examined for others; whoever has a longer one examines it on a machine of their own. */
export const LONGEST_EXAMINED = 64 * 1024 * 1024

/** Documents in memory, those that are still arriving among them. */
const MOST_HELD = 4

const LIMITS: Limits = { memory: 512 * 1024 * 1024, time: 20_000, waiting: MOST_HELD }

/** Examines documents that anybody may send, in a worker that is ended when one takes too much. */
export class CopyExaminer {
  readonly #workshop: Workshop<Uint8Array, Examination>
  #held = 0

  constructor(limits: Partial<Limits> = {}) {
    const script = new URL('examineWorker.ts', import.meta.url)
    this.#workshop = new Workshop(script, { ...LIMITS, ...limits })
  }

  /**
   * @param read the document, whose bytes nobody asks for unless there is room for them
   * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: it is none of ours, or was cut
   * @throws LedgerError unavailable/DOCUMENTS_BUSY: too many at a time, or this one takes too much
   */
  async examine(read: () => Promise<Uint8Array>): Promise<ExaminedCopy> {
    if (this.#held >= MOST_HELD) throw new LedgerError('unavailable', 'DOCUMENTS_BUSY')
    this.#held += 1
    try {
      const bytes = await read()
      const { found } = await this.#workshop.run(async () => bytes)
      if (found === undefined) throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
      return found
    } catch (cause) {
      if (!(cause instanceof Overrun)) throw cause
      throw new LedgerError('unavailable', 'DOCUMENTS_BUSY', {}, { cause })
    } finally {
      this.#held -= 1
    }
  }

  close(): Promise<void> {
    return this.#workshop.close()
  }
}
