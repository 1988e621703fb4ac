import { Busboy } from '@fastify/busboy'
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy'
import { on } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { LedgerError } from '../../node/core/errors.ts'
import { readChunks } from './body.ts'
import { createDigestCheck } from './contentDigest.ts'

interface PartRule {
  readonly name: string
  readonly maxBytes: number
  /** Thrown as tooLarge. */
  readonly code: string
}

/** A form of two parts in this order: a small one, read whole, then a large one, streamed. */
export interface FormRules {
  readonly first: PartRule
  readonly second: PartRule
}

export interface Form {
  readonly first: Buffer
  readonly second: {
    readonly mediaType: string
    /** Ends only after the end of the form was seen and its Content-Digest was right. */
    readonly chunks: AsyncGenerator<Buffer, void>
  }
  /** Nothing more of it will be read. */
  readonly stop: () => void
}

/** Boundaries and part headers. */
const OVERHEAD_BYTES = 64 * 1024

/**
 * Reads multipart/form-data (RFC 7578).
 *
 * @throws LedgerError invalid/MULTIPART_MALFORMED, MULTIPART_PART_MISSING, MULTIPART_PART_UNEXPECTED,
 *   UPLOAD_ABORTED, CONTENT_DIGEST_*, and tooLarge with the parts' own codes; also while streaming
 */
export async function readMultipart(
  req: IncomingMessage,
  res: ServerResponse,
  { first, second }: FormRules,
): Promise<Form> {
  const stop = new AbortController()
  const parser = createParser(req)
  const parts = on(parser, 'file', { close: ['finish'], signal: stop.signal })
  const maxBytes = first.maxBytes + second.maxBytes + OVERHEAD_BYTES
  const source = checked(req, readChunks(req, res, maxBytes, second.code))
  const whole = pipeline(source, parser, { signal: stop.signal })
  // A failure surfaces in the part that is being read.
  whole.catch(() => {})

  async function* readLast(file: BusboyFileStream): AsyncGenerator<Buffer, void> {
    try {
      yield* readPart(file, second)
      await whole
    } catch (error) {
      throw refusal(error)
    }
  }

  try {
    const { file: small } = await nextPart(parts, whole, first.name)
    const chunks = await Array.fromAsync(readPart(small, first))
    const { file, mediaType } = await nextPart(parts, whole, second.name)
    return {
      first: Buffer.concat(chunks),
      second: { mediaType, chunks: readLast(file) },
      stop: () => stop.abort(),
    }
  } catch (error) {
    stop.abort()
    throw refusal(error)
  }
}

async function* readPart(file: BusboyFileStream, rule: PartRule): AsyncGenerator<Buffer, void> {
  let length = 0
  for await (const chunk of file as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > rule.maxBytes)
      throw new LedgerError('tooLarge', rule.code, { maxBytes: rule.maxBytes })
    yield chunk
  }
}

function createParser(req: IncomingMessage): BusboyInstance {
  const contentType = req.headers['content-type'] ?? ''
  try {
    const parser = new Busboy({
      headers: { 'content-type': contentType },
      // Every part as raw bytes: decoding a field would replace what is not UTF-8.
      isPartAFile: () => true,
      limits: { parts: 2, headerPairs: 20, headerSize: 8 * 1024 },
    })
    parser.on('partsLimit', () => {
      parser.destroy(new LedgerError('invalid', 'MULTIPART_PART_UNEXPECTED'))
    })
    return parser
  } catch (cause) {
    throw refusal(cause)
  }
}

async function* checked(
  req: IncomingMessage,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  const digest = createDigestCheck(req)
  for await (const chunk of chunks) {
    digest.update(chunk)
    yield chunk
  }
  digest.finish()
}

async function nextPart(
  parts: AsyncIterator<unknown[]>,
  whole: Promise<void>,
  name: string,
): Promise<{ file: BusboyFileStream; mediaType: string }> {
  const next = await parts.next()
  if (next.done === true)
    throw new LedgerError('invalid', 'MULTIPART_PART_MISSING', { expected: name })
  const [partName, file, , , mediaType] = next.value as [
    string | undefined,
    BusboyFileStream,
    string,
    string,
    string,
  ]
  file.on('error', () => {})
  whole.catch((error: unknown) => file.destroy(error as Error))
  if (partName !== name)
    throw new LedgerError('invalid', 'MULTIPART_PART_UNEXPECTED', { expected: name })
  return { file, mediaType }
}

function refusal(cause: unknown): LedgerError {
  if (cause instanceof LedgerError) return cause
  return new LedgerError('invalid', 'MULTIPART_MALFORMED', {}, { cause })
}
