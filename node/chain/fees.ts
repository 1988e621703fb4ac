import type { Fees } from './chain.ts'

/**
 * What replaces a transaction of the same nonce: an eighth more of everything, since the strictest
 * nodes want 12.5 %, and no less than the market. A chain whose gas is free stays free.
 */
export function bumpFees(previous: Fees, market: Fees): Fees {
  if ('gasPrice' in previous) {
    return { gasPrice: bump(previous.gasPrice, priceOf(market)) }
  }
  const tip = 'gasPrice' in market ? market.gasPrice : market.maxPriorityFeePerGas
  return {
    maxFeePerGas: bump(previous.maxFeePerGas, priceOf(market)),
    maxPriorityFeePerGas: bump(previous.maxPriorityFeePerGas, tip),
  }
}

/** The same offer, or the largest that the cap allows: it waits until the market comes down. */
export function capFees(fees: Fees, cap: bigint | undefined): Fees {
  if (cap === undefined || priceOf(fees) <= cap) return fees
  if ('gasPrice' in fees) return { gasPrice: cap }
  const { maxPriorityFeePerGas: tip } = fees
  return { maxFeePerGas: cap, maxPriorityFeePerGas: tip < cap ? tip : cap }
}

/** The most that a unit of gas may cost, in wei. */
export function priceOf(fees: Fees): bigint {
  return 'gasPrice' in fees ? fees.gasPrice : fees.maxFeePerGas
}

function bump(previous: bigint, market: bigint): bigint {
  if (previous === 0n && market === 0n) return 0n
  const raised = (previous * 9n + 7n) / 8n
  const bumped = raised > previous ? raised : previous + 1n
  return bumped > market ? bumped : market
}
