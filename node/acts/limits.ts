import { RateLimiterMemory, RateLimiterRes, RateLimiterUnion } from 'rate-limiter-flexible'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { RelayPolicy } from './policy.ts'

/** Keeps one account from spending what the relayer pays for all. */
export class ActLimits {
  readonly #limiter: RateLimiterUnion

  constructor({ perMinute, burst }: Pick<RelayPolicy, 'perMinute' | 'burst'>) {
    this.#limiter = new RateLimiterUnion(
      new RateLimiterMemory({ keyPrefix: 'minute', points: perMinute, duration: 60 }),
      new RateLimiterMemory({ keyPrefix: 'second', points: burst, duration: 1 }),
    )
  }

  /** @throws LedgerError tooMany/ACTS_TOO_MANY; `retryAfter` in seconds */
  async take(account: Hex): Promise<void> {
    try {
      await this.#limiter.consume(account)
    } catch (refused) {
      const waits = Object.values(refused as Record<string, unknown>)
        .filter((each) => each instanceof RateLimiterRes)
        .filter(({ remainingPoints }) => remainingPoints <= 0)
        .map(({ msBeforeNext }) => msBeforeNext)
      if (waits.length === 0) throw refused
      const retryAfter = Math.max(1, Math.ceil(Math.max(...waits) / 1000))
      throw new LedgerError('tooMany', 'ACTS_TOO_MANY', { account, retryAfter })
    }
  }
}
