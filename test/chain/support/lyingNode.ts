import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A JSON-RPC answer in place of the real one: `result`, `error`, or anything that is sent as it is. */
export type Lie =
  | { readonly result: unknown }
  | { readonly error: unknown }
  | { readonly raw: string; readonly status?: number; readonly headers?: Record<string, string> }
  | 'silence'
  | 'hang up'

/** An RPC node that passes questions on to another, except for those that it lies about. */
export class LyingNode {
  /** By method; '*' for all. The truth is given, to be altered. */
  readonly lies = new Map<string, (truth: () => Promise<unknown>) => Lie | Promise<Lie>>()
  /** By method: a lie that depends on what was asked, or the truth where it answers none. */
  readonly limits = new Map<string, (params: unknown[]) => Lie | undefined>()
  /** Every method that was asked for. */
  readonly asked: string[] = []
  readonly authorizations: (string | undefined)[] = []
  readonly #server: Server
  readonly #upstream: string | undefined

  static async start(upstream?: string): Promise<LyingNode> {
    const node = new LyingNode(upstream)
    node.#server.listen(0, '127.0.0.1')
    await once(node.#server, 'listening')
    return node
  }

  private constructor(upstream?: string) {
    this.#upstream = upstream
    this.#server = createServer((request, response) => {
      this.authorizations.push(request.headers.authorization)
      void text(request).then((body) => this.#answer(body, response))
    })
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}`
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #answer(body: string, response: ServerResponse): Promise<void> {
    const { id, method, params } = JSON.parse(body) as {
      id: number
      method: string
      params: unknown[]
    }
    this.asked.push(method)
    const limited = this.limits.get(method)?.(params)
    if (limited !== undefined)
      return void response.end(JSON.stringify({ id, ...(limited as object) }))
    const lie = this.lies.get(method) ?? this.lies.get('*')
    if (lie === undefined) return void response.end(await this.#ask(body))
    const told = await lie(async () => {
      const answer = JSON.parse(await this.#ask(body)) as { result: unknown }
      return answer.result
    })
    if (told === 'silence') return
    if (told === 'hang up') return void response.destroy()
    if ('raw' in told) {
      response.writeHead(told.status ?? 200, told.headers)
      return void response.end(told.raw)
    }
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...told }))
  }

  async #ask(body: string): Promise<string> {
    if (this.#upstream === undefined) throw new Error('nobody to ask')
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(this.#upstream, { method: 'POST', headers, body })
    return response.text()
  }
}
