import { parseStrictJson, STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { readSubmission } from '../../../node/core/statement.ts'
import type { MaterialSubmission } from '../../../node/core/statement.ts'
import type { SubmitRequest } from '../../../node/materials/materials.ts'
import { announcedLength, HELD_BYTES, readChunks, readWhole } from '../body.ts'
import { promisedDigest, requireDigest } from '../contentDigest.ts'
import { findHeader, parseMediaType, parseStatementHeader } from '../headers.ts'
import { readMultipart } from '../multipart.ts'
import type { Context } from '../route.ts'
import { SubmissionWithContent } from './schema.ts'

export interface Received {
  readonly request: Pick<SubmitRequest, 'submission' | 'content' | 'promised'>
  /** Nothing more of it will be read. */
  readonly stop: () => void
}

/**
 * Reads a submission in any of its three forms; a large content is still on its way when this resolves.
 *
 * @param maxBytes of the content
 * @throws LedgerError invalid/MEDIA_TYPE_UNSUPPORTED and the codes of each form
 */
export function receiveSubmission(ctx: Context, maxBytes: number): Promise<Received> {
  const statement = findHeader(ctx.req, 'once-statement')
  if (statement !== undefined) return receiveRaw(ctx, statement, maxBytes)
  switch (parseMediaType(ctx.req.headers['content-type'])) {
    case 'application/json':
      return receiveDigestsOnly(ctx)
    case 'multipart/form-data':
      return receiveMultipart(ctx, maxBytes)
    default:
      throw new LedgerError('invalid', 'MEDIA_TYPE_UNSUPPORTED', {
        supported: ['application/json', 'multipart/form-data', 'any, with Once-Statement'],
      })
  }
}

/** The body is the content. A machine can always say what it sends, so it has to. */
async function receiveRaw(ctx: Context, header: string, maxBytes: number): Promise<Received> {
  const { req, res } = ctx
  const submission = withContentType(
    parseStatementHeader(header),
    parseMediaType(req.headers['content-type']),
  )
  const promised = promisedDigest(req)
  if (promised === undefined && submission.content.digests === undefined)
    throw new LedgerError('invalid', 'CONTENT_DIGEST_REQUIRED')
  const read = (announcedLength(req) ?? Infinity) <= HELD_BYTES ? readWhole : readChunks
  const content = await read(req, res, maxBytes, 'CONTENT_TOO_LARGE')
  return received({ submission, content, ...(promised !== undefined && { promised: [promised] }) })
}

/** The content stays with the department; a Content-Digest is that of the JSON. */
async function receiveDigestsOnly({ req, res }: Context): Promise<Received> {
  const body = await readWhole(req, res, STATEMENT_LIMITS.bytes, 'STATEMENT_TOO_LARGE')
  if (body.length === 0) throw new LedgerError('invalid', 'BODY_EMPTY')
  requireDigest(req, body)
  return received({ submission: readSubmission(parseStrictJson(body)) })
}

async function receiveMultipart({ req, res }: Context, maxBytes: number): Promise<Received> {
  const form = await readMultipart(req, res, {
    first: { name: 'statement', maxBytes: STATEMENT_LIMITS.bytes, code: 'STATEMENT_TOO_LARGE' },
    second: { name: 'content', maxBytes, code: 'CONTENT_TOO_LARGE' },
  })
  const { mediaType, chunks } = form.second
  try {
    const submission = withContentType(form.first, parseMediaType(mediaType))
    return { request: { submission, content: chunks }, stop: form.stop }
  } catch (error) {
    form.stop()
    throw error
  }
}

function received(request: Received['request']): Received {
  return { request, stop: () => {} }
}

/** @throws LedgerError invalid/JSON_*, SUBMISSION_MALFORMED, DIGEST_* */
function withContentType(json: Uint8Array, mediaType: string | undefined): MaterialSubmission {
  const stated = parseBy(SubmissionWithContent, parseStrictJson(json), 'SUBMISSION_MALFORMED')
  const type = stated.content?.mediaType ?? mediaType ?? 'application/octet-stream'
  return { ...stated, content: { ...stated.content, mediaType: type } }
}
