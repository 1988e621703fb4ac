import type { BlockId, Head } from '../chain/chain.ts'
import type { RegistryChain, Relayer } from '../chain/registries.ts'
import type { SignedAct } from '../core/acts/acts.ts'
import { LedgerError } from '../core/errors.ts'
import type { RelayJournal } from './journal.ts'
import { Outbox } from './outbox.ts'
import type { RelayPolicy } from './policy.ts'
import { withoutOutcome } from './records.ts'

export interface CycleParts {
  readonly chain: RegistryChain
  readonly relayer: Relayer
  readonly journal: RelayJournal
  readonly policy: RelayPolicy
  /** The act of a logged statement. */
  readonly actAt: (index: number) => Promise<SignedAct>
  readonly now: () => number
  readonly report: (event: RelayEvent) => void
}

/** What an operator should know of; for logs and metrics. */
export type RelayEvent =
  | { readonly type: 'mined' | 'refused'; readonly index: number; readonly block: number }
  /** A transaction was sent again, or replaced at a higher price. */
  | { readonly type: 'resent'; readonly index: number }
  /** The chain took back the outcomes of so many acts. They are sent again. */
  | { readonly type: 'lost'; readonly acts: number }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'recovered' }

/** Blocks that nobody takes back, where a chain does not say what is final: two epochs of Ethereum. */
const USUAL_FINAL_DEPTH = 64

/**
 * One look at the chain and what follows from it. Everything is decided from the chain and the stored records, and
 * every step is safe to repeat, so that a look may end anywhere, by error or crash, and the next one goes on.
 */
export class RelayCycle {
  readonly #parts: CycleParts
  readonly #outbox: Outbox
  /** What all outcomes rest on: the newest block seen, and those in which that look found outcomes. */
  #seen: readonly BlockId[]
  #missingSince: number | undefined
  #isPrepared = false

  constructor(parts: CycleParts) {
    this.#parts = parts
    this.#outbox = new Outbox(parts)
    this.#seen = blocksOf(parts.journal)
  }

  /**
   * Answers whether an act is still on its way.
   *
   * @throws LedgerError unavailable/CHAIN_BEHIND, REGISTRIES_NOT_DEPLOYED, and what `Relayer` throws
   */
  async look(): Promise<boolean> {
    const { chain, journal } = this.#parts
    if (!this.#isPrepared) this.#seen = [...this.#seen, await this.#prepare()]
    let head = await chain.head()
    if (await this.#wentBack(head)) {
      head = await this.#prepare()
      await this.#takeBack()
    }
    this.#seen = [head]
    if (journal.openCount > 0) await this.#advance(head)
    await this.#settle()
    return journal.openCount > 0
  }

  async #advance(head: Head): Promise<void> {
    const { journal } = this.#parts
    const open = new Set(journal.open.map(({ index }) => index))
    try {
      await this.#outbox.advance(head)
    } finally {
      // Blocks come while a look lasts, and may be gone again before the next one.
      const found = journal.unsettled
        .filter(({ index }) => open.has(index))
        .flatMap(({ record }) => record.outcome?.block ?? [])
      this.#seen = distinct([head, ...found])
    }
  }

  /** While the newest block seen stands, all those before it do: they are its ancestors. */
  async #wentBack(head: Head): Promise<boolean> {
    const { now, policy } = this.#parts
    const gone = await this.#firstGone(head)
    if (gone === undefined) {
      this.#missingSince = undefined
      return false
    }
    if (head.number < gone.number) {
      // Nodes behind one address lag apart.
      this.#missingSince ??= now()
      if (now() - this.#missingSince < policy.grace) {
        throw new LedgerError('unavailable', 'CHAIN_BEHIND', { at: head.number })
      }
    }
    return true
  }

  async #firstGone(head: Head): Promise<BlockId | undefined> {
    for (const block of this.#seen) {
      const isThere =
        head.number === block.number ? head.hash === block.hash : await this.#stands(block)
      if (!isThere) return block
    }
    return undefined
  }

  /**
   * A chain without its contracts takes every act, and does nothing. Answers a block in which they stand already: as
   * long as that is there, they are.
   */
  async #prepare(): Promise<Head> {
    const { chain, relayer } = this.#parts
    for (;;) {
      const head = await chain.head()
      if (await relayer.prepare()) continue
      this.#isPrepared = true
      return head
    }
  }

  async #takeBack(): Promise<void> {
    const { journal, report } = this.#parts
    const known = new Map<string, Promise<boolean>>()
    const stands = (block: BlockId) => {
      const asked = known.get(block.hash) ?? this.#stands(block)
      known.set(block.hash, asked)
      return asked
    }
    await journal.unsettleVanished(stands)
    const lost = []
    for (const { index, record } of journal.unsettled) {
      if (record.outcome === undefined || (await stands(record.outcome.block))) continue
      lost.push({ index, record: withoutOutcome(record) })
    }
    await journal.save(lost)
    this.#missingSince = undefined
    if (lost.length > 0) report({ type: 'lost', acts: lost.length })
  }

  async #stands({ number, hash }: BlockId): Promise<boolean> {
    return (await this.#parts.chain.block(number))?.hash === hash
  }

  /** In the order of the log: see `RelayJournal`. */
  async #settle(): Promise<void> {
    const { journal } = this.#parts
    if (journal.isSettled) return
    const [first] = journal.unsettled
    if (first?.record.outcome === undefined) return
    // What was mined in this look may lie above the head that it began with.
    const final = await this.#finalHeight(await this.#parts.chain.head())
    const { unsettled } = journal
    const end = unsettled.findIndex(
      ({ record }) => record.outcome === undefined || record.outcome.block.number > final,
    )
    const oldest = end < 0 ? unsettled : unsettled.slice(0, end)
    if (oldest.length > 0) await journal.settle(oldest)
  }

  async #finalHeight(head: Head): Promise<number> {
    const { policy, relayer } = this.#parts
    if (policy.finalDepth !== undefined) return head.number - policy.finalDepth + 1
    return (await relayer.finalized()) ?? head.number - USUAL_FINAL_DEPTH + 1
  }
}

/** The highest that settled outcomes rest on, and those of all others. */
function blocksOf({ unsettled, through }: RelayJournal): BlockId[] {
  return distinct(
    unsettled.flatMap(({ record }) => record.outcome?.block ?? []).concat(through ?? []),
  )
}

function distinct(blocks: readonly BlockId[]): BlockId[] {
  return [...new Map(blocks.map((block) => [block.hash, block])).values()]
}
