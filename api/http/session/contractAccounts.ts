import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Accounts } from './accounts.ts'

/** Refused signatures for one account from one address, in a minute. */
const REFUSED_A_MINUTE = 10

/**
 * Asks contract accounts for their word, which asks the chain: so nobody may have them asked without end. Counted for
 * each caller by itself, for anybody can send what an account refuses, and would keep its owner out.
 */
export class ContractAccounts {
  readonly #accounts: Pick<Accounts, 'isValidSignature'>
  readonly #refused = new RateLimiterMemory({ points: REFUSED_A_MINUTE, duration: 60 })

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
    const key = `${account} ${caller}`
    // Counted before the chain answers: many at once are many.
    await this.#count(key)
    const isValid = await isValidSignature(account, digest, signature)
    if (isValid) await this.#refused.reward(key)
    return isValid
  }

  async #count(key: string): Promise<void> {
    try {
      await this.#refused.consume(key)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      const retryAfter = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
      throw new LedgerError('tooMany', 'SIGN_INS_TOO_MANY', { retryAfter })
    }
  }
}
