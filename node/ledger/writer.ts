import { isLedgerError, LedgerError } from '../core/errors.ts'
import { encodeStatement } from '../core/statement.ts'
import { idKey } from '../store/layout.ts'
import type { Asked } from './deduplication.ts'
import { GroupCommit } from './groupCommit.ts'
import type { GroupParts, Waiting } from './groupCommit.ts'
import { replayKey } from './idempotency.ts'
import type { Appended, Draft, Idempotency } from './ledger.ts'

/** Entries in one batch at most: bounds the memory of a group and how long it keeps the event loop. */
const GROUP_LIMIT = 1024

export interface WriterParts extends GroupParts {
  /** Appends that may wait; beyond, callers are turned away. */
  readonly queueLimit: number
}

/** The one writer. Appends queue; it takes all that wait, commits them together, and meanwhile the next group gathers. */
export class Writer {
  readonly #parts: WriterParts
  readonly #queue: Waiting[] = []
  readonly #steps: (() => Promise<void>)[] = []
  #working: Promise<void> | undefined
  #stopped: LedgerError | undefined
  readonly #groups: GroupCommit

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#groups = new GroupCommit(parts)
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Why nothing can be appended any more. */
  get stopped(): LedgerError | undefined {
    return this.#stopped
  }

  append(draft: Draft): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) throw this.#stopped
      if (this.#queue.length >= this.#parts.queueLimit)
        throw new LedgerError('tooMany', 'LEDGER_BUSY', { waiting: this.#queue.length })
      const statement = encodeStatement(draft.statement)
      const key = idKey(this.#parts.ring.blind('id', draft.statement.id))
      const replay = draft.idempotency && this.#replayOf(draft.idempotency)
      this.#queue.push({ draft, statement, idKey: key, replay, resolve, reject })
      this.#working ??= this.#work()
    })
  }

  /** Runs a step between two groups, while nothing else is committed to the log's records. */
  between<T>(step: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#steps.push(() => step().then(resolve, reject))
      this.#working ??= this.#work()
    })
  }

  /** Finishes what waits and refuses what comes. */
  async close(): Promise<void> {
    this.#stopped ??= new LedgerError('unavailable', 'LEDGER_CLOSED')
    await this.#working
    await this.#groups.close()
  }

  #replayOf({ fingerprint, ...name }: Idempotency): Asked['replay'] {
    return { key: replayKey(this.#parts.ring, name), fingerprint }
  }

  async #work(): Promise<void> {
    // One turn of the event loop lets every request that has already arrived join the group.
    await new Promise(setImmediate)
    while (this.#queue.length > 0 || this.#steps.length > 0) {
      for (const step of this.#steps.splice(0)) await step()
      const group = this.#queue.splice(0, GROUP_LIMIT)
      if (group.length === 0) continue
      try {
        await this.#groups.commit(group)
      } catch (error) {
        this.#fail(group, error)
      }
    }
    this.#working = undefined
  }

  #fail(group: readonly Waiting[], error: unknown): void {
    this.#groups.rollback()
    const known = isLedgerError(error)
      ? error
      : new LedgerError('corrupt', 'LEDGER_STOPPED', {}, { cause: error })
    if (known.kind === 'corrupt') {
      // After damage, or a mistake of ours, a further write could only spread it.
      this.#stopped = known
      for (const waiting of this.#queue.splice(0)) waiting.reject(known)
    }
    // Settling a promise twice does nothing: whoever has an answer keeps it.
    for (const waiting of group) waiting.reject(known)
  }
}
