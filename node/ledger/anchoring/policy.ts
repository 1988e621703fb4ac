import type { Backoff } from '../../chain/backoff.ts'

/** How one chain is used. Times in milliseconds, depths in blocks. */
export interface AnchorPolicy {
  /** From one anchor to the next. */
  readonly interval: number
  /** So many new entries do not wait for the interval. */
  readonly sizeThreshold: number
  /** Blocks from the anchor's own up to the head, both included; at least 1. */
  readonly confirmations: number
  /** The same for "final". Without it the chain says what is final, else 64 blocks do. */
  readonly finalDepth?: number
  /** After this time without a block the fees are raised; doubled with every raise. */
  readonly stuckAfter: number
  /** Between looks while something is awaited. */
  readonly poll: number
  /** Between looks while nothing is. */
  readonly idlePoll: number
  /**
   * How long the head may lie below a known anchor before the anchor counts as lost. Nodes behind one address lag
   * apart.
   */
  readonly grace: number
  readonly backoff: Backoff
  /** In wei. No more is offered for a unit of gas, however long it takes. */
  readonly maxFeePerGas?: bigint
}

export const REMOTE_POLICY: AnchorPolicy = {
  interval: 60_000,
  sizeThreshold: 100_000,
  confirmations: 3,
  stuckAfter: 120_000,
  poll: 2_000,
  idlePoll: 15_000,
  grace: 60_000,
  backoff: { first: 1_000, max: 60_000 },
}

/** One machine makes all the blocks: nothing is ever taken back, except by a crash, and then at once. */
export const EMBEDDED_POLICY: AnchorPolicy = {
  interval: 2_000,
  sizeThreshold: 100_000,
  confirmations: 1,
  finalDepth: 1,
  stuckAfter: 5_000,
  poll: 20,
  idlePoll: 5_000,
  grace: 0,
  backoff: { first: 200, max: 5_000 },
}
