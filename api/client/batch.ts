import { LedgerError } from '../../node/core/errors.ts'
import { canonicalize } from '../../node/core/json.ts'
import { parseBy } from '../../node/core/schema.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { BatchRefused, BatchTaken, NDJSON_TYPE } from '../http/materials/schema.ts'
import { kindOf } from '../http/status.ts'
import { readJsonLines } from './lines.ts'
import type { Call, Transport } from './transport.ts'

/** What became of one submission. `line` counts from 1 over the whole batch. */
export type BatchResult =
  | {
      readonly line: number
      readonly id: string
      readonly index: number
      readonly created: boolean
      /** Evidence JSON text; absent when it was not asked for. Verify it before you rely on it. */
      readonly evidence?: string
    }
  | { readonly line: number; readonly id: string; readonly error: LedgerError }

export interface BatchOptions {
  /** False leaves the evidence out of the results. */
  readonly evidence?: boolean
  readonly signal?: AbortSignal
}

/** Lines and characters of one request at most: few enough to be sent again when a connection breaks. */
const REQUEST_LINES = 2_000
const REQUEST_LENGTH = 2 * 1024 * 1024

/**
 * Hands submissions in by requests of a few thousand, and yields what became of them in their order.
 * Each gets its id here, unless it has one, so that what is sent again is found to be there.
 */
export async function* submitBatch(
  transport: Transport,
  submissions: Iterable<MaterialSubmission> | AsyncIterable<MaterialSubmission>,
  options: BatchOptions,
): AsyncGenerator<BatchResult, void> {
  let sent: { readonly results: Promise<BatchResult[]> } | undefined
  let first = 1
  for await (const part of partsOf(submissions)) {
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
}

async function* partsOf(
  submissions: Iterable<MaterialSubmission> | AsyncIterable<MaterialSubmission>,
): AsyncGenerator<Line[]> {
  let part: Line[] = []
  let length = 0
  for await (const submission of submissions) {
    const id = submission.id ?? crypto.randomUUID()
    const json = canonicalize({ ...submission, id })
    part.push({ id, json })
    length += json.length
    if (part.length < REQUEST_LINES && length < REQUEST_LENGTH) continue
    yield part
    part = []
    length = 0
  }
  if (part.length > 0) yield part
}

async function submitPart(
  transport: Transport,
  part: readonly Line[],
  first: number,
  { evidence = true, signal }: BatchOptions,
): Promise<BatchResult[]> {
  const call: Call = {
    method: 'POST',
    headers: { 'Content-Type': NDJSON_TYPE, ...(!evidence && { Prefer: 'return=minimal' }) },
    body: () => part.map(({ json }) => `${json}\n`).join(''),
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
    const { line, status, problem } = refused.data
    return {
      line: offset + line,
      id,
      error: new LedgerError(kindOf(status), problem.code, problem),
    }
  }
  const { line, status, index, evidence } = parseBy(BatchTaken, value, 'ANSWER_UNEXPECTED')
  return {
    line: offset + line,
    id,
    index,
    created: status === 201,
    ...(evidence && { evidence: JSON.stringify(evidence) }),
  }
}
