import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LedgerError } from '../../../node/core/errors.ts'
import { formatSignIn, parseSignIn } from '../../../node/core/signIn.ts'
import type { SignIn } from '../../../node/core/signIn.ts'

/** Milliseconds to sign a message in. */
export const CHALLENGE_LIFE = 5 * 60_000
/** Sign-ins of the last five minutes that are remembered; each took a good signature. */
const MAX_SPENT = 200_000

const NONCE =
  /^(?<before>[^]*\nNonce: (?<random>[0-9a-f]{32}))(?<mac>[0-9a-f]{32})(?<after>\n[^]*)$/

/**
 * Messages to sign in with, made without keeping any: the second half of a nonce is a MAC over the whole message, so
 * that only what was composed here comes back as such, and a flood of requests holds no memory.
 *
 * The key lives as long as the process and is nobody else's. So a message is of no use to another node, of the same
 * name or not, nor after a restart, and what was spent need not outlive the process.
 */
export class Challenges {
  readonly #key = randomBytes(32)
  /** Nonces by the moment from which nobody can use them anyway, the earliest first. */
  readonly #spent = new Map<string, number>()
  readonly #now: () => number
  readonly #maxSpent: number

  constructor(now: () => number, maxSpent = MAX_SPENT) {
    this.#now = now
    this.#maxSpent = maxSpent
  }

  /** How many nonces are kept. */
  get held(): number {
    return this.#spent.size
  }

  compose(who: Pick<SignIn, 'origin' | 'account' | 'chainId'>): {
    readonly message: string
    /** RFC 3339. */
    readonly expiresAt: string
  } {
    const now = this.#now()
    const expiresAt = new Date(now + CHALLENGE_LIFE).toISOString()
    const random = randomBytes(16).toString('hex')
    const signIn = { ...who, issuedAt: new Date(now).toISOString(), expiresAt }
    const mac = this.#mac(formatSignIn({ ...signIn, nonce: random }))
    return { message: formatSignIn({ ...signIn, nonce: random + mac }), expiresAt }
  }

  /**
   * What a message says that was composed here, to the letter, and is still good.
   *
   * @throws LedgerError unauthenticated/SIGN_IN_UNKNOWN, SIGN_IN_EXPIRED, SIGN_IN_REUSED
   */
  read(message: string): SignIn {
    const { before = '', mac = '', after = '' } = NONCE.exec(message)?.groups ?? {}
    const expected = Buffer.from(this.#mac(before + after))
    if (mac.length !== expected.length || !timingSafeEqual(Buffer.from(mac), expected))
      throw new LedgerError('unauthenticated', 'SIGN_IN_UNKNOWN')
    const signIn = parseSignIn(message)
    if (this.#now() >= Date.parse(signIn.expiresAt))
      throw new LedgerError('unauthenticated', 'SIGN_IN_EXPIRED')
    if (this.#spent.has(signIn.nonce)) throw new LedgerError('unauthenticated', 'SIGN_IN_REUSED')
    return signIn
  }

  /**
   * Takes the nonce of a signed message; of several requests at once, one.
   *
   * @throws LedgerError unauthenticated/SIGN_IN_REUSED
   * @throws LedgerError tooMany/SIGN_INS_TOO_MANY rather than forget one too early
   */
  spend({ nonce }: SignIn): void {
    if (this.#spent.has(nonce)) throw new LedgerError('unauthenticated', 'SIGN_IN_REUSED')
    const now = this.#now()
    for (const [spent, until] of this.#spent) {
      if (until > now) break
      this.#spent.delete(spent)
    }
    if (this.#spent.size >= this.#maxSpent)
      throw new LedgerError('tooMany', 'SIGN_INS_TOO_MANY', { retryAfter: 60 })
    this.#spent.set(nonce, now + CHALLENGE_LIFE)
  }

  /** 128 bits are plenty where every guess is a request. */
  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, 32)
  }
}
