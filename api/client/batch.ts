import { LedgerError } from '../../node/core/errors.ts'
import { concatBytes, utf8 } from '../../node/core/bytes.ts'
import { canonicalize } from '../../node/core/json.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { BatchRefused, BatchTaken, MATERIALS_TYPE, NDJSON_TYPE } from '../http/materials/schema.ts'
import { readJsonLines } from './lines.ts'
import { refusalOf } from './refusal.ts'
import type { Call, Transport } from './transport.ts'

/** What became of one submission. `line` counts from 1 over the whole batch. */
export type BatchResult =
  | {
      readonly line: number
      readonly id: string
      readonly index: number
      readonly created: boolean
      /** What is wrong with it, as a code: it is not to be used until somebody has looked at it. */
      readonly quarantine?: string
      /** Evidence JSON text; absent when it was not asked for. Verify it before you rely on it. */
      readonly evidence?: string
    }
  | { readonly line: number; readonly id: string; readonly error: LedgerError }

/** A submission by its digests alone, or with its content, of 128 KiB at most. */
export type BatchItem = MaterialSubmission | BatchItemWithContent

export interface BatchItemWithContent {
  readonly submission: MaterialSubmission
  readonly content: Uint8Array
}

export interface BatchOptions {
  /** False leaves the evidence out of the results. */
  readonly evidence?: boolean
  readonly signal?: AbortSignal
}

/** Lines and bytes of one request at most: few enough to be sent again when a connection breaks. */
const REQUEST_LINES = 2_000
const REQUEST_LENGTH = 2 * 1024 * 1024

/**
 * Hands submissions in by requests of a few thousand, and yields what became of them in their order.
 * Each gets its id here, unless it has one, so that what is sent again is found to be there.
 */
export async function* submitBatch(
  transport: Transport,
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
  options: BatchOptions,
): AsyncGenerator<BatchResult, void> {
  let sent: { readonly results: Promise<BatchResult[]> } | undefined
  let first = 1
  for await (const part of partsOf(items)) {
    const next = { results: submitPart(transport, part, first, options) }
    next.results.catch(() => {})
    first += part.length
    // While the results of one part are read, the next is under way.
    if (sent !== undefined) yield* await sent.results
    sent = next
  }
  if (sent !== undefined) yield* await sent.results
}

interface Line {
  readonly id: string
  readonly json: string
  readonly content: Uint8Array | undefined
}

async function* partsOf(
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
): AsyncGenerator<Line[]> {
  let part: Line[] = []
  let length = 0
  for await (const item of items) {
    const { submission, content } =
      'submission' in item ? item : { submission: item, content: undefined }
    const id = submission.id ?? crypto.randomUUID()
    const json = canonicalize({ ...submission, id })
    part.push({ id, json, content })
    length += json.length + (content?.length ?? 0)
    if (part.length < REQUEST_LINES && length < REQUEST_LENGTH) continue
    yield part
    part = []
    length = 0
  }
  if (part.length > 0) yield part
}

/** See `MATERIALS_TYPE`. In one piece: a body of many is read piece by piece. */
function recordsOf(part: readonly Line[]): Uint8Array<ArrayBuffer> {
  return concatBytes(
    ...part.flatMap(({ json, content = NOTHING }) => [
      utf8(`${content.length} ${json}\n`),
      content,
    ]),
  ) as Uint8Array<ArrayBuffer>
}

const NOTHING = new Uint8Array(0)

async function submitPart(
  transport: Transport,
  part: readonly Line[],
  first: number,
  { evidence = true, signal }: BatchOptions,
): Promise<BatchResult[]> {
  const withContents = part.some(({ content }) => content !== undefined)
  const call: Call = {
    method: 'POST',
    headers: {
      'Content-Type': withContents ? MATERIALS_TYPE : NDJSON_TYPE,
      ...(!evidence && { Prefer: 'return=minimal' }),
    },
    body: () => (withContents ? recordsOf(part) : part.map(({ json }) => `${json}\n`).join('')),
    signal,
  }
  return transport.call('/v1/materials/batch', call, async ({ body }) => {
    const results: BatchResult[] = []
    for await (const value of readJsonLines(body)) {
      const { id } = part[results.length] ?? { id: '' }
      results.push(readResult(value, first - 1, id))
    }
    if (results.length < part.length) throw new LedgerError('unavailable', 'ANSWER_CUT_SHORT')
    return results
  })
}

function readResult(value: unknown, offset: number, id: string): BatchResult {
  const refused = BatchRefused.safeParse(value)
  if (refused.success) {
    const { line, problem } = refused.data
    return { line: offset + line, id, error: refusalOf(problem) }
  }
  const { line, status, index, quarantine, evidence } = parseBy(
    BatchTaken,
    value,
    'ANSWER_UNEXPECTED',
  )
  return {
    line: offset + line,
    id,
    index,
    created: status === 201,
    ...(quarantine !== undefined && { quarantine }),
    ...(evidence && { evidence: JSON.stringify(evidence) }),
  }
}
