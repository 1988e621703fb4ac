import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import { kindOf } from '../http/status.ts'

export interface ClientOptions {
  /** Where the ledger listens, such as http://127.0.0.1:8080. */
  readonly url: string | URL
  /** Bearer token; what is public needs none. */
  readonly token?: string
  /** Tries of one request at most, the first included; 5 unless given. */
  readonly tries?: number
  readonly fetch?: typeof fetch
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  /** Called for each try. A body that can be sent once only makes the call unrepeatable. */
  readonly body?: () => BodyInit
  readonly isRepeatable?: boolean
  /** Everybody may do this: no token goes along, and none is asked of a wallet for it. */
  readonly isPublic?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Tokens that end, and can be had anew. */
export interface TokenSource {
  token(): Promise<string>
  /** The ledger knows this one no longer. */
  forget(token: string): void
}

const TRIES = 5
/** Milliseconds before the second try, doubled for each further one. */
const FIRST_PAUSE = 200
/** No server is waited for longer than this at once, in milliseconds. */
const LONGEST_PAUSE = 30_000

/** Sends requests, again where that is safe, and turns refusals into the ledger's own errors. */
export class Transport {
  readonly #base: URL
  readonly #options: ClientOptions
  #tokens: TokenSource | undefined

  constructor(options: ClientOptions) {
    this.#base = new URL(options.url)
    this.#options = options
  }

  get origin(): string {
    return this.#base.origin
  }

  /** From now on these tokens go along; undefined: the one of the options, if any. */
  useTokens(tokens: TokenSource | undefined): void {
    this.#tokens = tokens
  }

  /**
   * What `read` makes of the answer. Where the call is repeatable, a reading that breaks off is
   * repeated with it.
   *
   * @throws LedgerError with the ledger's code and details
   * @throws LedgerError unavailable/LEDGER_UNREACHABLE, unavailable/ANSWER_UNEXPECTED
   */
  async call<T>(
    path: string,
    call: Call,
    read: (response: Response) => T | Promise<T>,
  ): Promise<T> {
    const tries = call.isRepeatable === false ? 1 : (this.#options.tries ?? TRIES)
    const tokens = call.isPublic === true ? undefined : this.#tokens
    for (let attempt = 1; ; attempt++) {
      const token = call.isPublic === true ? undefined : await this.#token(tokens)
      try {
        const response = await reached(() => this.#send(path, call, token), call.signal)
        if (!response.ok) throw await readRefusal(response)
        return await reached(() => read(response), call.signal)
      } catch (error) {
        const isEnded = tokens !== undefined && isLedgerError(error, 'SESSION_ENDED')
        if (isEnded) tokens.forget(token ?? '')
        if (attempt >= tries || !(isEnded || isPassing(error))) throw error
        await pause(isEnded ? 0 : pauseAfter(error, attempt), call.signal)
      }
    }
  }

  async #token(tokens: TokenSource | undefined): Promise<string | undefined> {
    return tokens === undefined ? this.#options.token : tokens.token()
  }

  #send(
    path: string,
    { method = 'GET', headers, body, signal }: Call,
    token: string | undefined,
  ): Promise<Response> {
    const { fetch: send = fetch } = this.#options
    const sent = body?.()
    return send(new URL(path, this.#base), {
      method,
      headers: { ...headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
      ...(sent !== undefined && { body: sent }),
      // What streams is sent before it is answered: the only way that fetch knows.
      ...(sent instanceof ReadableStream && { duplex: 'half' }),
      ...(signal && { signal }),
    })
  }
}

/** `fetch` and its bodies throw a TypeError for whatever happens to the connection. */
async function reached<T>(step: () => T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof SyntaxError)
      throw new LedgerError('invalid', 'ANSWER_UNEXPECTED', {}, { cause })
    if (!(cause instanceof TypeError)) throw cause
    throw new LedgerError('unavailable', 'LEDGER_UNREACHABLE', {}, { cause })
  }
}

async function readRefusal(response: Response): Promise<LedgerError> {
  const { status, headers } = response
  const seconds = Number(headers.get('Retry-After') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? { retryAfter: seconds } : {}
  const problem: unknown = await response.json().catch(() => undefined)
  if (typeof problem !== 'object' || problem === null || !('code' in problem))
    return new LedgerError(kindOf(status), 'ANSWER_UNEXPECTED', { status, ...retryAfter })
  return new LedgerError(kindOf(status), String(problem.code), { ...problem, ...retryAfter })
}

/** Another try may go better, and nobody waits for something else by then. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof LedgerError) || error.code === 'ANCHOR_TIMEOUT') return false
  return error.kind === 'tooMany' || error.kind === 'unavailable'
}

function pauseAfter(error: unknown, attempt: number): number {
  const asked = error instanceof LedgerError ? Number(error.details['retryAfter']) : Number.NaN
  const own = FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
  return Math.min(LONGEST_PAUSE, Number.isFinite(asked) ? asked * 1000 : own)
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
