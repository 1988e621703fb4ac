import { LedgerError } from '../../../node/core/errors.ts'
import { parseStrictJson, STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { readSubmission } from '../../../node/core/statement.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { answerLines } from '../answerLines.ts'
import type { LineWork, Pieces } from '../answerLines.ts'
import { presentProblem, toLedgerError } from '../errors.ts'
import { findHeader, parseIdempotencyKey, parsePrefer } from '../headers.ts'
import { principalOf } from '../route.ts'
import type { Context } from '../route.ts'
import { NDJSON_TYPE } from './schema.ts'

/** Takes one submission a line and answers one result a line, see `answerLines`. */
export function answerBatch(ctx: Context, materials: Materials, maxBytes: number): Promise<void> {
  return answerLines(ctx, {
    mediaType: NDJSON_TYPE,
    maxBytes,
    maxLine: STATEMENT_LIMITS.bytes,
    take: createTaker(ctx, materials),
    refuse: problemLine,
  })
}

function createTaker(ctx: Context, materials: Materials): LineWork['take'] {
  const submitter = principalOf(ctx).name
  const key = parseIdempotencyKey(findHeader(ctx.req, 'idempotency-key'))
  const { minimal } = parsePrefer(findHeader(ctx.req, 'prefer'))
  return async (number, line) => {
    if (line === undefined)
      throw new LedgerError('tooLarge', 'STATEMENT_TOO_LARGE', {
        maxBytes: STATEMENT_LIMITS.bytes,
      })
    const { id, index, created, evidence } = await materials.submit({
      submission: readSubmission(parseStrictJson(line)),
      submitter,
      // No key that a client sends holds a space.
      ...(key !== undefined && { idempotencyKey: `${key} ${number}` }),
    })
    const status = created ? 201 : 200
    const start = `{"line":${number},"status":${status},"id":"${id}","index":${index}`
    return minimal
      ? [Buffer.from(`${start}}\n`)]
      : [Buffer.from(`${start},"evidence":`), evidence, LINE_END]
  }
}

const LINE_END = Buffer.from('}\n')

/** Of any batch that answers in NDJSON. */
export function problemLine(line: number, thrown: unknown): Pieces {
  const error = toLedgerError(thrown)
  const problem = presentProblem(error)
  return [Buffer.from(`${JSON.stringify({ line, status: problem.status, problem })}\n`)]
}
