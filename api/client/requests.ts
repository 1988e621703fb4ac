import type { z } from 'zod'
import { parseBy } from '../../node/core/schema.ts'
import type { RelayOptions } from './grants.ts'
import type { Call, Transport } from './transport.ts'

/** What the clients of single resources send, and read. */

/** For what everybody may do. */
export const PUBLIC: Call = { isPublic: true }

export interface WaitOptions {
  /** Answer once the entry is anchored; a number says how many seconds to wait at most. */
  readonly anchored?: boolean | number
  readonly signal?: AbortSignal
}

export interface Handed {
  readonly id: string
  /** False when it was there already. */
  readonly created: boolean
  /** Evidence JSON text. Verify it before you rely on it. */
  readonly evidence: string
}

export function getJson<T>(
  transport: Transport,
  path: string,
  schema: z.ZodType<T>,
  call: Call = {},
): Promise<T> {
  return transport.call(path, call, async (response) =>
    parseBy(schema, await response.json(), 'ANSWER_UNEXPECTED'),
  )
}

export function getText(transport: Transport, path: string, call: Call = {}): Promise<string> {
  return transport.call(path, call, (response) => response.text())
}

export function posting(
  body: object,
  { wait, signal }: RelayOptions = {},
  headers: Readonly<Record<string, string>> = {},
): Call {
  const prefer =
    wait === undefined
      ? {}
      : { Prefer: wait === false ? 'respond-async' : `wait=${Math.ceil(wait)}` }
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...prefer, ...headers },
    body: () => JSON.stringify(body),
    signal,
  }
}

/** What is answered with its evidence, and named by its path. */
export function hand(transport: Transport, path: string, call: Call): Promise<Handed> {
  return transport.call(path, call, async (response) => ({
    id: response.headers.get('Location')?.split('/').at(-1) ?? '',
    created: response.status === 201,
    evidence: await response.text(),
  }))
}

export function getEvidence(
  transport: Transport,
  path: string,
  options: WaitOptions = {},
  asked: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const { wait, call } = waiting(options)
  return getText(transport, `${path}${queryOf({ ...asked, wait })}`, call)
}

/** What makes an answer wait until its evidence is anchored. */
export function waiting({ anchored = false, signal }: WaitOptions): {
  readonly wait: 'anchored' | undefined
  readonly call: Call
} {
  const headers: Record<string, string> =
    typeof anchored === 'number' ? { Prefer: `wait=${Math.ceil(anchored)}` } : {}
  return { wait: anchored === false ? undefined : 'anchored', call: { headers, signal } }
}

/** All items, page after page. */
export async function* pages<Page extends { readonly next?: string | undefined }, Item>(
  read: (cursor: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): AsyncGenerator<Item, void> {
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    yield* itemsOf(page)
    cursor = page.next
  } while (cursor !== undefined)
}

/** `?a=b`; what is undefined is left out. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
