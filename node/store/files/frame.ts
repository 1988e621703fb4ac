import { crc32 } from 'node:zlib'

/**
 * What stands before each content in a segment, so that a segment can be walked and checked without keys
 * and without the database: "OLC1" ‖ length(4) ‖ CRC-32 of length and content(4), numbers big-endian.
 */
export const FRAME_HEADER_LENGTH = 12
export const FRAME_MAGIC = Buffer.from('OLC1')
const MAGIC = FRAME_MAGIC.readUInt32BE()

export interface FrameHeader {
  /** Bytes of the content. */
  readonly length: number
  readonly checksum: number
}

export function encodeFrameHeader(content: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_LENGTH)
  header.writeUInt32BE(MAGIC, 0)
  header.writeUInt32BE(content.length, 4)
  header.writeUInt32BE(frameChecksum(content), 8)
  return header
}

/** Undefined when no frame begins here. */
export function decodeFrameHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length < FRAME_HEADER_LENGTH || bytes.readUInt32BE(0) !== MAGIC) return undefined
  return { length: bytes.readUInt32BE(4), checksum: bytes.readUInt32BE(8) }
}

export function frameChecksum(content: Uint8Array): number {
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(content.length)
  return crc32(content, crc32(length))
}
