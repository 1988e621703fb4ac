import { randomUUID } from 'node:crypto'
import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { LedgerError } from '../../node/core/errors.ts'
import type { App } from './app.ts'
import { presentProblem, PROBLEM_TYPE } from './errors.ts'
import { LINGER_MS } from './respond.ts'

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
}

export interface Listening {
  /** Where it listens, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Takes no more requests, finishes those under way, then cuts off what still hangs. */
  close(): Promise<void>
}

/** A statement may have 64 KiB, and base64 takes a third more. */
const MAX_HEADER_BYTES = 96 * 1024
/** A connection on which nothing moves, in either direction. */
const IDLE_MS = 120_000
const HEADERS_MS = 30_000
/** Longer than the usual idle time of load balancers, so that they close first. */
const KEEP_ALIVE_MS = 75_000
const CLOSE_MS = 30_000

/** @throws the system's error when the port cannot be had, such as EADDRINUSE */
export async function listen(app: App, { port, host }: ListenOptions): Promise<Listening> {
  const callback = app.callback()
  const handle = (req: IncomingMessage, res: ServerResponse): void => void callback(req, res)
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A large upload may take hours; one that stands still is ended by the idle time.
    requestTimeout: 0,
    noDelay: true,
  })
  server.timeout = IDLE_MS
  server.on('request', handle)
  // With this listener the body is asked for when a route reads it, not before it is refused.
  server.on('checkContinue', handle)
  server.on('clientError', refuseMalformed)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        // What streams without end has to be told.
        app.emit('closing')
        const closeIdle = (): void => {
          server.closeIdleConnections()
          // Node takes a connection that never said a word for a busy one.
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
        }
        // A connection falls idle when its last answer is out, after `close` looked at it.
        const sweep = setInterval(closeIdle, 20)
        const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
        server.close(() => {
          clearInterval(sweep)
          clearTimeout(cut)
          resolve()
        })
      }),
  }
}

/** What is no HTTP never reaches the app. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET') return void socket.destroy()
  // Answered before: this is what the client had sent until it noticed.
  if (socket.writableEnded) return
  const problem = presentProblem(malformed(error.code), randomUUID())
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
      `Connection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  // Closing at once would reset the connection and take the answer with it.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer)).resume()
}

function malformed(code: string | undefined): LedgerError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new LedgerError('tooLarge', 'REQUEST_HEADERS_TOO_LARGE', { maxBytes: MAX_HEADER_BYTES })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new LedgerError('invalid', 'REQUEST_TIMEOUT')
  return new LedgerError('invalid', 'REQUEST_MALFORMED')
}
