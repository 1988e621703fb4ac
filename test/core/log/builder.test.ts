import { expect } from 'chai'
import fc from 'fast-check'
import { decodeHex, encodeHex } from '../../../node/core/bytes.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { EMPTY_ROOT, hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { tilesOf } from '../../../node/core/merkle/tiles.ts'
import type { TileReader } from '../../../node/core/merkle/tree.ts'
import { verifyInclusion } from '../../../node/core/merkle/verify.ts'
import { inclusionProof, mthOfEqualLeaves } from '../../reference/merkle.ts'
import vectors from '../../vectors/rfc6962.json' with { type: 'json' }
import { tilesOfMth } from './support.ts'
import { leaves, mth } from './tall.ts'

const LARGEST = Number.MAX_SAFE_INTEGER
const specification = tilesOfMth(mth)
const unreadable: TileReader = () => Promise.reject(new Error('read'))

const emptyBuilder = () => TreeBuilder.resume(0, unreadable)

/** What a store keeps: the widest version of each tile. */
class Tiles {
  readonly #tiles = new Map<string, Uint8Array>()

  put(builder: TreeBuilder): void {
    for (const { level, index, hashes } of builder.tiles())
      this.#tiles.set(`${level}/${index}`, hashes)
  }

  readonly read: TileReader = (level, index, width) => {
    const tile = this.#tiles.get(`${level}/${index}`)
    if (tile === undefined) return Promise.reject(new Error(`no tile ${level}/${index}`))
    return Promise.resolve(tile.slice(0, width * 32))
  }
}

async function expectTilesOf(size: number, read: TileReader): Promise<void> {
  for (const { level, index, width } of tilesOf(size)) {
    const [tile, expected] = [read, specification].map((read) => read(level, index, width))
    expect(encodeHex((await tile)!)).to.equal(encodeHex((await expected)!))
  }
}

function appendUpTo(builder: TreeBuilder, size: number): void {
  while (builder.size < size) builder.append(leaves[builder.size]!)
}

describe('TreeBuilder', () => {
  it('has the published roots', async () => {
    const builder = await emptyBuilder()
    expect(encodeHex(builder.root())).to.equal(vectors.roots[0])
    for (const [index, entry] of vectors.entries.entries()) {
      expect(builder.append(hashLeaf(decodeHex(entry)))).to.equal(index)
      expect(encodeHex(builder.root())).to.equal(vectors.roots[index + 1])
    }
  })

  it('has the root of RFC 9162 at every size up to 600', async () => {
    const builder = await emptyBuilder()
    for (let size = 0; size <= 600; size++) {
      appendUpTo(builder, size)
      expect(builder.size).to.equal(size)
      expect(builder.root()).to.deep.equal(mth(0, size))
    }
  })

  it('proves each entry of an open group at every size, as RFC 9162 does', async () => {
    const builder = await emptyBuilder()
    for (let size = 1; size <= 600; size++) {
      appendUpTo(builder, size)
      const border = size % 256 <= 1 || size % 256 === 255
      for (let index = 0; index < size; index += size <= 70 || border ? 1 : 37)
        expect(builder.inclusionProof(index)).to.deep.equal(inclusionProof(mth, index, size))
    }
  })

  it('proves each entry of a group on top of any settled size', async () => {
    const builder = await emptyBuilder()
    const tiles = new Tiles()
    for (let settled = 0; settled < 600; settled++) {
      appendUpTo(builder, settled)
      tiles.put(builder)
      builder.settle()
      const group = settled % 9
      appendUpTo(builder, settled + group)
      for (let index = settled; index < settled + group; index++)
        expect(builder.inclusionProof(index)).to.deep.equal(
          inclusionProof(mth, index, settled + group),
        )
      builder.rollback()
    }
  })

  it('crosses the border of the third tile level', async () => {
    const builder = await emptyBuilder()
    const tiles = new Tiles()
    for (const size of [65_535, 65_536, 65_537, 66_000]) {
      const settled = builder.size
      appendUpTo(builder, size)
      expect(builder.root()).to.deep.equal(mth(0, size))
      for (const index of [settled, size - 1])
        expect(builder.inclusionProof(index)).to.deep.equal(inclusionProof(mth, index, size))
      tiles.put(builder)
      builder.settle()
      await expectTilesOf(size, tiles.read)
      const resumed = await TreeBuilder.resume(size, tiles.read)
      expect(resumed.root()).to.deep.equal(mth(0, size))
    }
  })

  it('names the tiles that changed, each once, in its newest width', async () => {
    const builder = await emptyBuilder()
    const changed = () =>
      builder.tiles().map(({ level, index, width }) => `${level}/${index}.p/${width}`)
    expect(changed()).to.deep.equal([])
    appendUpTo(builder, 255)
    expect(changed()).to.deep.equal(['0/0.p/255'])
    builder.settle()
    expect(changed()).to.deep.equal([])
    appendUpTo(builder, 256)
    expect(changed()).to.deep.equal(['0/0.p/256', '1/0.p/1'])
    builder.settle()
    appendUpTo(builder, 258)
    expect(changed()).to.deep.equal(['0/1.p/2'])
    appendUpTo(builder, 1000)
    expect(changed()).to.deep.equal(['0/1.p/256', '0/2.p/256', '0/3.p/232', '1/0.p/3'])
  })

  it('is the same whatever groups it settled, rolled back and resumed from', async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('settle'), count: fc.nat(300) }),
      fc.record({ act: fc.constant('rollback'), count: fc.nat(300) }),
      fc.record({ act: fc.constant('resume'), count: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        let builder = await emptyBuilder()
        const tiles = new Tiles()
        let settled = 0
        for (const { act, count } of steps) {
          if (act === 'rollback') {
            for (let i = 0; i < count; i++) builder.append(hashLeaf(Uint8Array.of(1, 2, 3, 4)))
            builder.root()
            builder.rollback()
          }
          if (act === 'resume') builder = await TreeBuilder.resume(settled, tiles.read)
          expect(builder.size).to.equal(settled)
          expect(builder.root()).to.deep.equal(mth(0, settled))
          appendUpTo(builder, settled + count)
          const head = { size: builder.size, root: builder.root() }
          expect(head.root).to.deep.equal(mth(0, head.size))
          for (let index = settled; index < head.size; index++)
            verifyInclusion(leaves[index]!, { index, proof: builder.inclusionProof(index) }, head)
          tiles.put(builder)
          builder.settle()
          settled = head.size
        }
        await expectTilesOf(settled, tiles.read)
      }),
      { numRuns: 25 },
    )
  })

  it('resumes at any size up to 2^53 - 1 and goes on from there', async () => {
    const leaf = leaves[0]!
    const equal = mthOfEqualLeaves(leaf)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: LARGEST - 3 }), async (size) => {
        const builder = await TreeBuilder.resume(size, tilesOfMth(equal))
        expect(builder.root()).to.deep.equal(equal(0, size))
        for (let more = 1; more <= 3; more++) {
          expect(builder.append(leaf)).to.equal(size + more - 1)
          expect(builder.root()).to.deep.equal(equal(0, size + more))
          expect(builder.inclusionProof(size)).to.deep.equal(
            inclusionProof(equal, size, size + more),
          )
        }
      }),
      { numRuns: 40, examples: [[LARGEST - 3], [2 ** 52 - 1], [2 ** 40 - 2]] },
    )
  })

  it('reads nothing but the partial tiles to resume', async () => {
    const read: string[] = []
    await TreeBuilder.resume(70_000, (level, index, width) => {
      read.push(`${level}/${index}.p/${width}`)
      return Promise.resolve(new Uint8Array(width * 32))
    })
    expect(read).to.deep.equal(['0/273.p/112', '1/1.p/17', '2/0.p/1'])
  })

  it('hands out hashes that later appends leave alone', async () => {
    const builder = await emptyBuilder()
    appendUpTo(builder, 300)
    const proofs = [0, 255, 256, 299].map((index) => builder.inclusionProof(index))
    const [root, tiles] = [builder.root(), builder.tiles()]
    const before = JSON.stringify([root, proofs, tiles])
    builder.settle()
    appendUpTo(builder, 900)
    builder.root()
    builder.rollback()
    expect(JSON.stringify([root, proofs, tiles])).to.equal(before)
  })

  it('computes a root once, and shares hashes between proofs of one tree', async () => {
    const builder = await emptyBuilder()
    appendUpTo(builder, 300)
    expect(builder.root()).to.equal(builder.root())
    const [one, next] = [builder.inclusionProof(2), builder.inclusionProof(3)]
    expect(next.slice(1)).to.have.ordered.members(one.slice(1))
  })

  it('takes a copy of what is appended', async () => {
    const builder = await emptyBuilder()
    const leaf = leaves[0]!.slice()
    builder.append(leaf)
    leaf.fill(0)
    expect(builder.root()).to.deep.equal(leaves[0])
  })

  it('forgets a group that was rolled back, the proofs of it included', async () => {
    const builder = await emptyBuilder()
    for (let i = 0; i < 5; i++) builder.append(leaves[i + 100]!)
    builder.inclusionProof(0)
    builder.rollback()
    expect(builder.root()).to.deep.equal(EMPTY_ROOT)
    expect(builder.tiles()).to.deep.equal([])
    appendUpTo(builder, 5)
    expect(builder.inclusionProof(0)).to.deep.equal(inclusionProof(mth, 0, 5))
  })

  it('goes on after a group so large that its buffers are given back', async () => {
    const builder = await emptyBuilder()
    for (let i = 0; i < 70_000; i++) builder.append(leaves[0]!)
    builder.settle()
    builder.append(leaves[0]!)
    const equal = mthOfEqualLeaves(leaves[0]!)
    expect(builder.root()).to.deep.equal(equal(0, 70_001))
    expect(builder.inclusionProof(70_000)).to.deep.equal(inclusionProof(equal, 70_000, 70_001))
    builder.rollback()
    expect(builder.root()).to.deep.equal(equal(0, 70_000))
  })

  it('throws a TypeError for an entry outside the open group and for a hash that is none', async () => {
    const builder = await emptyBuilder()
    appendUpTo(builder, 4)
    builder.settle()
    appendUpTo(builder, 6)
    for (const index of [3, 6, -1, NaN])
      expect(() => builder.inclusionProof(index)).to.throw(TypeError)
    expect(() => builder.append(new Uint8Array(31))).to.throw(TypeError)
    expect(builder.size).to.equal(6)
  })

  it('refuses to resume from a tile of another length', async () => {
    const error: unknown = await TreeBuilder.resume(5, () =>
      Promise.resolve(new Uint8Array(4 * 32)),
    ).catch((error: unknown) => error)
    expect(error).to.be.instanceOf(LedgerError)
    expect(error).to.include({ kind: 'corrupt', code: 'TILE_LENGTH_WRONG' })
  })
})
