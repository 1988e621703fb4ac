import { LedgerError } from '../../../../node/core/errors.ts'
import type { Chain } from '../../../../node/chain/chain.ts'
import { MemoryChain } from '../../../../node/chain/memory/memoryChain.ts'
import type { MemoryChainOptions } from '../../../../node/chain/memory/memoryChain.ts'
import { MemoryNetwork } from '../../../../node/chain/memory/memoryNetwork.ts'
import { Anchorer } from '../../../../node/ledger/anchoring/anchorer.ts'
import type { AnchoringEvent } from '../../../../node/ledger/anchoring/cycle.ts'
import type { AnchorPolicy } from '../../../../node/ledger/anchoring/policy.ts'
import type { AnchorStore } from '../../../../node/ledger/anchoring/ports.ts'
import { GrowingLog } from './growingLog.ts'
import { ManualClock } from './manualClock.ts'
import { MemoryAnchorStore } from './memoryAnchorStore.ts'

export const POLICY: AnchorPolicy = {
  interval: 10_000,
  sizeThreshold: 1_000,
  confirmations: 1,
  finalDepth: 3,
  stuckAfter: 60_000,
  poll: 100,
  idlePoll: 5_000,
  grace: 0,
  backoff: { first: 1_000, max: 8_000 },
}

export function failure(): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_TIMEOUT')
}

/** A log, a chain, and what outlives the anchorer between them. */
export class World {
  readonly clock = new ManualClock()
  readonly network = new MemoryNetwork()
  readonly events: AnchoringEvent[] = []
  store: AnchorStore = new MemoryAnchorStore()
  log = new GrowingLog()
  policy = POLICY
  chainOptions: MemoryChainOptions = {}

  chain(): Chain {
    return new MemoryChain(this.network, this.chainOptions)
  }

  /** As after a restart. */
  open(chain: Chain = this.chain()): Promise<Anchorer> {
    return Anchorer.open(
      { name: 'main', chain, policy: this.policy },
      {
        log: this.log,
        store: this.store,
        clock: this.clock,
        random: () => 1,
        report: (event) => this.events.push(event),
      },
    )
  }

  /** Looks until nothing is awaited. */
  async settle(anchorer: Anchorer): Promise<void> {
    for (let looks = 0; looks < 50; looks++) {
      this.clock.advance(await anchorer.look())
      const { state } = anchorer.status()
      if (state === 'idle' || state === 'halted') return
    }
    throw new Error(`did not settle: ${JSON.stringify(anchorer.status())}`)
  }

  /** Grows the log and brings it to the chain. */
  async anchor(anchorer: Anchorer, size: number): Promise<void> {
    this.log.size = size
    this.clock.advance(this.policy.interval)
    await this.settle(anchorer)
  }

  anchoredSize(anchorer: Anchorer): number | undefined {
    const { log } = anchorer.status()
    return log && this.network.head.logs.get(log.logId)?.size
  }
}
