import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Accounts } from './accounts.ts'

/** Refused signatures from one address in a minute: for one account, and for all together. */
const FOR_ONE = 10
const FOR_ALL = 60

/**
 * Asks contract accounts for their word, which asks the chain: so nobody may have them asked without end. Counted for
 * each caller by itself, for anybody can send what an account refuses, and would keep its owner out.
 */
export class ContractAccounts {
  readonly #accounts: Pick<Accounts, 'isValidSignature'>
  readonly #ofOne = new RateLimiterMemory({ points: FOR_ONE, duration: 60 })
  readonly #ofAll = new RateLimiterMemory({ points: FOR_ALL, duration: 60 })

  constructor(accounts: Pick<Accounts, 'isValidSignature'>) {
    this.#accounts = accounts
  }

  /** @throws LedgerError tooMany/SIGN_INS_TOO_MANY; `retryAfter` in seconds */
  async isValidSignature(
    account: Hex,
    digest: Uint8Array,
    signature: Hex,
    caller: string,
  ): Promise<boolean> {
    const { isValidSignature } = this.#accounts
    if (isValidSignature === undefined) return false
    const one = `${account} ${caller}`
    // Counted before the chain answers: many at once are many.
    await count(this.#ofOne, one)
    await count(this.#ofAll, caller)
    const isValid = await isValidSignature(account, digest, signature)
    if (isValid) await Promise.all([this.#ofOne.reward(one), this.#ofAll.reward(caller)])
    return isValid
  }
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const retryAfter = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
    throw new LedgerError('tooMany', 'SIGN_INS_TOO_MANY', { retryAfter })
  }
}
