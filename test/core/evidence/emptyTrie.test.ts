import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect } from 'chai'
import { readProven } from '../../../node/core/ethereum/trie.ts'
import { codeOf } from '../../support/codes.ts'

describe('a trie that holds nothing', () => {
  const node = Uint8Array.of(0x80)
  const root = keccak_256(node)
  const key = keccak_256(Uint8Array.of(1))

  it('proves that a key is not there, in both ways in which chains say so', async () => {
    for (const proof of [[], [node]]) expect(await readProven(root, key, proof)).to.equal(undefined)
  })

  it('proves nothing by other nodes, or of another root', async () => {
    for (const proof of [[node, node], [Uint8Array.of(0x81)], [new Uint8Array(0)]])
      expect(await codeOf(readProven(root, key, proof))).to.equal('TRIE_PROOF_INVALID')
    for (const proof of [[], [node]])
      expect(await codeOf(readProven(keccak_256(root), key, proof))).to.equal('TRIE_PROOF_INVALID')
  })
})
