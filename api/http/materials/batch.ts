import { LedgerError } from '../../../node/core/errors.ts'
import { parseStrictJson, STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { readSubmission } from '../../../node/core/statement.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { answerLines, answerRecords } from '../answerLines.ts'
import type { Pieces } from '../answerLines.ts'
import { presentProblem, toLedgerError } from '../errors.ts'
import { findHeader, parseIdempotencyKey, parseMediaType, parsePrefer } from '../headers.ts'
import { principalOf } from '../route.ts'
import type { Context } from '../route.ts'
import { RecordSplitter } from './records.ts'
import { MATERIALS_TYPE, NDJSON_TYPE } from './schema.ts'

/**
 * Takes one submission a line, by its digests, or one a record, with its content, and answers one result a line; see
 * `answerLines`.
 */
export function answerBatch(ctx: Context, materials: Materials, maxBytes: number): Promise<void> {
  const take = createTaker(ctx, materials)
  const answer = { mediaType: NDJSON_TYPE, maxBytes, refuse: problemLine }
  if (parseMediaType(ctx.req.headers['content-type']) === MATERIALS_TYPE) {
    return answerRecords(ctx, {
      ...answer,
      splitter: new RecordSplitter(),
      async take(number, { line, content, refusal }) {
        if (refusal !== undefined) throw refusal
        return take(number, line, content)
      },
    })
  }
  return answerLines(ctx, {
    ...answer,
    maxLine: STATEMENT_LIMITS.bytes,
    take,
  })
}

const STATEMENT_LIMIT = { maxBytes: STATEMENT_LIMITS.bytes }

/** @param line undefined where it was too long */
type Taker = (number: number, line: Uint8Array | undefined, content?: Uint8Array) => Promise<Pieces>

function createTaker(ctx: Context, materials: Materials): Taker {
  const submitter = principalOf(ctx).name
  const key = parseIdempotencyKey(findHeader(ctx.req, 'idempotency-key'))
  const { minimal } = parsePrefer(findHeader(ctx.req, 'prefer'))
  return async (number, line, content) => {
    if (line === undefined)
      throw new LedgerError('tooLarge', 'STATEMENT_TOO_LARGE', STATEMENT_LIMIT)
    const { id, index, created, evidence, quarantine } = await materials.submit({
      submission: readSubmission(parseStrictJson(line)),
      submitter,
      ...(content && { content }),
      // No key that a client sends holds a space.
      ...(key !== undefined && { idempotencyKey: `${key} ${number}` }),
    })
    const status = created ? 201 : 200
    const doubt = quarantine === undefined ? '' : `,"quarantine":"${quarantine.code}"`
    const start = `{"line":${number},"status":${status},"id":"${id}","index":${index}${doubt}`
    return minimal
      ? [Buffer.from(`${start}}\n`)]
      : [Buffer.from(`${start},"evidence":`), evidence, LINE_END]
  }
}

const LINE_END = Buffer.from('}\n')

/** Of any batch that answers in NDJSON. */
function problemLine(line: number, thrown: unknown): Pieces {
  const error = toLedgerError(thrown)
  const problem = presentProblem(error)
  return [Buffer.from(`${JSON.stringify({ line, status: problem.status, problem })}\n`)]
}
