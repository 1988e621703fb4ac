import { expect } from 'chai'
import fc from 'fast-check'
import { decodeHex } from '../../../node/core/bytes.ts'
import type { Hash } from '../../../node/core/hash/hash.ts'
import { EMPTY_ROOT, hashLeaf } from '../../../node/core/hash/hash.ts'
import { verifyConsistency, verifyInclusion } from '../../../node/core/merkle/verify.ts'
import {
  consistencyProof,
  inclusionProof,
  refuseConsistency,
  refuseInclusion,
} from '../../reference/merkle.ts'
import ours from '../../vectors/merkle.json' with { type: 'json' }
import published from '../../vectors/merkle-published.json' with { type: 'json' }
import { codeOf } from './support.ts'
import { leaves, mth } from './tall.ts'

interface Outcome {
  readonly case: string
  readonly ok: boolean
  readonly code?: string
}

function expectOutcome({ ok, code }: Outcome, act: () => void): void {
  const actual = codeOf(act, 'unverified')
  if (ok) expect(actual).to.equal('accepted')
  else if (code === undefined) expect(actual).not.to.equal('accepted')
  else expect(actual).to.equal(code)
}

const LARGEST_TREE = 70

/** One bit of one of the hashes, another. */
function flipBit(hashes: readonly Hash[], bit: number): Hash[] {
  const at = Math.floor(bit / 256) % hashes.length
  return hashes.map((hash, i) => {
    const copy = hash.slice()
    if (i === at) copy[(bit >> 3) % 32]! ^= 1 << (bit & 7)
    return copy
  })
}

const treeAndIndex = fc
  .integer({ min: 1, max: LARGEST_TREE })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }))
const sizes = fc
  .tuple(fc.integer({ min: 1, max: LARGEST_TREE }), fc.integer({ min: 1, max: LARGEST_TREE }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

describe('verifyInclusion', () => {
  for (const [source, vectors] of Object.entries({ ours, published }))
    it(`decides ${vectors.inclusion.length} vectors (${source}) as they say`, () => {
      for (const vector of vectors.inclusion) {
        const [leaf, root] = [decodeHex(vector.leafHash), decodeHex(vector.root)]
        const proof = vector.proof.map((hash) => decodeHex(hash))
        const { index, size } = vector
        expectOutcome(vector, () => verifyInclusion(leaf, { index, proof }, { size, root }))
      }
    })

  it('accepts each leaf of each small tree by the proof of RFC 9162, and by no other leaf', () => {
    for (let size = 1; size <= LARGEST_TREE; size++)
      for (let index = 0; index < size; index++) {
        const place = { index, proof: inclusionProof(mth, index, size) }
        const head = { size, root: mth(0, size) }
        verifyInclusion(leaves[index]!, place, head)
        const stranger = leaves[(index + 1) % LARGEST_TREE]!
        expect(codeOf(() => verifyInclusion(stranger, place, head))).to.equal(
          'MERKLE_ROOT_MISMATCH',
        )
      }
  })

  it('refuses any bit flipped in leaf, proof or root', () => {
    fc.assert(
      fc.property(treeAndIndex, fc.nat(), ({ size, index }, bit) => {
        const hashes = [leaves[index]!, mth(0, size), ...inclusionProof(mth, index, size)]
        const [leaf, root, ...proof] = flipBit(hashes, bit) as [Hash, Hash, ...Hash[]]
        const act = () => verifyInclusion(leaf, { index, proof }, { size, root })
        expect(codeOf(act, 'unverified')).to.equal('MERKLE_ROOT_MISMATCH')
      }),
    )
  })

  it('refuses what the reference refuses, for the same reason, whatever index, size and length', () => {
    fc.assert(
      fc.property(
        treeAndIndex,
        fc.nat(LARGEST_TREE),
        fc.integer({ min: 0, max: LARGEST_TREE }),
        fc.nat(8),
        ({ size, index }, otherIndex, otherSize, length) => {
          const honest = inclusionProof(mth, index, size)
          const proof = [...honest, ...leaves.slice(0, 8)].slice(0, length)
          const [leaf, root] = [leaves[index]!, mth(0, size)]
          const expected = refuseInclusion(leaf, otherIndex, otherSize, proof, root) ?? 'accepted'
          const place = { index: otherIndex, proof }
          const act = () => verifyInclusion(leaf, place, { size: otherSize, root })
          expect(codeOf(act)).to.equal(expected)
        },
      ),
    )
  })

  it('refuses an inner node offered as a leaf', () => {
    // The prefix alone stops it: as an entry, the two children hash to something else.
    const children = new Uint8Array(64)
    children.set(leaves[0]!)
    children.set(leaves[1]!, 32)
    const place = { index: 0, proof: [mth(2, 4)] }
    const head = { size: 2, root: mth(0, 4) }
    expect(codeOf(() => verifyInclusion(hashLeaf(children), place, head))).to.equal(
      'MERKLE_ROOT_MISMATCH',
    )
  })

  it('throws a TypeError for counts and hashes that are none', () => {
    const root = mth(0, 2)
    const proof = [leaves[1]!]
    for (const index of [-1, 0.5, NaN, 2 ** 53])
      expect(() => verifyInclusion(leaves[0]!, { index, proof }, { size: 2, root })).to.throw(
        TypeError,
      )
    const short = [leaves[1]!.subarray(1)]
    expect(() =>
      verifyInclusion(leaves[0]!, { index: 0, proof: short }, { size: 2, root }),
    ).to.throw(TypeError)
  })
})

describe('verifyConsistency', () => {
  for (const [source, vectors] of Object.entries({ ours, published }))
    it(`decides ${vectors.consistency.length} vectors (${source}) as they say`, () => {
      for (const vector of vectors.consistency) {
        const from = { size: vector.oldSize, root: decodeHex(vector.oldRoot) }
        const to = { size: vector.newSize, root: decodeHex(vector.newRoot) }
        const proof = vector.proof.map((hash) => decodeHex(hash))
        expectOutcome(vector, () => verifyConsistency(from, to, proof))
      }
    })

  it('accepts each pair of small trees by the proof of RFC 9162', () => {
    for (let to = 1; to <= LARGEST_TREE; to++)
      for (let from = 1; from <= to; from++) {
        const [old, current] = [
          { size: from, root: mth(0, from) },
          { size: to, root: mth(0, to) },
        ]
        verifyConsistency(old, current, consistencyProof(mth, from, to))
      }
  })

  it('accepts every tree as one that extends the empty tree, and no other empty root', () => {
    const empty = { size: 0, root: EMPTY_ROOT }
    const tree = { size: 5, root: mth(0, 5) }
    verifyConsistency(empty, empty, [])
    verifyConsistency(empty, tree, [])
    const forged = { size: 0, root: leaves[0]! }
    expect(codeOf(() => verifyConsistency(forged, tree, []))).to.equal('MERKLE_OLD_ROOT_MISMATCH')
    expect(codeOf(() => verifyConsistency(empty, tree, [leaves[0]!]))).to.equal(
      'MERKLE_PROOF_TOO_LONG',
    )
  })

  it('refuses any bit flipped in the proof or in either root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ from, to }, bit) => {
        const hashes = [mth(0, from), mth(0, to), ...consistencyProof(mth, from, to)]
        const [old, current, ...proof] = flipBit(hashes, bit) as [Hash, Hash, ...Hash[]]
        const act = () =>
          verifyConsistency({ size: from, root: old }, { size: to, root: current }, proof)
        expect(codeOf(act, 'unverified')).to.match(/^MERKLE_(OLD_)?ROOT_MISMATCH$/)
      }),
    )
  })

  it('refuses what the reference refuses, for the same reason, whatever sizes and length', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.nat(LARGEST_TREE),
        fc.nat(LARGEST_TREE),
        fc.nat(9),
        ({ from, to }, otherFrom, otherTo, length) => {
          const proof = [...consistencyProof(mth, from, to), ...leaves.slice(0, 9)].slice(0, length)
          const [old, current] = [mth(0, from), mth(0, to)]
          const expected = refuseConsistency(otherFrom, old, otherTo, current, proof) ?? 'accepted'
          const act = () =>
            verifyConsistency(
              { size: otherFrom, root: old },
              { size: otherTo, root: current },
              proof,
            )
          expect(codeOf(act)).to.equal(expected)
        },
      ),
    )
  })
})
