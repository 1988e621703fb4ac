import { LedgerError } from '../errors.ts'

/** C2SP tlog-tiles: a tile is 256 hashes wide and so 8 levels of the tree high. */
export const TILE_WIDTH = 256
export const TILE_HEIGHT = 8

/** A tile is full at width 256, partial from 1 to 255. */
export interface Tile {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** The tiles of a tree of `size` entries: every full one, and the partial one of each level. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH))
    for (let index = 0; index * TILE_WIDTH < hashes; index++)
      yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) }
}

/** The width that a tile has in a tree of `size` entries; 0 where it has none. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH
  return Math.max(0, Math.min(TILE_WIDTH, hashes))
}

/** `tile/<L>/<N>[.p/<W>]`, without a slash in front. */
export function tilePath(level: number, index: number, width: number): string {
  return `tile/${level}/${indexPath(index)}${partialSuffix(width)}`
}

/** `tile/entries/<N>[.p/<W>]`, without a slash in front. */
export function entryBundlePath(index: number, width: number): string {
  return `tile/entries/${indexPath(index)}${partialSuffix(width)}`
}

function indexPath(index: number): string {
  const digits = String(index)
  return digits
    .padStart(Math.ceil(digits.length / 3) * 3, '0')
    .replaceAll(/\d{3}(?=\d)/g, (group) => `x${group}/`)
}

function partialSuffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`
}

export interface TilePath extends Omit<Tile, 'level'> {
  readonly level: number | 'entries'
}

const TILE_PATH =
  /^tile\/(?<level>entries|\d|[1-5]\d|6[0-3])\/(?<index>(?:x\d{3}\/)*\d{3})(?:\.p\/(?<width>[1-9]\d{0,2}))?$/

/**
 * Accepts exactly what `tilePath` and `entryBundlePath` give.
 *
 * @throws LedgerError invalid/TILE_PATH_MALFORMED
 */
export function parseTilePath(path: string): TilePath {
  const groups = TILE_PATH.exec(path)?.groups
  if (groups === undefined) throw new LedgerError('invalid', 'TILE_PATH_MALFORMED')
  const level = groups['level'] === 'entries' ? 'entries' : Number(groups['level'])
  const index = Number(groups['index']?.replaceAll(/[x/]/g, ''))
  const width = Number(groups['width'] ?? TILE_WIDTH)
  const canonical =
    level === 'entries' ? entryBundlePath(index, width) : tilePath(level, index, width)
  if (!Number.isSafeInteger(index) || width > TILE_WIDTH || canonical !== path)
    throw new LedgerError('invalid', 'TILE_PATH_MALFORMED')
  return { level, index, width }
}

const LONGEST_ENTRY = 0xffff

/** @throws TypeError unless there are 1 to 256 entries of at most 65,535 bytes each */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new TypeError('a bundle holds 1 to 256 entries')
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0))
  let offset = 0
  for (const entry of entries) {
    if (entry.length > LONGEST_ENTRY) throw new TypeError('an entry is at most 65,535 bytes long')
    bundle[offset] = entry.length >> 8
    bundle[offset + 1] = entry.length & 0xff
    bundle.set(entry, offset + 2)
    offset += 2 + entry.length
  }
  return bundle
}

/**
 * The entries, as views of `bundle`.
 *
 * @throws LedgerError invalid/ENTRY_BUNDLE_MALFORMED
 */
export function decodeEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength)
  const entries: Uint8Array[] = []
  let offset = 0
  while (offset < bundle.length) {
    const start = offset + 2
    const end = start <= bundle.length ? start + view.getUint16(offset) : Infinity
    if (end > bundle.length) throw new LedgerError('invalid', 'ENTRY_BUNDLE_MALFORMED', { offset })
    entries.push(bundle.subarray(start, end))
    offset = end
  }
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new LedgerError('invalid', 'ENTRY_BUNDLE_MALFORMED', { entries: entries.length })
  return entries
}
