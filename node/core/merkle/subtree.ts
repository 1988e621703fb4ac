import { LedgerError } from '../errors.ts'
import { HASH_LENGTH, hashPairInto } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'
import { TILE_WIDTH } from './tiles.ts'
import type { Tile } from './tiles.ts'

/**
 * Port: answers the first `width` hashes of a tile, side by side.
 *
 * @throws LedgerError notFound when the log has no such tile
 */
export type TileReader = (level: number, index: number, width: number) => Promise<Uint8Array>

/** @throws LedgerError corrupt/TILE_LENGTH_WRONG, and what `readTile` throws */
export async function readSubtree(
  readTile: TileReader,
  { level, index, width }: Tile,
): Promise<Subtree> {
  const hashes = await readTile(level, index, width)
  if (hashes.length !== width * HASH_LENGTH)
    throw new LedgerError('corrupt', 'TILE_LENGTH_WRONG', { level, index, width })
  return new Subtree(hashes)
}

/** A tile and the nodes above its hashes, each computed when first asked for. */
export class Subtree {
  static readonly EMPTY = new Subtree(new Uint8Array(0))

  /** A heap: node 1 is the top, the children of node n are 2n and 2n + 1. */
  readonly #heap = new Uint8Array(2 * TILE_WIDTH * HASH_LENGTH)
  readonly #known = new Uint8Array(2 * TILE_WIDTH)

  constructor(hashes: Uint8Array) {
    this.#heap.set(hashes, TILE_WIDTH * HASH_LENGTH)
    this.#known.fill(1, TILE_WIDTH, TILE_WIDTH + hashes.length / HASH_LENGTH)
  }

  /** The node over the 2^height hashes from position × 2^height on, all of them in the tile. */
  hash(height: number, position: number): Hash {
    const node = TILE_WIDTH / 2 ** height + position
    this.#compute(node)
    return this.#heap.slice(node * HASH_LENGTH, (node + 1) * HASH_LENGTH)
  }

  #compute(node: number): void {
    if (this.#known[node] === 1) return
    if (node >= TILE_WIDTH) throw new TypeError('the tile is not that wide')
    this.#compute(2 * node)
    this.#compute(2 * node + 1)
    hashPairInto(this.#heap, 2 * node * HASH_LENGTH, this.#heap, node * HASH_LENGTH)
    this.#known[node] = 1
  }
}
