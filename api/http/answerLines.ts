import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { LedgerError } from '../../node/core/errors.ts'
import { readChunks } from './body.ts'
import { createDigestCheck } from './contentDigest.ts'
import { LineSplitter } from './lines.ts'
import { OrderedWindow } from './orderedWindow.ts'
import { finishStream } from './respond.ts'
import type { Context } from './route.ts'

/**
 * Lines of one batch under way at once: enough for the ledger to commit large groups, few enough to die young. With 512, four
 * batches at a time take 100 to 150 MiB more and 3 % less CPU.
 */
const WINDOW = 128
/** Bytes that are written to the socket at once. */
const WRITE_SIZE = 64 * 1024

/** Of the answer to one line, in pieces. */
export type Pieces = readonly Uint8Array[]

interface Work {
  /** Of the answer. */
  readonly mediaType: string
  /** Bytes of the body at most. */
  readonly maxBytes: number
  /** Headers of the answer, beside those of every such answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the answer begins with. */
  readonly head?: Uint8Array
  /** What stands for a line that `take` rejects, and for all lines after which nothing can be read. */
  readonly refuse: (number: number, thrown: unknown) => Pieces
}

export interface LineWork extends Work {
  /** Bytes of one line at most. */
  readonly maxLine: number
  /** @param number from 1 @param line without its line feed; undefined where it was too long */
  readonly take: (number: number, line: Uint8Array | undefined) => Promise<Pieces>
}

/** As lines, of a body that consists of something else. */
export interface RecordWork<Part> extends Work {
  readonly splitter: Splitter<Part>
  /** @param number from 1 @returns undefined for what gets no answer */
  readonly take: (number: number, record: Part) => Promise<Pieces> | undefined
}

/** Makes records of bytes that come in chunks. What it throws ends the batch. */
export interface Splitter<Part> {
  /** The records that end in this chunk. */
  push(chunk: Uint8Array): Iterable<Part>
  /** The last one. */
  end(): Iterable<Part>
}

/**
 * Answers a body of lines with one result a line, in the same order, both streamed: a client that does not read its
 * results is not read from either. A bad line gets its problem, the others are taken.
 *
 * @throws LedgerError invalid/BODY_EMPTY, and as `readChunks`, before anything is answered
 */
export function answerLines(ctx: Context, { maxLine, take, ...work }: LineWork): Promise<void> {
  return answerRecords(ctx, {
    ...work,
    splitter: new LineSplitter(maxLine),
    take: (number, line) => (line?.length === 0 ? undefined : take(number, line)),
  })
}

/** @throws LedgerError as `answerLines` */
export async function answerRecords<Part>(ctx: Context, work: RecordWork<Part>): Promise<void> {
  const { req, res } = ctx
  const digest = createDigestCheck(req)
  const chunks = readChunks(req, res, work.maxBytes, 'BATCH_TOO_LARGE')
  const first = await chunks.next()
  if (first.done === true) throw new LedgerError('invalid', 'BODY_EMPTY')

  const results = new OrderedWindow<Pieces>(WINDOW)
  const records = split(first.value, chunks, work.splitter, digest.update)
  ctx.respond = false
  res.writeHead(200, {
    'Content-Type': work.mediaType,
    'Cache-Control': 'no-store',
    ...work.headers,
  })
  if (work.head !== undefined) res.write(work.head)
  await Promise.all([takeAll(), writeResults(res, results)])
  finishStream(ctx)

  async function takeAll(): Promise<void> {
    let number = 0
    try {
      for await (const some of records) {
        for (const record of some) {
          number += 1
          if (results.isFull) await results.hasRoom()
          const taken = takeOrRefuse(number, record)
          if (taken !== undefined) results.add(taken)
        }
      }
      digest.finish()
    } catch (thrown) {
      // What was taken stays taken; the last line says why the batch ends here.
      results.add(Promise.resolve(work.refuse(number + 1, thrown)))
    }
    results.end()
  }

  function takeOrRefuse(number: number, record: Part): Promise<Pieces> | undefined {
    return work.take(number, record)?.catch((thrown: unknown) => work.refuse(number, thrown))
  }
}

async function* split<Part>(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  splitter: Splitter<Part>,
  seen: (chunk: Uint8Array) => void,
): AsyncGenerator<Iterable<Part>, void> {
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
