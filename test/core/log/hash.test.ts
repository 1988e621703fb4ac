import { expect } from 'chai'
import fc from 'fast-check'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { sha256Into as sha256InBrowser } from '../../../node/core/hash/sha256.browser.ts'
import { sha256Into as sha256UnderNode } from '../../../node/core/hash/sha256.node.ts'
import { decodeHex, encodeHex } from '../../../node/core/bytes.ts'
import {
  EMPTY_ROOT,
  hashLeaf,
  hashNode,
  hashNodeInto,
  hashPairInto,
  sha256,
} from '../../../node/core/hash/hash.ts'
import { leafHash, nodeHash } from '../../reference/merkle.ts'
import vectors from '../../vectors/rfc6962.json' with { type: 'json' }

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('hash', () => {
  it('of an empty tree, of leaves and of nodes is that of the published vectors', () => {
    expect(encodeHex(EMPTY_ROOT)).to.equal(vectors.roots[0])
    expect(encodeHex(hashLeaf(decodeHex(vectors.leaf.entry)))).to.equal(vectors.leaf.hash)
    const leaves = vectors.entries.map((entry) => encodeHex(hashLeaf(decodeHex(entry))))
    expect(leaves).to.deep.equal(vectors.nodes[0])
    for (const [level, nodes] of vectors.nodes.entries())
      for (const [i, node] of (vectors.nodes[level + 1] ?? []).entries()) {
        const [left, right] = [decodeHex(nodes[2 * i]!), decodeHex(nodes[2 * i + 1]!)]
        expect(encodeHex(hashNode(left, right))).to.equal(node)
      }
  })

  it('is SHA-256 under Node and in a browser, wherever it is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), (data, offset) => {
        expect(sha256(data)).to.deep.equal(nobleSha256(data))
        for (const sha256Into of [sha256UnderNode, sha256InBrowser]) {
          const out = new Uint8Array(50)
          sha256Into(data, out, offset)
          expect(out.slice(offset, offset + 32)).to.deep.equal(nobleSha256(data))
          expect(out.slice(offset + 32).every((byte) => byte === 0)).to.equal(true)
        }
      }),
    )
  })

  for (const length of [0, 1, 1023, 1024, 1025, 65_535])
    it(`of a leaf of ${length} bytes agrees with the reference`, () => {
      const entry = new Uint8Array(length).fill(7)
      expect(hashLeaf(entry)).to.deep.equal(leafHash(entry))
    })

  it('of a leaf owes nothing to the leaf before', () => {
    hashLeaf(new Uint8Array(900).fill(9))
    expect(hashLeaf(Uint8Array.of(1))).to.deep.equal(leafHash(Uint8Array.of(1)))
  })

  it('of a node agrees with the reference, in each form', () => {
    fc.assert(
      fc.property(hash, hash, (left, right) => {
        const expected = nodeHash(left, right)
        expect(hashNode(left, right)).to.deep.equal(expected)
        const buffer = new Uint8Array(96)
        buffer.set(left, 32)
        buffer.set(right, 64)
        hashNode(right, left)
        hashPairInto(buffer, 32, buffer, 0)
        expect(buffer.slice(0, 32)).to.deep.equal(expected)
        hashNodeInto(left, right, buffer, 32)
        expect(buffer.slice(32, 64)).to.deep.equal(expected)
      }),
    )
  })

  it('may be written over its own children', () => {
    const buffer = new Uint8Array(64).fill(5)
    const [left, right] = [buffer.subarray(0, 32), buffer.subarray(32)]
    const expected = nodeHash(left, right)
    hashNodeInto(left, right, buffer, 0)
    expect(buffer.slice(0, 32)).to.deep.equal(expected)
  })

  it('of a node is refused for children of other lengths', () => {
    for (const [left, right] of [
      [31, 33],
      [33, 31],
      [64, 0],
      [0, 32],
    ] as const)
      expect(() => hashNode(new Uint8Array(left), new Uint8Array(right))).to.throw(TypeError)
  })
})
