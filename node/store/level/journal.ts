import { maskedCrc32c } from './crc32c.ts'

const BLOCK_LENGTH = 32 * 1024
const HEADER_LENGTH = 7
/** full, first, middle, last: a record may span blocks. */
const LARGEST_TYPE = 4
/** What sealed bytes and hashes do not end with. */
const ZEROS = Buffer.alloc(16)

/**
 * Offset of the first damaged record in a journal (`*.log`, `MANIFEST-*`; leveldb: doc/log_format.md), or undefined.
 *
 * LevelDB drops a damaged record, and often what follows it, without a word: acknowledged writes would be gone.
 * It must, because a crash may cut the last record short. That alone is no damage here: the file ends before the
 * record does, or in the zeros of a page that was never written, and nothing sound follows.
 */
export function findJournalDamage(bytes: Buffer): number | undefined {
  for (let offset = 0; offset < bytes.length;) {
    const blockEnd = endOfBlock(bytes, offset)
    // Too short for a header: the rest of a block is padding.
    if (blockEnd - offset < HEADER_LENGTH) {
      offset = blockEnd
      continue
    }
    const length = soundRecordLength(bytes, offset)
    if (length === undefined) return isTornEnd(bytes, offset) ? undefined : offset
    offset += length
  }
  return undefined
}

function endOfBlock(bytes: Buffer, offset: number): number {
  return Math.min((Math.floor(offset / BLOCK_LENGTH) + 1) * BLOCK_LENGTH, bytes.length)
}

/** Bytes of the record at `offset`, header included; undefined unless it is whole and matches its checksum. */
function soundRecordLength(bytes: Buffer, offset: number): number | undefined {
  const blockEnd = endOfBlock(bytes, offset)
  if (blockEnd - offset < HEADER_LENGTH) return undefined
  const type = bytes.readUInt8(offset + 6)
  const end = offset + HEADER_LENGTH + bytes.readUInt16LE(offset + 4)
  if (type === 0 || type > LARGEST_TYPE || end > blockEnd) return undefined
  return matchesChecksum(bytes, offset, end) ? end - offset : undefined
}

/** The checksum stands first, then two bytes of length; it covers type and data. */
function matchesChecksum(bytes: Buffer, offset: number, end: number): boolean {
  return bytes.readUInt32LE(offset) === maskedCrc32c(bytes.subarray(offset + 6, end))
}

function isTornEnd(bytes: Buffer, offset: number): boolean {
  const blockEnd = endOfBlock(bytes, offset)
  const end = offset + HEADER_LENGTH + bytes.readUInt16LE(offset + 4)
  if (end <= blockEnd && !bytes.subarray(-ZEROS.length).equals(ZEROS)) return false
  // The record is whole after all, and only its length was altered.
  if (matchesChecksum(bytes, offset, blockEnd)) return false
  return !isFollowedBySound(bytes, offset)
}

function isFollowedBySound(bytes: Buffer, offset: number): boolean {
  const blockEnd = endOfBlock(bytes, offset)
  for (let other = offset + 1; other < blockEnd; other++)
    if (soundRecordLength(bytes, other) !== undefined) return true
  // Every block begins with a record.
  for (let block = blockEnd; block < bytes.length; block += BLOCK_LENGTH)
    if (soundRecordLength(bytes, block) !== undefined) return true
  return false
}
