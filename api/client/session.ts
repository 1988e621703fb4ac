import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import { parseBy } from '../../node/core/schema.ts'
import { parseSignIn } from '../../node/core/signIn.ts'
import { Challenge, NewSession } from '../http/session/schema.ts'
import type { Signer } from './signer.ts'
import type { TokenSource, Transport } from './transport.ts'

const PATH = '/v1/session'

/** What is to be known of a session; its token stays inside. */
export type SessionInfo = Pick<NewSession, 'address' | 'expiresAt'>

/** A session is renewed this long before it ends, or in its last tenth where that is less. Milliseconds. */
const EARLY = 30_000

interface Held extends SessionInfo {
  readonly token: string
  /** By the caller's own clock, which the ledger's need not agree with; from before it was asked for. */
  readonly opened: number
  readonly life: number
  readonly idle: number
  usedAt: number
}

/** Signs in when a token is needed and the last one is about to end; of many calls at once, one does. */
export class ClientSession implements TokenSource {
  readonly #transport: Transport
  readonly #signer: Signer
  readonly #address: string
  #held: Held | undefined
  #opening: Promise<Held> | undefined

  constructor(transport: Transport, signer: Signer) {
    this.#transport = transport
    this.#signer = signer
    this.#address = signer.address.toLowerCase()
  }

  async open(): Promise<SessionInfo> {
    const { address, expiresAt } = await this.#renew()
    return { address, expiresAt }
  }

  async token(): Promise<string> {
    const now = performance.now()
    const held = this.#held && isFresh(this.#held, now) ? this.#held : await this.#renew()
    held.usedAt = now
    return held.token
  }

  /** Ends it at the ledger, too, unless it has ended there by itself. */
  async close(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (held === undefined || !isFresh(held, performance.now())) return
    const headers = { Authorization: `Bearer ${held.token}` }
    try {
      await this.#transport.call(PATH, { method: 'DELETE', headers, isPublic: true }, () => {})
    } catch (error) {
      if (!isLedgerError(error, 'SESSION_ENDED')) throw error
    }
  }

  forget(token: string): void {
    if (this.#held?.token === token) this.#held = undefined
  }

  #renew(): Promise<Held> {
    this.#opening ??= this.#signIn().finally(() => (this.#opening = undefined))
    return this.#opening
  }

  async #signIn(): Promise<Held> {
    const { message } = await this.#post(`${PATH}/challenge`, { address: this.#address }).then(
      (answer) => parseBy(Challenge, answer, 'ANSWER_UNEXPECTED'),
    )
    this.#requireOwn(message)
    const signature = (await this.#signer.signMessage(message)).toLowerCase()
    const opened = performance.now()
    const session = parseBy(
      NewSession,
      await this.#post(PATH, { message, signature }),
      'ANSWER_UNEXPECTED',
    )
    const { life, idle, ...rest } = session
    this.#held = { ...rest, opened, usedAt: opened, life: life * 1000, idle: idle * 1000 }
    return this.#held
  }

  /** A site that poses as the ledger would have another's message signed. */
  #requireOwn(message: string): void {
    const { origin, account } = parseSignIn(message)
    if (origin !== this.#transport.origin || account !== this.#address)
      throw new LedgerError('unverified', 'SIGN_IN_FOREIGN', { origin, account })
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#transport.call(
      path,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: () => JSON.stringify(body),
        isPublic: true,
      },
      (response) => response.json(),
    )
  }
}

function isFresh({ opened, life, usedAt, idle }: Held, now: number): boolean {
  return now < opened + life - early(life) && now < usedAt + idle - early(idle)
}

function early(time: number): number {
  return Math.min(EARLY, time / 10)
}
