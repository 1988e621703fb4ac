import { equalBytes } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import type { Location } from './contentStore.ts'
import type { Write } from './keyValueStore.ts'
import { checkedFileName, encodeIndex, fileKey, locationKey } from './layout.ts'

// The records of where contents lie.

const IN_SEGMENT = 1
const IN_FILE = 2
const SEGMENT_LOCATION_LENGTH = 1 + 4 + 4 + 4
const FILE_NAME_LENGTH = 16
const FILE_LOCATION_LENGTH = 1 + FILE_NAME_LENGTH + 6

/**
 * In a segment: 1 ‖ segment(4) ‖ offset(4) ‖ length(4). In a file: 2 ‖ name(16) ‖ length(6).
 * Numbers are big-endian.
 */
export function encodeLocation(location: Location): Uint8Array {
  if (location.in === 'segment') {
    const bytes = Buffer.allocUnsafe(SEGMENT_LOCATION_LENGTH)
    bytes[0] = IN_SEGMENT
    bytes.writeUInt32BE(location.segment, 1)
    bytes.writeUInt32BE(location.offset, 5)
    bytes.writeUInt32BE(location.length, 9)
    return bytes
  }
  const bytes = Buffer.allocUnsafe(FILE_LOCATION_LENGTH)
  bytes[0] = IN_FILE
  bytes.write(checkedFileName(location.name), 1, 'hex')
  bytes.writeUIntBE(location.length, 1 + FILE_NAME_LENGTH, 6)
  return bytes
}

export function isSameLocation(a: Location, b: Location): boolean {
  return equalBytes(encodeLocation(a), encodeLocation(b))
}

/** @throws LedgerError corrupt/LOCATION_MALFORMED */
export function decodeLocation(value: Uint8Array): Location {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length)
  if (bytes[0] === IN_SEGMENT && bytes.length === SEGMENT_LOCATION_LENGTH) {
    return {
      in: 'segment',
      segment: bytes.readUInt32BE(1),
      offset: bytes.readUInt32BE(5),
      length: bytes.readUInt32BE(9),
    }
  }
  if (bytes[0] === IN_FILE && bytes.length === FILE_LOCATION_LENGTH) {
    return {
      in: 'file',
      name: bytes.toString('hex', 1, 1 + FILE_NAME_LENGTH),
      length: bytes.readUIntBE(1 + FILE_NAME_LENGTH, 6),
    }
  }
  throw new LedgerError('corrupt', 'LOCATION_MALFORMED')
}

/** What is written beside an entry whose content lies here. */
export function locationWrites(index: number, location: Location): Write[] {
  const write: Write = { type: 'put', key: locationKey(index), value: encodeLocation(location) }
  if (location.in === 'segment') return [write]
  return [write, { type: 'put', key: fileKey(location.name), value: encodeIndex(index) }]
}

/** Takes back what `locationWrites` wrote. */
export function locationErasures(index: number, location: Location): Write[] {
  const erasure: Write = { type: 'del', key: locationKey(index) }
  return location.in === 'segment'
    ? [erasure]
    : [erasure, { type: 'del', key: fileKey(location.name) }]
}
