import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { LedgerError } from '../../node/core/errors.ts'
import { readChunks } from './body.ts'
import { createDigestCheck } from './contentDigest.ts'
import { LineSplitter } from './lines.ts'
import { OrderedWindow } from './orderedWindow.ts'
import { finishStream } from './respond.ts'
import type { Context } from './route.ts'

/** Lines under way at once: enough for the ledger to commit large groups, few enough to die young. */
const WINDOW = 512
/** Bytes that are written to the socket at once. */
const WRITE_SIZE = 64 * 1024

/** Of the answer to one line, in pieces. */
export type Pieces = readonly Uint8Array[]

export interface LineWork {
  /** Of the answer. */
  readonly mediaType: string
  /** Bytes of the body at most. */
  readonly maxBytes: number
  /** Bytes of one line at most. */
  readonly maxLine: number
  /** Headers of the answer, beside those of every such answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the answer begins with. */
  readonly head?: Uint8Array
  /** @param number from 1 @param line without its line feed; undefined where it was too long */
  readonly take: (number: number, line: Uint8Array | undefined) => Promise<Pieces>
  /** What stands for a line that `take` rejects, and for all lines after which nothing can be read. */
  readonly refuse: (number: number, thrown: unknown) => Pieces
}

/**
 * Answers a body of lines with one result a line, in the same order, both streamed: a client that does not read its results
 * is not read from either. A bad line gets its problem, the others are taken.
 *
 * @throws LedgerError invalid/BODY_EMPTY, and as `readChunks`, before anything is answered
 */
export async function answerLines(ctx: Context, work: LineWork): Promise<void> {
  const { req, res } = ctx
  const digest = createDigestCheck(req)
  const chunks = readChunks(req, res, work.maxBytes, 'BATCH_TOO_LARGE')
  const first = await chunks.next()
  if (first.done === true) throw new LedgerError('invalid', 'BODY_EMPTY')

  const results = new OrderedWindow<Pieces>(WINDOW)
  const lines = splitLines(first.value, chunks, work.maxLine, digest.update)
  ctx.respond = false
  res.writeHead(200, {
    'Content-Type': work.mediaType,
    'Cache-Control': 'no-store',
    ...work.headers,
  })
  if (work.head !== undefined) res.write(work.head)
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
          results.add(takeOrRefuse(number, line))
        }
      }
      digest.finish()
    } catch (thrown) {
      // What was taken stays taken; the last line says why the batch ends here.
      results.add(Promise.resolve(work.refuse(number + 1, thrown)))
    }
    results.end()
  }

  async function takeOrRefuse(number: number, line: Uint8Array | undefined): Promise<Pieces> {
    try {
      return await work.take(number, line)
    } catch (thrown) {
      return work.refuse(number, thrown)
    }
  }
}

async function* splitLines(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  maxLine: number,
  seen: (chunk: Uint8Array) => void,
): AsyncGenerator<Iterable<Uint8Array | undefined>, void> {
  const splitter = new LineSplitter(maxLine)
  seen(first)
  yield splitter.push(first)
  for await (const chunk of rest) {
    seen(chunk)
    yield splitter.push(chunk)
  }
  yield splitter.end()
}

async function writeResults(res: ServerResponse, results: OrderedWindow<Pieces>): Promise<void> {
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
