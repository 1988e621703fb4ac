import { EMPTY_ROOT, HASH_LENGTH, hashNodeInto, hashPairInto } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'
import { bitLength, requireCounts } from './ranges.ts'
import { Row } from './row.ts'
import { readSubtree, Subtree } from './subtree.ts'
import type { TileReader } from './subtree.ts'
import { TILE_HEIGHT, TILE_WIDTH } from './tiles.ts'
import type { Tile } from './tiles.ts'

export interface TileContent extends Tile {
  /** `width` hashes, side by side. */
  readonly hashes: Uint8Array
}

const HIGHEST_LEVEL = bitLength(Number.MAX_SAFE_INTEGER)

/**
 * The right edge of the tree in memory. The log's writer appends a group of leaf hashes, takes
 * root, proofs and changed tiles, stores them, and then settles the group, or rolls it back when it
 * could not be stored. Memory is O(log size + group).
 */
export class TreeBuilder {
  /** Row n: the complete nodes of level n that the open group or the next one may need. */
  readonly #rows: Row[] = []
  #size = 0
  #settledSize = 0

  /** Per level, the node over the last entries while it is incomplete. Valid if `#edgeIsFresh`. */
  readonly #edge = new Uint8Array((HIGHEST_LEVEL + 1) * HASH_LENGTH)
  #edgeIsFresh = false
  #root = EMPTY_ROOT

  /** Per level, the hash that the last proof took: neighbours share nearly all of them. */
  readonly #shared: { index: number; hash: Hash }[] = []

  /** @throws LedgerError corrupt/TILE_LENGTH_WRONG, and what `readTile` throws */
  static async resume(size: number, readTile: TileReader): Promise<TreeBuilder> {
    requireCounts(size)
    const builder = new TreeBuilder()
    builder.#size = size
    builder.#settledSize = size
    for (let level = 0; nodesAt(level, size) > 0; level += TILE_HEIGHT) {
      const hashes = nodesAt(level, size)
      const width = hashes % TILE_WIDTH
      const tile = { level: level / TILE_HEIGHT, index: (hashes - width) / TILE_WIDTH, width }
      builder.#restore(level, width > 0 ? await readSubtree(readTile, tile) : Subtree.EMPTY)
    }
    return builder
  }

  /** The rows of eight levels: all that is needed of them stands in one partial tile. */
  #restore(lowest: number, tile: Subtree): void {
    for (let height = 0; height < TILE_HEIGHT; height++) {
      const level = lowest + height
      const row = new Row(firstNeeded(level, this.#size))
      while (row.end < nodesAt(level, this.#size))
        row.push(tile.hash(height, row.end % (TILE_WIDTH / 2 ** height)))
      this.#rows[level] = row
    }
  }

  get size(): number {
    return this.#size
  }

  /** @returns the index of the new entry */
  append(leafHash: Hash): number {
    if (leafHash.length !== HASH_LENGTH) throw new TypeError('a hash is 32 bytes long')
    const index = this.#size
    let row = this.#row(0)
    row.push(leafHash)
    let position = index
    for (let level = 1; position % 2 === 1; level++) {
      const parents = this.#row(level)
      const offset = parents.extend()
      hashPairInto(row.bytes, row.offsetOf(position - 1), parents.bytes, offset)
      position = (position - 1) / 2
      row = parents
    }
    this.#size = index + 1
    this.#edgeIsFresh = false
    return index
  }

  #row(level: number): Row {
    return (this.#rows[level] ??= new Row())
  }

  /** The root over all entries, those of the open group included. */
  root(): Hash {
    this.#refreshEdge()
    return this.#root
  }

  /**
   * Proves an entry that was appended since the last `settle` or `rollback`, in the tree of the
   * current size.
   *
   * @throws TypeError for any other entry
   */
  inclusionProof(index: number): Hash[] {
    if (!(index >= this.#settledSize && index < this.#size))
      throw new TypeError(`entry ${index} is not in the open group`)
    this.#refreshEdge()
    const proof: Hash[] = []
    let position = index
    let last = this.#size - 1
    for (let level = 0; last > 0; level++) {
      if (position % 2 === 1) proof.push(this.#share(level, position - 1))
      else if (position < last) proof.push(this.#share(level, position + 1))
      position = Math.floor(position / 2)
      last = Math.floor(last / 2)
    }
    return proof
  }

  #share(level: number, index: number): Hash {
    const shared = this.#shared[level]
    if (shared?.index === index) return shared.hash
    const row = this.#row(level)
    const hash = index < row.end ? row.slice(index, index + 1) : this.#edgeAt(level).slice()
    this.#shared[level] = { index, hash }
    return hash
  }

  #edgeAt(level: number): Uint8Array {
    return this.#edge.subarray(level * HASH_LENGTH, (level + 1) * HASH_LENGTH)
  }

  /** Computes the incomplete nodes and the root, once for each size that is asked about. */
  #refreshEdge(): void {
    if (this.#edgeIsFresh) return
    this.#edgeIsFresh = true
    this.#shared.length = 0
    if (this.#size === 0) {
      this.#root = EMPTY_ROOT
      return
    }
    let incomplete = false
    let level = 0
    let count = this.#size
    // Invariant: `count` complete nodes of this level, then `edgeAt(level)` if `incomplete`.
    while (count > (incomplete ? 0 : 1)) {
      const node = count % 2 === 1 ? this.#row(level).at(count - 1) : undefined
      if (node === undefined) this.#edgeAt(level + 1).set(this.#edgeAt(level))
      else if (incomplete)
        hashNodeInto(node, this.#edgeAt(level), this.#edge, (level + 1) * HASH_LENGTH)
      else this.#edgeAt(level + 1).set(node)
      incomplete ||= node !== undefined
      count = Math.floor(count / 2)
      level++
    }
    this.#root = (incomplete ? this.#edgeAt(level) : this.#row(level).at(0)).slice()
  }

  /** The tiles that changed since the last `settle` or `rollback`, the partial ones included. */
  tiles(): TileContent[] {
    const changed: TileContent[] = []
    for (let level = 0; ; level += TILE_HEIGHT) {
      const count = nodesAt(level, this.#size)
      const settled = nodesAt(level, this.#settledSize)
      if (count === settled) return changed
      for (let start = settled - (settled % TILE_WIDTH); start < count; start += TILE_WIDTH) {
        const width = Math.min(TILE_WIDTH, count - start)
        const hashes = this.#row(level).slice(start, start + width)
        changed.push({ level: level / TILE_HEIGHT, index: start / TILE_WIDTH, width, hashes })
      }
    }
  }

  /** Makes the open group final: its tiles are stored. */
  settle(): void {
    this.#settledSize = this.#size
    for (const [level, row] of this.#rows.entries()) row.prune(firstNeeded(level, this.#size))
  }

  /** Forgets the open group: its tiles could not be stored. */
  rollback(): void {
    this.#size = this.#settledSize
    this.#edgeIsFresh = false
    for (const [level, row] of this.#rows.entries()) row.truncate(nodesAt(level, this.#size))
  }
}

/** How many complete nodes a level has. */
function nodesAt(level: number, size: number): number {
  return Math.floor(size / 2 ** level)
}

/**
 * Where a row of a settled tree begins: at the partial tile, which is stored again when it grows;
 * between tile levels, at the last node if it still lacks its sibling.
 */
function firstNeeded(level: number, size: number): number {
  const count = nodesAt(level, size)
  return count - (count % (level % TILE_HEIGHT === 0 ? TILE_WIDTH : 2))
}
