import { isError, JsonRpcProvider, Network } from 'ethers'
import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from 'ethers'
import { z } from 'zod'
import { LedgerError } from '../../core/errors.ts'
import type { Hex } from '../chain.ts'

/** Bytes of one answer. The largest that is asked for is a block with all its transactions. */
const MAX_ANSWER = 64 * 1024 * 1024

const Answer = z.looseObject({
  id: z.number(),
  result: z.unknown().optional(),
  // Some nodes send a null beside every result.
  error: z.looseObject({ code: z.number(), message: z.string() }).nullish(),
})

export type RefusalReason = 'nonceUsed' | 'feeTooLow' | 'fundsLow' | 'reverted' | 'other'

/** The node understood the request and said no. A caller that knows why turns it into its own error. */
export class RpcRefusal extends LedgerError {
  readonly reason: RefusalReason
  /** What the contract answered as it reverted. */
  readonly revertData: Hex | undefined

  constructor(method: string, said: string, reason: RefusalReason, revertData?: Hex) {
    super('unavailable', 'CHAIN_REFUSED', { method, said: said.slice(0, 200) })
    this.reason = reason
    this.revertData = revertData
  }
}

export interface Connection {
  readonly url: string
  /** Milliseconds that one request may take. */
  readonly timeout: number
  /** Ends every request that is under way. */
  readonly signal: AbortSignal
}

/**
 * JSON-RPC over HTTP with a limit on everything: time, size, redirects, retries.
 * The address may hold a secret, so it never reaches an error.
 */
export class HttpProvider extends JsonRpcProvider {
  readonly #connection: Connection
  readonly #url: string
  readonly #headers: Record<string, string>

  constructor(connection: Connection) {
    // The network is a placeholder that keeps ethers from asking in a loop which one it is:
    // the chain id is asked and compared with every look instead.
    const network = Network.from(1)
    super(undefined, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1 })
    this.#connection = connection
    const url = new URL(connection.url)
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    this.#headers = {
      'content-type': 'application/json',
      ...(credentials !== ':' && { authorization: `Basic ${btoa(credentials)}` }),
    }
    url.username = ''
    url.password = ''
    this.#url = url.href
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const text = await this.#post(JSON.stringify(payload))
    const { id, result, error } = parseAnswer(text)
    // ethers tells failure from success by the mere presence of `error`.
    return [error ? ({ id, error } as unknown as JsonRpcResult) : { id, result }]
  }

  /** ethers knows the words in which the many nodes refuse. Its errors hold addresses, so none is passed on. */
  override getRpcError({ method, params }: JsonRpcPayload, answer: JsonRpcError): RpcRefusal {
    const said = answer.error.message ?? ''
    const known = super.getRpcError({ id: 0, jsonrpc: '2.0', method, params }, answer)
    if (isError(known, 'CALL_EXCEPTION') && (known.data !== null || /revert/i.test(said))) {
      return new RpcRefusal(method, said, 'reverted', (known.data ?? undefined) as Hex | undefined)
    }
    return new RpcRefusal(method, said, reasonOf(known, said))
  }

  async #post(body: string): Promise<string> {
    const { signal, timeout } = this.#connection
    const late = AbortSignal.timeout(timeout)
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body,
        redirect: 'error',
        signal: AbortSignal.any([signal, late]),
      })
      const text = await readText(response)
      // Many nodes answer refusals with a status of their own and a JSON-RPC error inside.
      if (!response.ok && !isAnswer(text)) {
        throw new LedgerError('unavailable', 'CHAIN_UNREACHABLE', { answered: response.status })
      }
      return text
    } catch (error) {
      if (error instanceof LedgerError) throw error
      if (signal.aborted) throw new LedgerError('unavailable', 'CHAIN_CLOSED')
      if (late.aborted) throw new LedgerError('unavailable', 'CHAIN_TIMEOUT', { timeout })
      throw new LedgerError('unavailable', 'CHAIN_UNREACHABLE', { reason: systemCode(error) })
    }
  }
}

/** @throws LedgerError invalid/CHAIN_URL_MALFORMED, without the value: it may hold a secret */
export function parseUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new LedgerError('invalid', 'CHAIN_URL_MALFORMED')
  }
  return url
}

function reasonOf(error: Error, said: string): RefusalReason {
  if (isError(error, 'NONCE_EXPIRED')) return 'nonceUsed'
  if (isError(error, 'INSUFFICIENT_FUNDS')) return 'fundsLow'
  if (isError(error, 'REPLACEMENT_UNDERPRICED')) return 'feeTooLow'
  return /underpriced|fee too low/i.test(said) ? 'feeTooLow' : 'other'
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_ANSWER) throw new LedgerError('unavailable', 'CHAIN_NONSENSE', { length })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parseAnswer(text: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(text))
  } catch {
    throw new LedgerError('unavailable', 'CHAIN_NONSENSE')
  }
}

function isAnswer(text: string): boolean {
  try {
    return Answer.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** Such as ECONNREFUSED or ENOTFOUND; fetch hides it in the cause. */
function systemCode(error: unknown): string | undefined {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : undefined
}
