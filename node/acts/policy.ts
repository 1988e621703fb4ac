import type { AnchorPolicy } from '../ledger/anchoring/policy.ts'

/** How acts are relayed. Times in milliseconds. */
export interface RelayPolicy extends Pick<
  AnchorPolicy,
  'finalDepth' | 'stuckAfter' | 'poll' | 'idlePoll' | 'grace' | 'backoff' | 'maxFeePerGas'
> {
  /** Transactions that are sent before the first of them is mined. Nodes keep few of one account. */
  readonly inFlight: number
  /** Acts that may be on their way; beyond, callers are turned away. */
  readonly waiting: number
  /** Acts of one account: in a minute, and of these within one second. */
  readonly perMinute: number
  readonly burst: number
}

const USUAL = { inFlight: 16, waiting: 10_000, perMinute: 60, burst: 20 }

/** @param chain how its anchors are followed */
export function relayPolicy(chain: AnchorPolicy, change: Partial<RelayPolicy> = {}): RelayPolicy {
  const { finalDepth, stuckAfter, poll, idlePoll, grace, backoff, maxFeePerGas } = chain
  return {
    ...USUAL,
    stuckAfter,
    poll,
    idlePoll,
    grace,
    backoff,
    ...(finalDepth !== undefined && { finalDepth }),
    ...(maxFeePerGas !== undefined && { maxFeePerGas }),
    ...change,
  }
}
