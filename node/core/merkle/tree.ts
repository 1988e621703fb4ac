import { EMPTY_ROOT, hashNode } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'
import { consistencyRanges, inclusionRanges, nodesOf, requireCounts } from './ranges.ts'
import type { Node, Range } from './ranges.ts'
import { readSubtree } from './subtree.ts'
import type { Subtree, TileReader } from './subtree.ts'
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tiles.ts'

export type { TileReader } from './subtree.ts'

/** The hashes from the leaf's sibling up to the root's child (RFC 9162 §2.1.3.1). */
export function inclusionProof(index: number, size: number, readTile: TileReader): Promise<Hash[]> {
  return new TileTree(readTile).inclusionProof(index, size)
}

/** The hashes of RFC 9162 §2.1.4.1; none when `from` is 0 or equals `to`. */
export function consistencyProof(from: number, to: number, readTile: TileReader): Promise<Hash[]> {
  return new TileTree(readTile).consistencyProof(from, to)
}

export function rootOf(size: number, readTile: TileReader): Promise<Hash> {
  return new TileTree(readTile).root(size)
}

/** No proof needs more: two a tile level, of which a tree of 2^53 entries has seven. */
const TILES_OF_ONE_PROOF = 14

/**
 * Reads proofs and roots out of tiles. It keeps the tiles used last, 16 KiB each with the nodes
 * computed in them: proofs near one another share most of their reading and hashing.
 */
export class TileTree {
  readonly #readTile: TileReader
  readonly #capacity: number
  /** In order of use, the last used last. */
  readonly #tiles = new Map<string, Promise<Subtree>>()

  /** @param capacity how many tiles to keep, 14 or more */
  constructor(readTile: TileReader, capacity = TILES_OF_ONE_PROOF) {
    this.#readTile = readTile
    this.#capacity = capacity
  }

  /** @throws TypeError unless 0 ≤ index < size */
  async inclusionProof(index: number, size: number): Promise<Hash[]> {
    requireCounts(index, size)
    if (index >= size) throw new TypeError(`no entry ${index} in ${size} entries`)
    return this.#hashAll(inclusionRanges(index, size), size)
  }

  /** @throws TypeError unless 0 ≤ from ≤ to */
  async consistencyProof(from: number, to: number): Promise<Hash[]> {
    requireCounts(from, to)
    if (from > to) throw new TypeError(`${to} entries do not extend ${from}`)
    return from === 0 ? [] : this.#hashAll(consistencyRanges(from, to), to)
  }

  async root(size: number): Promise<Hash> {
    requireCounts(size)
    return size === 0 ? EMPTY_ROOT : this.#hashRange({ start: 0, end: size }, size)
  }

  #hashAll(ranges: readonly Range[], size: number): Promise<Hash[]> {
    return Promise.all(ranges.map((range) => this.#hashRange(range, size)))
  }

  async #hashRange(range: Range, size: number): Promise<Hash> {
    const hashes = await Promise.all(nodesOf(range).map((node) => this.#hashOf(node, size)))
    return hashes.reduceRight((right, left) => hashNode(left, right))
  }

  async #hashOf({ level, index }: Node, size: number): Promise<Hash> {
    const height = level % TILE_HEIGHT
    const across = TILE_WIDTH / 2 ** height
    const tile = await this.#tile((level - height) / TILE_HEIGHT, Math.floor(index / across), size)
    return tile.hash(height, index % across)
  }

  #tile(level: number, index: number, size: number): Promise<Subtree> {
    const width = tileWidth(level, index, size)
    const key = `${level}/${index}/${width}`
    const kept = this.#tiles.get(key)
    if (kept !== undefined) {
      this.#tiles.delete(key)
      this.#tiles.set(key, kept)
      return kept
    }
    const tile = readSubtree(this.#readTile, { level, index, width })
    tile.catch(() => this.#tiles.delete(key))
    this.#tiles.set(key, tile)
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= this.#capacity) break
      this.#tiles.delete(oldest)
    }
    return tile
  }
}
