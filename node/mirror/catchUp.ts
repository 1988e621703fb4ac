import type { BlockId, Head, Hex } from '../chain/chain.ts'
import type { RegistryChain, RegistryEvent } from '../chain/registries.ts'
import { isLedgerError } from '../core/errors.ts'
import { applyEvent } from './apply.ts'
import type { MirrorBatch } from './batch.ts'
import { ChainReader } from './chainReader.ts'
import type { ReadBlocks } from './chainReader.ts'
import type { MirrorChange } from './mirror.ts'
import type { MirrorState } from './state.ts'

/** Events recorded in one commit, if they are of several blocks: some 20 ms of this thread. */
const EVENTS_AT_ONCE = 500

/**
 * Blocks without events whose hashes are remembered while the process lives: a shallow reorganisation then undoes
 * nothing.
 */
const RECENT_BLOCKS = 64

export interface CatchUpParts {
  readonly state: MirrorState
  readonly chain: RegistryChain
  /** The first block that counts. */
  readonly from: number
  readonly changed: (change: MirrorChange) => void
  /** What is held is known not to be the chain's any more. */
  readonly diverged: () => void
}

/** Brings the mirror nearer to the chain's head, step by step. */
export class CatchUp {
  readonly #parts: CatchUpParts
  readonly #reader: ChainReader
  #recent: BlockId[] = []
  #isForgotten = false

  constructor(parts: CatchUpParts) {
    this.#parts = parts
    this.#reader = new ChainReader(parts.chain, parts.from)
  }

  /**
   * Answers whether the mirror is at that head.
   *
   * @throws LedgerError unavailable/MIRROR_EVENTS_MISSING after forgetting everything, so that the next step begins
   *   anew
   */
  async step(head: Head): Promise<boolean> {
    const { state } = this.#parts
    await state.resume()
    try {
      const base = state.block
      if (base?.number === head.number && base.hash === head.hash) return true
      const read =
        base === undefined || base.number < head.number
          ? await this.#reader.readAfter(base, head)
          : undefined
      if (read === undefined) await this.#rejoin(head)
      else await this.#record(state.begin(), read)
    } catch (error) {
      // The chain did not tell all: a node of it that lags answers for blocks it does not have yet.
      if (isLedgerError(error, 'MIRROR_EVENTS_MISSING')) await this.forget()
      throw error
    }
    return state.block?.number === head.number && state.block.hash === head.hash
  }

  async forget(): Promise<void> {
    this.#recent = []
    this.#isForgotten ||= this.#parts.state.block !== undefined
    this.#parts.diverged()
    await this.#parts.state.empty()
  }

  /** Of the block that is held at that height; undefined when it is not remembered. */
  hashAt(number: number): Hex | undefined {
    return this.#known().find((block) => block.number === number)?.hash
  }

  /** Takes back what the chain took back, and records what it has instead, in one commit as far as that goes. */
  async #rejoin(head: Head): Promise<void> {
    const { state, diverged } = this.#parts
    diverged()
    const common = await this.#reader.newestCommon(this.#known(), head)
    const lost = state.kept.filter(({ number }) => common === undefined || number > common.number)
    if (common === undefined) return this.forget()
    const read = await this.#reader.readAfter(common, head)
    // It moved again.
    if (read === undefined) return
    const batch = state.begin()
    for (const block of lost.toReversed()) batch.takeBack(state.undoOf(block))
    if (common.number < (state.block?.number ?? 0)) batch.standAt(common.number)
    this.#recent = this.#recent.filter(({ number }) => number <= common.number)
    await this.#record(batch, read)
  }

  /** Every block where the mirror can come to stand again, ascending. */
  #known(): BlockId[] {
    const { kept, block } = this.#parts.state
    if (block === undefined) return []
    // What was recorded below the first of these cannot be taken back.
    const lowest = kept[0]?.number ?? 0
    const recent = this.#recent.filter(({ number }) => number > lowest)
    return [...kept, ...recent, block].toSorted((a, b) => a.number - b.number)
  }

  async #record(first: MirrorBatch, { to, events }: ReadBlocks): Promise<void> {
    const { state } = this.#parts
    const blocks = blocksOf(events)
    const firstUndoable = blocks.length - state.keptBlocks
    let batch = first
    let held: RegistryEvent[] = []
    for (const [position, ofBlock] of blocks.entries()) {
      batch.startBlock((ofBlock[0] as RegistryEvent).block, position >= firstUndoable)
      for (const event of ofBlock) applyEvent(event, batch)
      held.push(...ofBlock)
      if (held.length < EVENTS_AT_ONCE || position === blocks.length - 1) continue
      await this.#commit(batch, held, (ofBlock[0] as RegistryEvent).block)
      batch = state.begin()
      held = []
    }
    await this.#commit(batch, held, to)
    this.#recent = [...this.#recent, to].slice(-RECENT_BLOCKS)
  }

  async #commit(batch: MirrorBatch, events: readonly RegistryEvent[], block: Head): Promise<void> {
    await this.#parts.state.commit(batch, block)
    const undoneTo = this.#isForgotten ? -1 : batch.undoneTo
    this.#isForgotten = false
    this.#parts.changed({ ...(undoneTo !== undefined && { undoneTo }), events, block })
  }
}

function blocksOf(events: readonly RegistryEvent[]): RegistryEvent[][] {
  const blocks: RegistryEvent[][] = []
  for (const event of events) {
    const last = blocks.at(-1)
    if (last?.[0]?.block.number === event.block.number) last.push(event)
    else blocks.push([event])
  }
  return blocks
}
