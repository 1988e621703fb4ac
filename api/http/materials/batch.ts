import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseStrictJson, STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { readSubmission } from '../../../node/core/statement.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { readChunks } from '../body.ts'
import { createDigestCheck } from '../contentDigest.ts'
import { presentProblem, toLedgerError } from '../errors.ts'
import { findHeader, parseIdempotencyKey, parsePrefer } from '../headers.ts'
import { LineSplitter } from '../lines.ts'
import { OrderedWindow } from '../orderedWindow.ts'
import { finishStream } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Context } from '../route.ts'
import { NDJSON_TYPE } from './schema.ts'

/** Lines under way at once: enough for the ledger to commit large groups, few enough to die young. */
const WINDOW = 512
/** Bytes that are written to the socket at once. */
const WRITE_SIZE = 64 * 1024

/**
 * Takes one submission a line and answers one result a line, in the same order, both streamed:
 * a client that does not read its results is not read from either.
 * A bad line gets its problem, the others are taken.
 */
export async function answerBatch(
  ctx: Context,
  materials: Materials,
  maxBytes: number,
): Promise<void> {
  const { req, res } = ctx
  const take = createTaker(ctx, materials)
  const digest = createDigestCheck(req)
  const chunks = readChunks(req, res, maxBytes, 'BATCH_TOO_LARGE')
  const first = await chunks.next()
  if (first.done === true) throw new LedgerError('invalid', 'BODY_EMPTY')

  const results = new OrderedWindow<Line>(WINDOW)
  const lines = splitLines(first.value, chunks, digest.update)
  ctx.respond = false
  res.writeHead(200, { 'Content-Type': NDJSON_TYPE, 'Cache-Control': 'no-store' })
  await Promise.all([takeLines(), writeResults(res, results)])
  finishStream(ctx)

  async function takeLines(): Promise<void> {
    let number = 0
    try {
      for await (const some of lines) {
        for (const line of some) {
          number += 1
          if (line?.length === 0) continue
          if (results.isFull) await results.hasRoom()
          results.add(take(number, line))
        }
      }
      digest.finish()
    } catch (thrown) {
      // What was taken stays taken; the last line says why the batch ends here.
      results.add(Promise.resolve(problemLine(number + 1, thrown)))
    }
    results.end()
  }
}

/** A line of the answer, in pieces. */
type Line = readonly Uint8Array[]

type Taker = (number: number, line: Uint8Array | undefined) => Promise<Line>

function createTaker(ctx: Context, materials: Materials): Taker {
  const submitter = principalOf(ctx).name
  const key = parseIdempotencyKey(findHeader(ctx.req, 'idempotency-key'))
  const { minimal } = parsePrefer(findHeader(ctx.req, 'prefer'))
  return async (number, line) => {
    try {
      if (line === undefined)
        throw new LedgerError('tooLarge', 'STATEMENT_TOO_LARGE', STATEMENT_LIMIT)
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
    } catch (thrown) {
      return problemLine(number, thrown)
    }
  }
}

const LINE_END = Buffer.from('}\n')

const STATEMENT_LIMIT = { maxBytes: STATEMENT_LIMITS.bytes }

function problemLine(line: number, thrown: unknown): Line {
  const error = toLedgerError(thrown)
  const problem = presentProblem(error)
  return [Buffer.from(`${JSON.stringify({ line, status: problem.status, problem })}\n`)]
}

async function* splitLines(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  seen: (chunk: Uint8Array) => void,
): AsyncGenerator<Iterable<Uint8Array | undefined>, void> {
  const splitter = new LineSplitter(STATEMENT_LIMITS.bytes)
  seen(first)
  yield splitter.push(first)
  for await (const chunk of rest) {
    seen(chunk)
    yield splitter.push(chunk)
  }
  yield splitter.end()
}

async function writeResults(res: ServerResponse, results: OrderedWindow<Line>): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  let pieces: Uint8Array[] = []
  let length = 0
  for await (const line of results) {
    pieces.push(...line)
    length += line.reduce((sum, piece) => sum + piece.length, 0)
    if (length < WRITE_SIZE && !results.isEmpty) continue
    // Nobody reads any more: what is under way still finishes, and is found again by its id.
    if (!gone.signal.aborted && !res.write(Buffer.concat(pieces, length)))
      await once(res, 'drain', { signal: gone.signal }).catch(() => {})
    pieces = []
    length = 0
  }
}
