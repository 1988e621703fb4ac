import type { BlockId, Head } from '../chain/chain.ts'
import type { RegistryChain, RegistryEvent } from '../chain/registries.ts'
import { LedgerError } from '../core/errors.ts'

/** Blocks asked for at a time, to begin with and at most. */
const FIRST_SPAN = 1_000
const LONGEST_SPAN = 100_000
/** Events that are good to get at a time. */
const MANY_EVENTS = 10_000

/** `events` are all there are above the block that was read from, up to `to`. */
export interface ReadBlocks {
  readonly to: Head
  readonly events: readonly RegistryEvent[]
}

/** Reads events of a chain that may change while it is read. */
export class ChainReader {
  readonly #chain: RegistryChain
  readonly #from: number
  #span = FIRST_SPAN

  /** @param from the first block that counts */
  constructor(chain: RegistryChain, from: number) {
    this.#chain = chain
    this.#from = from
  }

  /**
   * The events after `base`, of some blocks towards the head; undefined when `base` is no longer part of the chain.
   *
   * @throws LedgerError unavailable/CHAIN_NONSENSE, CHAIN_MOVED and what the chain throws
   */
  async readAfter(base: BlockId | undefined, head: Head): Promise<ReadBlocks | undefined> {
    const from = Math.max(this.#from, base === undefined ? 0 : base.number + 1)
    const last = Math.min(head.number, from + this.#span - 1)
    const to = last === head.number ? head : await this.#chain.block(last)
    if (to === undefined) throw moved(last)
    const events = from > last ? [] : await this.#events(from, last)
    // A hash stands for all blocks below: if both still stand, what was read in between belongs to them.
    const [toNow, baseNow] = await Promise.all([
      this.#chain.block(to.number),
      base && this.#chain.block(base.number),
    ])
    if (base !== undefined && baseNow?.hash !== base.hash) return undefined
    if (toNow?.hash !== to.hash) throw moved(to.number)
    assertOrdered(events, from, to)
    return { to, events }
  }

  /** The newest of `known`, ascending, that the chain has. */
  async newestCommon(known: readonly BlockId[], head: Head): Promise<Head | undefined> {
    let [low, high] = [0, known.length]
    let common: Head | undefined
    // If the chain has a block, it has all below it.
    while (low < high) {
      const middle = (low + high) >>> 1
      const { number, hash } = known[middle] as BlockId
      const block = await this.#blockUpTo(number, head)
      if (block?.hash === hash) {
        common = block
        low = middle + 1
      } else {
        high = middle
      }
    }
    return common
  }

  async #blockUpTo(number: number, head: Head): Promise<Head | undefined> {
    if (number > head.number) return undefined
    return number === head.number ? head : this.#chain.block(number)
  }

  async #events(from: number, to: number): Promise<readonly RegistryEvent[]> {
    try {
      const events = await this.#chain.events(from, to)
      if (events.length > MANY_EVENTS) this.#span = Math.max(1, this.#span >>> 1)
      else if (events.length < MANY_EVENTS / 4 && to - from + 1 === this.#span)
        this.#span = Math.min(LONGEST_SPAN, this.#span * 2)
      return events
    } catch (error) {
      // Less may be answered where this was not.
      this.#span = Math.max(1, this.#span >>> 1)
      throw error
    }
  }
}

function assertOrdered(events: readonly RegistryEvent[], from: number, to: Head): void {
  let before: RegistryEvent | undefined
  for (const event of events) {
    const { number, hash } = event.block
    const follows =
      before === undefined ||
      before.block.number < number ||
      (before.block.hash === hash && before.logIndex < event.logIndex)
    const isWithin = number >= from && (number < to.number || hash === to.hash)
    if (!follows || !isWithin)
      throw new LedgerError('unavailable', 'CHAIN_NONSENSE', { block: number, event: event.type })
    before = event
  }
}

function moved(block: number): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_MOVED', { block })
}
