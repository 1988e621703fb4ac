import parseRange from 'range-parser'
import type { ByteRange, Materials } from '../../../node/materials/materials.ts'
import type { MaterialSubmitted } from '../../../node/core/statement.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { formatDigestHeader } from '../headers.ts'
import { sendNothing, sendStream } from '../respond.ts'
import type { Context } from '../route.ts'

/**
 * Sends a material's content, or the one range that was asked for (RFC 9110 §14).
 *
 * @throws LedgerError invalid/RANGE_UNSATISFIABLE and what `openContent` throws
 */
export async function sendContent(
  ctx: Context,
  materials: Pick<Materials, 'openContent'>,
  statement: MaterialSubmitted,
): Promise<void> {
  const { id, content } = statement
  const digest = content.digests.find((text) => text.startsWith('sha-256:'))
  const etag = `"${digest ?? id}"`
  const headers = {
    ETag: etag,
    'Cache-Control': 'private, no-cache',
    ...(digest !== undefined && { 'Repr-Digest': formatDigestHeader(digest) }),
  }
  if (matches(ctx.get('If-None-Match'), etag)) return sendNothing(ctx, 304, headers)

  const range = requestedRange(ctx, content.size, etag)
  const { start, end } = range ?? { start: 0, end: content.size - 1 }
  const body = await materials.openContent(id, range)
  return sendStream(
    ctx,
    range === undefined ? 200 : 206,
    {
      ...headers,
      'Content-Type': content.mediaType,
      'Content-Length': end - start + 1,
      'Accept-Ranges': 'bytes',
      // The bytes are a stranger's: they are saved, never shown in the name of this origin.
      'Content-Disposition': `attachment; filename="${id}"`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      ...(range !== undefined && { 'Content-Range': `bytes ${start}-${end}/${content.size}` }),
    },
    body,
  )
}

/** Undefined: the whole. More ranges than one, and what is no range, may be ignored, and are. */
function requestedRange(ctx: Context, size: number, etag: string): ByteRange | undefined {
  const header = ctx.get('Range')
  const condition = ctx.get('If-Range')
  if (header === '' || (condition !== '' && condition !== etag)) return undefined
  const ranges = parseRange(size, header)
  if (ranges === -2 || (ranges !== -1 && ranges.type !== 'bytes')) return undefined
  if (ranges === -1) throw new LedgerError('invalid', 'RANGE_UNSATISFIABLE', { size })
  return ranges.length === 1 ? ranges[0] : undefined
}

/** RFC 9110 §13.1.2. */
function matches(header: string, etag: string): boolean {
  if (header === '') return false
  return header.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()))
}
