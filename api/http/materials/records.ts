import { LedgerError } from '../../../node/core/errors.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import type { Splitter } from '../answerLines.ts'

/** One submission of a batch, and its content where that comes along. */
export interface MaterialRecord {
  /** JSON. */
  readonly line: Uint8Array
  readonly content: Uint8Array | undefined
  /** Why nothing of it was kept. */
  readonly refusal?: LedgerError
}

/** Bytes of one content that may come along in a batch: these wait in memory, some hundreds at a time. */
export const RECORD_CONTENT_BYTES = 128 * 1024

const NEWLINE = 0x0a
/** Digits of the length and the space after it. */
const LENGTH = /^(0|[1-9]\d{0,11}) /
const LENGTH_BYTES = 13

interface Head {
  readonly line: Uint8Array
  /** Bytes of the content that follows. */
  readonly length: number
  readonly refusal?: LedgerError
}

/**
 * Splits a batch of submissions with contents: for each, the length of the content in bytes, a space, the JSON, a line
 * feed, and the content. A length of 0 says that none comes along.
 *
 * What is too long is passed over, and the records after it are taken.
 */
export class RecordSplitter implements Splitter<MaterialRecord> {
  #held: Uint8Array[] = []
  #heldLength = 0
  /** Of the record whose content is being read. */
  #head: Head | undefined;

  /** @throws LedgerError invalid/BATCH_RECORD_MALFORMED: where the next record begins is not known */
  *push(chunk: Uint8Array): Generator<MaterialRecord> {
    let rest = chunk
    while (rest.length > 0) {
      rest = this.#head === undefined ? this.#readHead(rest) : this.#readContent(rest, this.#head)
      if (this.#head !== undefined && this.#heldLength === this.#head.length)
        yield this.#finish(this.#head)
    }
  }

  /** @throws LedgerError invalid/BATCH_RECORD_MALFORMED */
  end(): Iterable<MaterialRecord> {
    // A record ends with its content, and where it has none, with the line feed.
    if (this.#head !== undefined || this.#heldLength > 0)
      throw new LedgerError('invalid', 'BATCH_RECORD_MALFORMED')
    return []
  }

  #readHead(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(NEWLINE)
    const piece = end === -1 ? bytes : bytes.subarray(0, end)
    // Of a line that is too long the beginning alone is kept: it says where the next record begins.
    if (this.#heldLength <= STATEMENT_LIMITS.bytes + LENGTH_BYTES) this.#held.push(piece)
    this.#heldLength += piece.length
    if (end === -1) return bytes.subarray(bytes.length)
    this.#head = headOf(Buffer.concat(this.#held), this.#heldLength)
    this.#held = []
    this.#heldLength = 0
    return bytes.subarray(end + 1)
  }

  #readContent(bytes: Uint8Array, { length, refusal }: Head): Uint8Array {
    const piece = bytes.subarray(0, length - this.#heldLength)
    if (refusal === undefined) this.#held.push(piece)
    this.#heldLength += piece.length
    return bytes.subarray(piece.length)
  }

  #finish({ line, length, refusal }: Head): MaterialRecord {
    const content = length === 0 || refusal ? undefined : Buffer.concat(this.#held, length)
    this.#head = undefined
    this.#held = []
    this.#heldLength = 0
    return { line, content, ...(refusal && { refusal }) }
  }
}

/** @param length of the whole line, of which `bytes` are the beginning */
function headOf(bytes: Buffer, length: number): Head {
  const [start, digits] = LENGTH.exec(bytes.toString('latin1', 0, LENGTH_BYTES)) ?? []
  if (start === undefined) throw new LedgerError('invalid', 'BATCH_RECORD_MALFORMED')
  const line = bytes.subarray(start.length)
  const head = { line, length: Number(digits) }
  if (length - start.length > STATEMENT_LIMITS.bytes) {
    const details = { maxBytes: STATEMENT_LIMITS.bytes }
    return { ...head, refusal: new LedgerError('tooLarge', 'STATEMENT_TOO_LARGE', details) }
  }
  if (head.length > RECORD_CONTENT_BYTES) {
    const details = { maxBytes: RECORD_CONTENT_BYTES }
    return { ...head, refusal: new LedgerError('tooLarge', 'BATCH_CONTENT_TOO_LARGE', details) }
  }
  return head
}
