import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import { LedgerError } from '../../node/core/errors.ts'
import { parseStrictJson, STATEMENT_LIMITS } from '../../node/core/json.ts'
import type { JsonLimits } from '../../node/core/json.ts'
import { parseBy } from '../../node/core/schema.ts'
import { requireDigest } from './contentDigest.ts'
import type { Context } from './route.ts'

/** Bodies up to here are held in memory; longer ones are streamed. */
export const HELD_BYTES = 256 * 1024

/** Announced length in bytes; undefined for a chunked body. */
export function announcedLength(req: IncomingMessage): number | undefined {
  const header = req.headers['content-length']
  if (header !== undefined) return Number(header)
  return req.headers['transfer-encoding'] === undefined ? 0 : undefined
}

/**
 * The whole body.
 *
 * @param code thrown as tooLarge when it is longer than `maxBytes`
 * @throws LedgerError invalid/UPLOAD_ABORTED
 */
export function readWhole(
  req: IncomingMessage,
  res: ServerResponse,
  maxBytes: number,
  code: string,
): Promise<Buffer> {
  begin(req, res, maxBytes, code)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    req.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) {
        req.pause()
        reject(new LedgerError('tooLarge', code, { maxBytes }))
      } else chunks.push(chunk)
    })
    req.on('end', () => {
      const [only] = chunks
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length))
    })
    req.on('error', (cause) => reject(aborted(cause)))
  })
}

/**
 * A JSON body, read strictly.
 *
 * @param code for what does not fit the schema
 * @throws LedgerError invalid/BODY_EMPTY, JSON_*, CONTENT_DIGEST_*, and as `readWhole`
 */
export async function readJson<T>(
  { req, res }: Context,
  schema: z.ZodType<T>,
  code: string,
  limits: JsonLimits = STATEMENT_LIMITS,
): Promise<T> {
  const body = await readWhole(req, res, limits.bytes, 'BODY_TOO_LARGE')
  if (body.length === 0) throw new LedgerError('invalid', 'BODY_EMPTY')
  requireDigest(req, body)
  return parseBy(schema, parseStrictJson(body, limits), code)
}

/**
 * The body as it comes, with the sender held back by the reader.
 * Leaves the connection open when the reader stops early, so that it can still be answered.
 *
 * @throws LedgerError as `readWhole`
 */
export async function* readChunks(
  req: IncomingMessage,
  res: ServerResponse,
  maxBytes: number,
  code: string,
): AsyncGenerator<Buffer> {
  begin(req, res, maxBytes, code)
  let length = 0
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length
      if (length > maxBytes) break
      yield chunk as Buffer
    }
  } catch (cause) {
    throw aborted(cause)
  }
  if (length > maxBytes) throw new LedgerError('tooLarge', code, { maxBytes })
}

function begin(req: IncomingMessage, res: ServerResponse, maxBytes: number, code: string): void {
  const encoding = req.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new LedgerError('invalid', 'CONTENT_ENCODING_UNSUPPORTED')
  if ((announcedLength(req) ?? 0) > maxBytes) throw new LedgerError('tooLarge', code, { maxBytes })
  // RFC 9110 §10.1.1: a client that asks first sends its body only after this.
  if (req.headers.expect !== undefined && req.httpVersion !== '1.0') res.writeContinue()
}

function aborted(cause: unknown): LedgerError {
  return cause instanceof LedgerError
    ? cause
    : new LedgerError('invalid', 'UPLOAD_ABORTED', {}, { cause })
}
