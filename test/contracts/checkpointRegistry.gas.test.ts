import { expect } from 'chai'
import { consistencyProof, leafHash, mthOfEqualLeaves } from '../reference/merkle.ts'
import { gasOf, hex, openChain, type Deployed } from './chain.ts'

// Gas is deterministic: a figure that moves is a change in what every ledger pays, to be decided, not noticed later.
describe('gas of CheckpointRegistry', () => {
  const mth = mthOfEqualLeaves(leafHash(new Uint8Array()))
  let registry: Deployed<'createLog' | 'logIdOf' | 'anchor'>
  let logId: unknown

  beforeEach(async () => {
    const chain = await openChain()
    registry = await chain.deploy('CheckpointRegistry')
    await registry.createLog('onceledger.example/log')
    logId = await registry.logIdOf(chain.signers[0]!.address, 'onceledger.example/log')
  })

  for (const { from, to, hashes, gas } of [
    { from: 0, to: 990_000, hashes: 0, gas: 52_901 },
    { from: 990_000, to: 1_000_000, hashes: 16, gas: 75_216 },
    { from: 1_048_575, to: 1_048_577, hashes: 22, gas: 84_555 },
  ])
    it(`anchors ${to} entries after ${from}, proof of ${hashes} hashes, for ${gas}`, async () => {
      if (from > 0) await anchor(0, from)
      const proof = from > 0 ? consistencyProof(mth, from, to) : []
      expect(proof).to.have.length(hashes)
      expect(await gasOf(anchor(from, to))).to.be.at.most(gas)
    })

  it('changes nothing for the same checkpoint again, for 27958', async () => {
    await anchor(0, 990_000)
    expect(await gasOf(anchor(0, 990_000))).to.be.at.most(27_958)
  })

  function anchor(from: number, to: number) {
    const proof = from > 0 ? consistencyProof(mth, from, to).map(hex) : []
    return registry.anchor(logId, to, hex(mth(0, to)), proof)
  }
})
