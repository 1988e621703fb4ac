import { equalBytes } from '../../core/bytes.ts'
import { hashLeaf, HASH_LENGTH } from '../../core/hash/hash.ts'
import type { Hash } from '../../core/hash/hash.ts'
import { Subtree } from '../../core/merkle/subtree.ts'
import { TILE_HEIGHT, TILE_WIDTH } from '../../core/merkle/tiles.ts'

/** 256 leaves, or fewer at the end of the log, as their entries give them and as their tile does. */
export class LeafBlock {
  readonly index: number
  readonly width: number
  /** Side by side; where there is no entry, as the tile says. */
  readonly ofEntries: Uint8Array
  readonly ofTile: Uint8Array | undefined
  /** Index of the first leaf of which neither is left. */
  readonly blindFrom: number = Infinity

  constructor(
    { index, width }: { readonly index: number; readonly width: number },
    entries: readonly (Uint8Array | undefined)[],
    tile: Uint8Array | undefined,
  ) {
    this.index = index
    this.width = width
    this.ofTile = tile
    this.ofEntries = new Uint8Array(width * HASH_LENGTH)
    for (let position = 0; position < width; position++) {
      const entry = entries[position]
      const leaf = entry ? hashLeaf(entry) : tile && hashAt(tile, position)
      if (leaf) this.ofEntries.set(leaf, position * HASH_LENGTH)
      else this.blindFrom = Math.min(this.blindFrom, index * TILE_WIDTH + position)
    }
  }

  get isDisputed(): boolean {
    return this.ofTile !== undefined && firstDifference(this.ofEntries, this.ofTile) !== undefined
  }

  /** Indexes of the entries that do not give what the tile says. */
  *disputed(): Generator<number> {
    const { ofEntries, ofTile, width, index } = this
    if (ofTile === undefined) return
    for (let position = 0; position < width; position++) {
      if (!equalBytes(hashAt(ofEntries, position), hashAt(ofTile, position))) {
        yield index * TILE_WIDTH + position
      }
    }
  }

  /** Whether a full block has this node above it, by its entries. */
  isBelow(node: Hash): boolean {
    return equalBytes(new Subtree(this.ofEntries).hash(TILE_HEIGHT, 0), node)
  }
}

export function hashAt(hashes: Uint8Array, position: number): Hash {
  return hashes.subarray(position * HASH_LENGTH, (position + 1) * HASH_LENGTH)
}

/** Position of the first hash of `expected` that `stored` does not begin with. */
export function firstDifference(expected: Uint8Array, stored: Uint8Array): number | undefined {
  if (equalBytes(expected, stored.subarray(0, expected.length))) return undefined
  for (let position = 0; ; position++) {
    if (!equalBytes(hashAt(expected, position), hashAt(stored, position))) return position
  }
}
