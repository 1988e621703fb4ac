import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { announcedLength, HELD_BYTES } from './body.ts'
import type { Context } from './route.ts'

type Headers = Record<string, string | number>

/** How long a client may go on sending what was refused, so that it gets to read why. */
export const LINGER_MS = 5_000

/** Answers with a text or bytes that are ready. Koa's own body setters cost more than all the rest. */
export function send(
  ctx: Context,
  status: number,
  mediaType: string,
  body: string | Uint8Array,
  headers: Headers = {},
): void {
  const { req, res } = ctx
  ctx.respond = false
  if (res.destroyed) return
  const bodyLeft = hasBodyLeft(req)
  res.writeHead(status, {
    'Content-Type': mediaType,
    'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    ...(bodyLeft && { Connection: 'close' }),
  })
  if (bodyLeft) endAfterDraining(req, res, body)
  else res.end(body)
}

export function sendJson(ctx: Context, status: number, value: unknown, headers?: Headers): void {
  send(ctx, status, 'application/json', JSON.stringify(value), headers)
}

export function sendNothing(ctx: Context, status: 204 | 304, headers: Headers = {}): void {
  ctx.respond = false
  ctx.res.writeHead(status, headers).end()
}

/** Resolves when the client has it all, or is gone. */
export async function sendStream(
  ctx: Context,
  status: number,
  headers: Headers,
  body: Readable,
): Promise<void> {
  const { res } = ctx
  ctx.respond = false
  res.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers })
  if (ctx.method === 'HEAD') {
    body.destroy()
    res.end()
    return
  }
  await pipeline(body, res).catch((error: unknown) => {
    // The status has been sent: all that is left is to cut the answer short, which the client notices.
    if (!isGone(error)) throw error
  })
}

/** Ends an answer that was written piece by piece. */
export function finishStream({ req, res }: Context): void {
  res.end(() => {
    if (!hasBodyLeft(req)) return
    // The client reads to the end of the answer while what it goes on sending is thrown away.
    req.socket.end()
    const timer = setTimeout(() => req.destroy(), LINGER_MS)
    req
      .once('close', () => clearTimeout(timer))
      .on('error', () => {})
      .resume()
  })
}

/** The client closed the connection before the answer was complete. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'EPIPE' || code === 'ECONNRESET'
}

/** True when the connection cannot serve another request, for the rest of this one stands in the way. */
function hasBodyLeft(req: IncomingMessage): boolean {
  if (req.complete) return false
  if (req.headers.expect !== undefined) return true
  const length = announcedLength(req)
  return length === undefined || length > HELD_BYTES
}

/** Closing at once would reset the connection and take the answer with it (RFC 9112 §9.6). */
function endAfterDraining(
  req: IncomingMessage,
  res: ServerResponse,
  body: string | Uint8Array,
): void {
  res.write(body)
  const end = (): void => {
    clearTimeout(timer)
    res.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  req.once('end', end).once('close', end).on('error', end).resume()
}
