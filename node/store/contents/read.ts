import { Readable } from 'node:stream'
import type { ContentStore, Location } from '../contentStore.ts'
import { CHUNK_LENGTH, Opener, SEALED_CHUNK_LENGTH } from '../sealing/seal.ts'
import { inPieces } from './pieces.ts'

/** Bytes `start` to `end` of the content, both inclusive. */
export interface ContentRange {
  readonly start: number
  readonly end: number
}

/**
 * The content in clear, or a range of it. Every chunk is opened before a byte of it is handed out. The stream
 * fails with corrupt/SEAL_BROKEN when what is stored was altered, and with the codes of `ContentStore.read`.
 *
 * @throws LedgerError corrupt/SEAL_BROKEN when nothing has this sealed length
 * @throws TypeError when the range goes beyond the content
 */
export function readContent(
  contents: ContentStore,
  location: Location,
  dataKey: Uint8Array,
  range?: ContentRange,
): Readable {
  const opener = new Opener(dataKey, 'content', location.length)
  const { start, end } = range ?? { start: 0, end: opener.length - 1 }
  if (range !== undefined && !(start >= 0 && start <= end && end < opener.length))
    throw new TypeError('a range lies within the content')
  return Readable.from(openRange(contents, location, opener, { start, end }), { objectMode: false })
}

async function* openRange(
  contents: ContentStore,
  location: Location,
  opener: Opener,
  { start, end }: ContentRange,
): AsyncGenerator<Uint8Array> {
  const first = Math.floor(start / CHUNK_LENGTH)
  // An empty content is an empty chunk, which is opened all the same.
  const last = Math.max(0, Math.floor(end / CHUNK_LENGTH))
  const from = first * SEALED_CHUNK_LENGTH
  const to = Math.min((last + 1) * SEALED_CHUNK_LENGTH, location.length)
  const sealed = contents.read(location, from, to - from)
  const spare: ArrayBuffer[] = []
  let number = first
  for await (const { bytes } of inPieces(sealed, SEALED_CHUNK_LENGTH, spare)) {
    const plaintext = opener.open(number, bytes)
    spare.push(bytes.buffer)
    const position = number * CHUNK_LENGTH
    yield plaintext.subarray(Math.max(0, start - position), end + 1 - position)
    number++
  }
}
