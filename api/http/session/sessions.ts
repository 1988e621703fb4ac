import { randomBytes } from 'node:crypto'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { digestToken } from '../auth.ts'

export interface SessionLimits {
  /** Milliseconds from sign-in to the end. */
  readonly life: number
  /** Milliseconds after its last use that end a session earlier. */
  readonly idle: number
  readonly perAccount: number
  readonly inAll: number
}

export interface Session {
  readonly account: Hex
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface OpenSession extends Session {
  /**
   * Told when it ends, or at once if it has; meanwhile it is in use, and so does not end for want of it. Answers how to
   * stop.
   */
  readonly onEnd: (listener: () => void) => () => void
}

interface Kept extends Session {
  usedAt: number
  /** Of what was opened in it and is still open. */
  readonly listeners: Set<() => void>
}

/** Tells a session's token from others, also to whoever searches leaked text for secrets. */
const PREFIX = 'session_'

/**
 * Who is signed in. In memory alone, and tokens by their digest alone: a restart ends all, a copy of the memory opens
 * none.
 */
export class Sessions {
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>()
  readonly #byAccount = new Map<Hex, Set<string>>()
  readonly #limits: SessionLimits
  readonly #now: () => number

  constructor(limits: SessionLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  get limits(): SessionLimits {
    return this.#limits
  }

  get count(): number {
    return this.#kept.size
  }

  /**
   * Where there are too many, the least recently used one ends: whoever signs in often, or with many accounts, does not
   * keep others out, and those who work stay in.
   */
  open(account: Hex): Session & { readonly token: string } {
    const now = this.#now()
    for (const [digest, session] of this.#kept) {
      if (!this.#isOver(session, now)) break
      this.#end(digest)
    }
    const own = this.#byAccount.get(account) ?? new Set()
    if (own.size >= this.#limits.perAccount) this.#end(first(own))
    if (this.#kept.size >= this.#limits.inAll) this.#end(first(this.#kept.keys()))
    const token = `${PREFIX}${randomBytes(32).toString('base64url')}`
    const session = {
      account,
      expiresAt: now + this.#limits.life,
      usedAt: now,
      listeners: new Set<() => void>(),
    }
    this.#touch(digestToken(token), session)
    return { token, account, expiresAt: session.expiresAt }
  }

  /**
   * Undefined for a text that is no token of a session.
   *
   * @throws LedgerError unauthenticated/SESSION_ENDED
   */
  find(token: string): OpenSession | undefined {
    if (!token.startsWith(PREFIX)) return undefined
    const digest = digestToken(token)
    const session = this.#kept.get(digest)
    const now = this.#now()
    if (session === undefined || this.#isOver(session, now)) {
      this.#end(digest)
      throw new LedgerError('unauthenticated', 'SESSION_ENDED')
    }
    session.usedAt = now
    this.#touch(digest, session)
    const { account, expiresAt } = session
    return { account, expiresAt, onEnd: (listener) => this.#listen(digest, session, listener) }
  }

  end(token: string): void {
    this.#end(digestToken(token))
  }

  #listen(digest: string, session: Kept, listener: () => void): () => void {
    session.listeners.add(listener)
    if (this.#kept.get(digest) !== session) listener()
    return () => {
      if (session.listeners.delete(listener)) session.usedAt = this.#now()
    }
  }

  #isOver({ expiresAt, usedAt, listeners }: Kept, now: number): boolean {
    const isIdle = listeners.size === 0 && now >= usedAt + this.#limits.idle
    return now >= expiresAt || isIdle
  }

  /** Puts it last: a Map and a Set keep the order of insertion. */
  #touch(digest: string, session: Kept): void {
    this.#remove(digest)
    this.#kept.set(digest, session)
    const own = this.#byAccount.get(session.account)
    if (own === undefined) this.#byAccount.set(session.account, new Set([digest]))
    else own.add(digest)
  }

  #end(digest: string): void {
    const session = this.#remove(digest)
    for (const tell of session?.listeners ?? []) tell()
  }

  #remove(digest: string): Kept | undefined {
    const session = this.#kept.get(digest)
    if (session === undefined) return undefined
    this.#kept.delete(digest)
    const own = this.#byAccount.get(session.account)
    own?.delete(digest)
    if (own?.size === 0) this.#byAccount.delete(session.account)
    return session
  }
}

function first(digests: Iterable<string>): string {
  for (const digest of digests) return digest
  return ''
}
