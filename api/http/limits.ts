import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { LedgerError } from '../../node/core/errors.ts'

export interface LimitOptions {
  /** Requests a second for each principal; 0 means no limit. */
  readonly rate: number
  /** The same for each address that shows no token. */
  readonly publicRate: number
  /** Requests of one principal under way at once. */
  readonly concurrency: number
  /** The same for each address that shows no token. */
  readonly publicConcurrency: number
}

/** Keeps one caller from taking the ledger away from the others. */
export interface Limits {
  /**
   * Answers what to call when the request is over.
   *
   * @throws LedgerError tooMany/RATE_LIMITED, CONCURRENCY_LIMITED
   */
  enter(caller: string, isPublic: boolean): Promise<() => void>
}

export function createLimits(options: LimitOptions): Limits {
  const underWay = new Map<string, number>()
  const known = createLimiter(options.rate)
  const unknown = createLimiter(options.publicRate)

  function leave(caller: string): void {
    const count = underWay.get(caller) ?? 0
    if (count <= 1) underWay.delete(caller)
    else underWay.set(caller, count - 1)
  }

  return {
    async enter(caller, isPublic) {
      const count = underWay.get(caller) ?? 0
      const limit = isPublic ? options.publicConcurrency : options.concurrency
      if (count >= limit) throw new LedgerError('tooMany', 'CONCURRENCY_LIMITED', { limit })
      underWay.set(caller, count + 1)
      try {
        await (isPublic ? unknown : known)?.consume(caller)
      } catch (refused) {
        leave(caller)
        if (!(refused instanceof RateLimiterRes)) throw refused
        const retryAfter = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
        throw new LedgerError('tooMany', 'RATE_LIMITED', { retryAfter })
      }
      return () => leave(caller)
    },
  }
}

function createLimiter(rate: number): RateLimiterMemory | undefined {
  return rate === 0 ? undefined : new RateLimiterMemory({ points: rate, duration: 1 })
}
