import { expect } from 'chai'
import fc from 'fast-check'
import { decodeHex, encodeHex } from '../../../node/core/bytes.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { EMPTY_ROOT, hashLeaf } from '../../../node/core/hash/hash.ts'
import { Subtree } from '../../../node/core/merkle/subtree.ts'
import type { TileReader } from '../../../node/core/merkle/tree.ts'
import {
  consistencyProof,
  inclusionProof,
  rootOf,
  TileTree,
} from '../../../node/core/merkle/tree.ts'
import { verifyConsistency, verifyInclusion } from '../../../node/core/merkle/verify.ts'
import * as reference from '../../reference/merkle.ts'
import vectors from '../../vectors/rfc6962.json' with { type: 'json' }
import { tilesOfMth } from './support.ts'
import { leaves, mth } from './tall.ts'

const LARGEST = Number.MAX_SAFE_INTEGER
const readTile = tilesOfMth(mth)

const unreadable: TileReader = () => Promise.reject(new Error('read'))

/** Fails the test when a tile is asked for twice. */
function readingOnce(read: TileReader): TileReader {
  const seen = new Set<string>()
  return (level, index, width) => {
    const tile = `${level}/${index}`
    expect(seen.has(tile), `tile ${tile} again`).to.equal(false)
    seen.add(tile)
    return read(level, index, width)
  }
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'accepted',
    (error: unknown) => error,
  )
}

describe('a tree read from tiles', () => {
  it('has the published roots', async () => {
    const leaves = vectors.entries.map((entry) => hashLeaf(decodeHex(entry)))
    const tiles = tilesOfMth(reference.mthOf(leaves))
    for (const [size, root] of vectors.roots.entries())
      expect(encodeHex(await rootOf(size, tiles))).to.equal(root)
  })

  it('has the root and the proofs of RFC 9162 for every small size', async () => {
    const tree = new TileTree(readTile)
    for (let size = 1; size <= 70; size++) {
      expect(await tree.root(size)).to.deep.equal(mth(0, size))
      for (let index = 0; index < size; index++) {
        const expected = reference.inclusionProof(mth, index, size)
        expect(await tree.inclusionProof(index, size)).to.deep.equal(expected)
      }
      for (let from = 1; from <= size; from++) {
        const expected = reference.consistencyProof(mth, from, size)
        expect(await tree.consistencyProof(from, size)).to.deep.equal(expected)
      }
    }
  })

  it('has them around the borders of tiles, reading no tile twice', async () => {
    const borders = [255, 256, 257, 512, 513, 65_535, 65_536, 65_537, 66_000]
    for (const size of borders) {
      expect(await rootOf(size, readingOnce(readTile))).to.deep.equal(mth(0, size))
      const indexes = [0, 1, 255, 256, 65_535, 65_536, size - 2, size - 1]
      for (const index of indexes.filter((index) => index >= 0 && index < size))
        expect(await inclusionProof(index, size, readingOnce(readTile))).to.deep.equal(
          reference.inclusionProof(mth, index, size),
        )
      for (const from of [1, 128, ...borders].filter((from) => from <= size))
        expect(await consistencyProof(from, size, readingOnce(readTile))).to.deep.equal(
          reference.consistencyProof(mth, from, size),
        )
    }
  })

  it('proves what the verifier accepts, in trees of any size up to 2^53 - 1', async () => {
    // With equal leaves only widths matter, so the reference can answer for trees of this size.
    const equal = reference.mthOfEqualLeaves(leaves[0]!)
    const tiles = tilesOfMth(equal)
    const size = fc.oneof(
      fc.integer({ min: 1, max: 2 ** 20 }),
      fc.integer({ min: 1, max: LARGEST }),
    )
    const pair = size.chain((to) =>
      fc.record({ to: fc.constant(to), from: fc.integer({ min: 1, max: to }) }),
    )
    await fc.assert(
      fc.asyncProperty(pair, async ({ to, from }) => {
        const head = { size: to, root: equal(0, to) }
        const proof = await inclusionProof(from - 1, to, readingOnce(tiles))
        expect(proof).to.deep.equal(reference.inclusionProof(equal, from - 1, to))
        verifyInclusion(leaves[0]!, { index: from - 1, proof }, head)
        const extension = await consistencyProof(from, to, readingOnce(tiles))
        expect(extension).to.deep.equal(reference.consistencyProof(equal, from, to))
        verifyConsistency({ size: from, root: equal(0, from) }, head, extension)
        expect(await rootOf(to, readingOnce(tiles))).to.deep.equal(head.root)
      }),
      { numRuns: 60, examples: [[{ to: LARGEST, from: LARGEST }], [{ to: LARGEST, from: 1 }]] },
    )
  })

  it('asks for tiles no wider than the tree has them', async () => {
    const asked: number[] = []
    const read: TileReader = (level, index, width) => {
      asked.push(width)
      return readTile(level, index, width)
    }
    await inclusionProof(0, 300, read)
    expect(asked.toSorted((a, b) => a - b)).to.deep.equal([44, 256])
  })

  it('is empty without a tile, and extended from nothing without a proof', async () => {
    expect(await rootOf(0, unreadable)).to.deep.equal(EMPTY_ROOT)
    expect(await consistencyProof(0, 300, unreadable)).to.deep.equal([])
    expect(await consistencyProof(300, 300, unreadable)).to.deep.equal([])
    expect(await inclusionProof(0, 1, unreadable)).to.deep.equal([])
  })

  it('keeps as many tiles as it may, those used last, and reads the others again', async () => {
    const read: string[] = []
    const tree = new TileTree((level, index, width) => {
      read.push(`${level}/${index}`)
      return readTile(level, index, width)
    }, 14)
    // Each proof in this tree takes its own tile of level 0, and 1/0.
    const proveInTile = (tile: number) => tree.inclusionProof(tile * 256, 65_536)
    for (let tile = 0; tile < 13; tile++) await proveInTile(tile)
    expect(read).to.have.length(14)
    await proveInTile(0)
    expect(read).to.have.length(14)
    await proveInTile(13)
    await proveInTile(0)
    expect(read.slice(14)).to.deep.equal(['0/13'])
    await proveInTile(1)
    expect(read.slice(14)).to.deep.equal(['0/13', '0/1'])
  })

  it('does not take a tile for one that it kept of a smaller tree', async () => {
    const tree = new TileTree(readTile)
    for (const size of [3, 4, 5, 300, 6, 256, 257])
      expect(await tree.root(size)).to.deep.equal(mth(0, size))
  })

  it('reads a tile again when reading it failed', async () => {
    let failures = 1
    const tree = new TileTree((level, index, width) =>
      failures-- > 0 ? Promise.reject(new Error('busy')) : readTile(level, index, width),
    )
    expect(await refusal(tree.root(200))).to.be.an('error')
    expect(await tree.root(200)).to.deep.equal(mth(0, 200))
  })

  it('refuses a tile of another length', async () => {
    for (const change of [-32, -1, 1, 32]) {
      const error = await refusal(
        rootOf(200, () => Promise.resolve(new Uint8Array(200 * 32 + change))),
      )
      expect(error).to.be.instanceOf(LedgerError)
      expect(error).to.include({ kind: 'corrupt', code: 'TILE_LENGTH_WRONG' })
    }
  })

  it('has no node of a tile beyond its width', () => {
    const tile = new Subtree(leaves[0]!)
    expect(tile.hash(0, 0)).to.deep.equal(leaves[0])
    expect(() => tile.hash(0, 1)).to.throw(TypeError)
    expect(() => tile.hash(1, 0)).to.throw(TypeError)
    expect(() => Subtree.EMPTY.hash(0, 0)).to.throw(TypeError)
  })

  it('throws a TypeError for an entry or a size that it cannot have', async () => {
    const tree = new TileTree(readTile)
    for (const act of [
      tree.inclusionProof(3, 3),
      tree.inclusionProof(-1, 3),
      tree.inclusionProof(0.5, 3),
      tree.consistencyProof(4, 3),
      tree.root(2 ** 53),
      tree.root(-1),
    ])
      expect(await refusal(act)).to.be.instanceOf(TypeError)
  })
})
