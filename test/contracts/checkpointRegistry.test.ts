import { expect } from 'chai'
import { AbiCoder, keccak256, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
import { consistencyProof, inclusionProof, leafHash, mthOf, type Mth } from '../reference/merkle.ts'
import {
  eventsOf,
  hex,
  openChain,
  refusalOf,
  type Chain,
  type Deployed,
  type Signer,
} from './chain.ts'

const ORIGIN = 'onceledger.example/log'
const abi = AbiCoder.defaultAbiCoder()

type Registry = Deployed<
  | 'createLog'
  | 'anchor'
  | 'proposeOperator'
  | 'acceptOperator'
  | 'logIdOf'
  | 'operatorOf'
  | 'proposedOperatorOf'
  | 'rootAt'
  | 'latest'
  | 'verifyInclusion'
>

describe('CheckpointRegistry', () => {
  let chain: Chain
  let registry: Registry
  let operator: Signer
  let stranger: Signer
  let logId: string
  const log = mthOf(Array.from({ length: 40 }, (_, i) => leafHash(Uint8Array.of(i))))
  const fork = mthOf(Array.from({ length: 40 }, (_, i) => leafHash(Uint8Array.of(i, i))))

  before(async () => {
    chain = await openChain()
    ;[operator, stranger] = chain.signers as [Signer, Signer]
  })

  beforeEach(async () => {
    registry = await chain.deploy('CheckpointRegistry')
    logId = keccak256(abi.encode(['address', 'string'], [operator.address, ORIGIN]))
    await registry.createLog(ORIGIN)
  })

  describe('createLog', () => {
    it('makes the id from creator and origin, so nobody can take it', async () => {
      expect(await registry.logIdOf(operator.address, ORIGIN)).to.equal(logId)
      await as(stranger).createLog(ORIGIN)
      expect(await registry.operatorOf(logId)).to.equal(operator.address)
    })

    it('tells who created what', async () => {
      const otherId = await registry.logIdOf(operator.address, 'other')
      expect(await eventsOf(registry, registry.createLog('other'))).to.deep.equal([
        { name: 'LogCreated', args: [otherId, operator.address, 'other'] },
      ])
    })

    it('starts as the empty log', async () => {
      expect(await registry.latest(logId)).to.deep.equal([0n, hex(log(0, 0))])
    })

    it('refuses the same origin again, also after the operator changed', async () => {
      expect(await refused(registry.createLog(ORIGIN))).to.deep.equal({
        name: 'LogAlreadyCreated',
        args: [logId],
      })
      await registry.proposeOperator(logId, stranger.address)
      await as(stranger).acceptOperator(logId)
      expect(await refused(registry.createLog(ORIGIN))).to.have.property(
        'name',
        'LogAlreadyCreated',
      )
    })

    it('refuses an empty origin', async () => {
      expect(await refused(registry.createLog(''))).to.deep.equal({ name: 'OriginEmpty', args: [] })
    })
  })

  describe('anchor', () => {
    it('records each checkpoint that extends the last, from the empty log on', async () => {
      for (const [from, to] of [
        [0, 1],
        [1, 7],
        [7, 8],
        [8, 33],
      ] as const)
        expect(await eventsOf(registry, anchor(log, from, to))).to.deep.equal([
          { name: 'CheckpointAnchored', args: [logId, BigInt(to), hex(log(0, to))] },
        ])
      expect(await registry.latest(logId)).to.deep.equal([33n, hex(log(0, 33))])
    })

    it('keeps the root of every anchored size, and of no other', async () => {
      await anchor(log, 0, 7)
      await anchor(log, 7, 33)
      expect(await registry.rootAt(logId, 7)).to.equal(hex(log(0, 7)))
      expect(await registry.rootAt(logId, 33)).to.equal(hex(log(0, 33)))
      for (const size of [0, 6, 8, 32, 34])
        expect(await registry.rootAt(logId, size)).to.equal(ZeroHash)
    })

    it('does nothing and emits nothing for the latest checkpoint again, whatever the proof', async () => {
      await anchor(log, 0, 7)
      await anchor(log, 7, 33)
      expect(await eventsOf(registry, anchor(log, 7, 33))).to.deep.equal([])
      expect(
        await eventsOf(registry, registry.anchor(logId, 33, hex(log(0, 33)), [])),
      ).to.deep.equal([])
      expect(await registry.latest(logId)).to.deep.equal([33n, hex(log(0, 33))])
    })

    it('refuses a fork at the same size', async () => {
      await anchor(log, 0, 7)
      expect(await refused(registry.anchor(logId, 7, hex(fork(0, 7)), []))).to.deep.equal({
        name: 'CheckpointForked',
        args: [logId, 7n, hex(fork(0, 7)), hex(log(0, 7))],
      })
    })

    it('refuses a fork that grew', async () => {
      await anchor(log, 0, 7)
      expect(await refused(anchor(fork, 7, 12))).to.deep.equal({
        name: 'MerkleOldRootMismatch',
        args: [hex(fork(0, 7)), hex(log(0, 7))],
      })
      await anchor(log, 7, 8)
      expect(await refused(anchor(fork, 8, 12))).to.have.property('name', 'MerkleRootMismatch')
    })

    it('refuses to take entries back', async () => {
      await anchor(log, 0, 7)
      expect(await refused(registry.anchor(logId, 6, hex(log(0, 6)), []))).to.deep.equal({
        name: 'CheckpointOutdated',
        args: [logId, 6n, 7n],
      })
    })

    it('refuses growth with no proof, part of it, or more than it', async () => {
      await anchor(log, 0, 7)
      const [root, proof] = [hex(log(0, 33)), consistencyProof(log, 7, 33).map(hex)]
      for (const [wrong, name] of [
        [[], 'MerkleProofTooShort'],
        [proof.slice(1), 'MerkleProofTooShort'],
        [[...proof, root], 'MerkleProofTooLong'],
        [proof.toReversed(), 'MerkleOldRootMismatch'],
      ] as const)
        expect(await refused(registry.anchor(logId, 33, root, wrong))).to.have.property(
          'name',
          name,
        )
    })

    it('refuses a proof with the first checkpoint', async () => {
      expect(await refused(registry.anchor(logId, 7, hex(log(0, 7)), [ZeroHash]))).to.deep.equal({
        name: 'MerkleProofTooLong',
        args: [1n],
      })
    })

    it('refuses the empty log and an absent root', async () => {
      for (const [size, root] of [
        [0, hex(log(0, 0))],
        [7, ZeroHash],
      ] as const)
        expect(await refused(registry.anchor(logId, size, root, []))).to.deep.equal({
          name: 'CheckpointEmpty',
          args: [logId, BigInt(size), root],
        })
    })

    it('refuses everybody but the operator, for the same checkpoint again too', async () => {
      await anchor(log, 0, 7)
      for (const size of [7, 8])
        expect(
          await refused(as(stranger).anchor(logId, size, hex(log(0, size)), [])),
        ).to.deep.equal({ name: 'NotOperator', args: [logId, stranger.address] })
    })

    it('refuses a log that nobody created', async () => {
      expect(await refused(registry.anchor(ZeroHash, 7, hex(log(0, 7)), []))).to.deep.equal({
        name: 'LogUnknown',
        args: [ZeroHash],
      })
    })

    it('keeps logs apart', async () => {
      const otherId = await registry.logIdOf(stranger.address, ORIGIN)
      await as(stranger).createLog(ORIGIN)
      await anchor(log, 0, 7)
      await as(stranger).anchor(otherId, 7, hex(fork(0, 7)), [])
      expect(await registry.rootAt(logId, 7)).to.equal(hex(log(0, 7)))
      expect(await registry.rootAt(otherId, 7)).to.equal(hex(fork(0, 7)))
    })
  })

  describe('operator', () => {
    it('changes when the proposed one accepts, not before', async () => {
      expect(
        await eventsOf(registry, registry.proposeOperator(logId, stranger.address)),
      ).to.deep.equal([
        { name: 'OperatorProposed', args: [logId, operator.address, stranger.address] },
      ])
      expect(await registry.operatorOf(logId)).to.equal(operator.address)
      expect(await registry.proposedOperatorOf(logId)).to.equal(stranger.address)
      await anchor(log, 0, 7)

      expect(await eventsOf(registry, as(stranger).acceptOperator(logId))).to.deep.equal([
        { name: 'OperatorReplaced', args: [logId, operator.address, stranger.address] },
      ])
      expect(await registry.operatorOf(logId)).to.equal(stranger.address)
      expect(await registry.proposedOperatorOf(logId)).to.equal(ZeroAddress)
      expect(await refused(anchor(log, 7, 8))).to.have.property('name', 'NotOperator')
      await anchor(log, 7, 8, as(stranger))
      expect(await registry.latest(logId)).to.deep.equal([8n, hex(log(0, 8))])
    })

    it('accepts nobody who was not proposed, or no longer is', async () => {
      const notProposed = {
        name: 'NotProposedOperator',
        args: [logId, stranger.address],
      }
      expect(await refused(as(stranger).acceptOperator(logId))).to.deep.equal(notProposed)
      await registry.proposeOperator(logId, stranger.address)
      await registry.proposeOperator(logId, ZeroAddress)
      expect(await refused(as(stranger).acceptOperator(logId))).to.deep.equal(notProposed)
      await registry.proposeOperator(logId, stranger.address)
      await as(stranger).acceptOperator(logId)
      expect(await refused(as(stranger).acceptOperator(logId))).to.deep.equal(notProposed)
    })

    it('is proposed by the operator alone', async () => {
      expect(await refused(as(stranger).proposeOperator(logId, stranger.address))).to.deep.equal({
        name: 'NotOperator',
        args: [logId, stranger.address],
      })
    })

    it('is nobody for an unknown log', async () => {
      expect(await registry.operatorOf(ZeroHash)).to.equal(ZeroAddress)
      expect(await refused(registry.latest(ZeroHash))).to.deep.equal({
        name: 'LogUnknown',
        args: [ZeroHash],
      })
      expect(await refused(registry.acceptOperator(ZeroHash))).to.have.property(
        'name',
        'NotProposedOperator',
      )
    })
  })

  describe('verifyInclusion', () => {
    const proof = inclusionProof(log, 5, 33).map(hex)
    const leaf = hex(log(5, 6))

    it('holds for an entry of any anchored size', async () => {
      await anchor(log, 0, 7)
      await anchor(log, 7, 33)
      const earlier = inclusionProof(log, 5, 7).map(hex)
      expect(await refused(registry.verifyInclusion(logId, 7, 5, leaf, earlier))).to.equal(
        undefined,
      )
      expect(await refused(registry.verifyInclusion(logId, 33, 5, leaf, proof))).to.equal(undefined)
    })

    it('refuses another entry, index or size', async () => {
      await anchor(log, 0, 7)
      await anchor(log, 7, 33)
      for (const [size, index, leafHash, name] of [
        [33, 5, hex(log(6, 7)), 'MerkleRootMismatch'],
        [33, 4, leaf, 'MerkleRootMismatch'],
        [33, 33, leaf, 'MerkleIndexBeyondSize'],
        [7, 5, leaf, 'MerkleProofTooLong'],
        [32, 5, leaf, 'CheckpointNotAnchored'],
      ] as const)
        expect(
          await refused(registry.verifyInclusion(logId, size, index, leafHash, proof)),
        ).to.have.property('name', name)
    })
  })

  describe('storage', () => {
    it('keeps operator and size in slot 0, proposed operator next to it', async () => {
      await anchor(log, 0, 33)
      await registry.proposeOperator(logId, stranger.address)
      const slot = BigInt(keccak256(abi.encode(['bytes32', 'uint256'], [logId, 0])))
      expect(await storageAt(slot)).to.equal(
        (BigInt(operator.address) | (33n << 160n)).toString(16).padStart(64, '0'),
      )
      expect(await storageAt(slot + 1n)).to.equal(
        BigInt(stranger.address).toString(16).padStart(64, '0'),
      )
    })

    it('keeps roots by log and size in slot 1, where evidence proves them', async () => {
      await anchor(log, 0, 7)
      await anchor(log, 7, 33)
      const ofLog = keccak256(abi.encode(['bytes32', 'uint256'], [logId, 1]))
      for (const size of [7, 33]) {
        const slot = BigInt(keccak256(abi.encode(['uint256', 'bytes32'], [size, ofLog])))
        expect(`0x${await storageAt(slot)}`).to.equal(hex(log(0, size)))
      }
    })
  })

  function as(signer: Signer): Registry {
    return registry.connect(signer) as unknown as Registry
  }

  function anchor(mth: Mth, from: number, to: number, by = registry) {
    const proof = from === 0 ? [] : consistencyProof(mth, from, to).map(hex)
    return by.anchor(logId, to, hex(mth(0, to)), proof)
  }

  async function refused(call: Promise<unknown>) {
    return refusalOf(registry, call)
  }

  async function storageAt(slot: bigint): Promise<string> {
    const address = await registry.getAddress()
    return (await chain.ethers.provider.getStorage(address, toBeHex(slot, 32))).slice(2)
  }
})
