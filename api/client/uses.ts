import type { Hex } from '../../node/core/ethereum/hex.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import type { z } from 'zod'
import { Use, UsePage, UsePreview } from '../http/uses/schema.ts'
import type { UsePreviewRequest } from '../http/uses/schema.ts'
import { readEvents } from './events.ts'
import {
  getEvidence,
  getJson,
  getText,
  hand,
  pages,
  posting,
  queryOf,
  waiting,
} from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** Exactly one of the two. */
export type UsesOf = { readonly holder: Hex } | { readonly user: Hex }

export interface UseOptions {
  /** Makes a repetition by the caller safe, also in another process; one is made unless given. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export interface LiveOptions {
  /** Index of the last use that the caller knows; those after it come first. */
  readonly after?: number
  readonly signal?: AbortSignal
}

export interface UseDocument {
  /** A PDF; or a ZIP, where nothing could be marked. */
  readonly mediaType: string
  readonly fileName: string
  readonly bytes: ReadableStream<Uint8Array>
}

/** Uses of a ledger. Throws as `OnceClient` does. */
export class UseClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Asks with the signatures of the department; answers the receipt. */
  request(request: UseRequest, options: UseOptions = {}): Promise<Handed> {
    const { idempotencyKey = crypto.randomUUID(), signal } = options
    const key = { 'Idempotency-Key': `"${idempotencyKey}"` }
    const call = posting(request, signal ? { signal } : {}, key)
    return hand(this.#transport, '/v1/uses', call)
  }

  /** What the department would sign, in words too, and what speaks against it. */
  preview(request: z.input<typeof UsePreviewRequest>): Promise<UsePreview> {
    return getJson(this.#transport, '/v1/uses/preview', UsePreview, posting(request))
  }

  get(id: string): Promise<Use> {
    return getJson(this.#transport, pathOf(id), Use)
  }

  /** The derived copy, JSON text: its digest stands in the receipt. */
  copy(id: string): Promise<string> {
    return getText(this.#transport, `${pathOf(id)}/copy`)
  }

  /** A whole material, marked for the department and its case, with the derived copy and the evidence inside. */
  document(id: string, options: WaitOptions = {}): Promise<UseDocument> {
    const { wait, call } = waiting(options)
    return this.#transport.call(`${pathOf(id)}/document${queryOf({ wait })}`, call, (response) => {
      const { headers, body } = response
      const [, extension = 'pdf'] =
        /\.([a-z]+)"/.exec(headers.get('Content-Disposition') ?? '') ?? []
      return {
        mediaType: headers.get('Content-Type') ?? 'application/pdf',
        fileName: `${id}.${extension}`,
        bytes: body ?? new Blob().stream(),
      }
    })
  }

  /** Evidence JSON text: the receipt with all that it takes to check it. */
  evidence(id: string, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(id)}/evidence`, options)
  }

  /** Uses and refusals, newest first. */
  list(of: UsesOf): AsyncGenerator<Use, void> {
    return pages(
      (cursor) => {
        return getJson(
          this.#transport,
          `/v1/uses${queryOf({ ...of, limit: '100', cursor })}`,
          UsePage,
        )
      },
      ({ uses }) => uses,
    )
  }

  /** Uses and refusals as they happen, until the session ends or the signal aborts. */
  async *live(holder: Hex, { after, signal }: LiveOptions = {}): AsyncGenerator<Use, void> {
    const headers: Record<string, string> =
      after === undefined ? {} : { 'Last-Event-ID': String(after) }
    const path = `/v1/uses/live${queryOf({ holder })}`
    const body = await this.#transport.call(path, { headers, signal }, ({ body }) => body)
    for await (const { event, data } of readEvents(body))
      if (event === 'use') yield parseBy(Use, JSON.parse(data), 'ANSWER_UNEXPECTED')
  }
}

function pathOf(id: string): string {
  return `/v1/uses/${encodeURIComponent(id)}`
}
