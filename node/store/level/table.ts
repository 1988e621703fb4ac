import { maskedCrc32c } from './crc32c.ts'

const FOOTER_LENGTH = 48
const MAGIC = Buffer.from('57fb808b247547db', 'hex')
/** Compression type and checksum after each block. */
const TRAILER_LENGTH = 5

interface Block {
  readonly offset: number
  readonly length: number
}

/**
 * Offset of the first damaged block in a table (`*.ldb`; leveldb: doc/table_format.md), or undefined. Reads what
 * has a checksum, which is all but the footer; a wrong footer leads to blocks that are not there.
 */
export function findTableDamage(bytes: Buffer): number | undefined {
  const footer = bytes.length - FOOTER_LENGTH
  if (footer < 0 || !bytes.subarray(-MAGIC.length).equals(MAGIC)) return Math.max(0, footer)
  const reader = new Reader(bytes.subarray(footer))
  for (const outer of [reader.block(), reader.block()]) {
    // A handle that leads nowhere is the footer's own damage.
    if (!isSound(bytes, outer)) return outer.offset < footer ? outer.offset : footer
    for (const inner of blocksIn(bytes, outer)) if (!isSound(bytes, inner)) return inner.offset
  }
  return undefined
}

function isSound(bytes: Buffer, { offset, length }: Block): boolean {
  const end = offset + length
  // Also when a handle is no number.
  if (!(end + TRAILER_LENGTH <= bytes.length)) return false
  // The checksum covers the compression type too.
  return bytes.readUInt32LE(end + 1) === maskedCrc32c(bytes.subarray(offset, end + 1))
}

/** The values of an index block are handles of other blocks. Tables are written without compression. */
function* blocksIn(bytes: Buffer, { offset, length }: Block): Generator<Block> {
  const block = bytes.subarray(offset, offset + length)
  const restarts = block.readUInt32LE(block.length - 4)
  const entries = new Reader(block.subarray(0, block.length - 4 * (restarts + 1)))
  while (!entries.atEnd) {
    entries.varint()
    const keySuffix = entries.varint()
    const value = entries.varint()
    entries.skip(keySuffix)
    yield entries.take(value).block()
  }
}

class Reader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return !(this.#position < this.#bytes.length)
  }

  block(): Block {
    return { offset: this.varint(), length: this.varint() }
  }

  /** NaN when it does not end. */
  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#position++] ?? NaN
      value += (byte % 128) * scale
      if (!(byte >= 128)) return value
    }
  }

  skip(length: number): void {
    this.#position += length
  }

  take(length: number): Reader {
    const taken = new Reader(this.#bytes.subarray(this.#position, this.#position + length))
    this.skip(length)
    return taken
  }
}
