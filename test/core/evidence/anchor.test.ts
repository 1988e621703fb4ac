import { expect } from 'chai'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Evidence, EvidenceAnchor } from '../../../node/core/evidence.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { ChainReader } from '../../../node/core/verify/chainReader.ts'
import { verifyEvidence } from '../../../node/core/verify/verifyEvidence.ts'
import { nodeHash } from '../../reference/merkle.ts'
import { flipped, makeAnchor, makeEvidence, rootOf, SIZE, trustIn } from './sample.ts'
import type { ProvenAnchor } from './sample.ts'

let anchor: ProvenAnchor
let evidence: Evidence
let trust: Trust

describe('anchor', () => {
  before(async () => {
    anchor = await makeAnchor()
    evidence = await makeEvidence({ anchors: [anchor] })
    trust = trustIn([anchor])
  })

  async function anchorCode(
    anchors: EvidenceAnchor[],
    believed: Trust,
    reader?: Partial<ChainReader>,
  ): Promise<string> {
    const findChain = reader && (() => ({ ...answering, ...reader }))
    const options = findChain ? { findChain } : {}
    const verdict = await verifyEvidence({ ...evidence, anchors }, believed, options)
    const code = verdict.checks.find(({ check }) => check === 'anchor')?.code
    return code ?? expect.fail('no anchor check')
  }

  /** A chain that holds everything as the sample says. */
  const answering: ChainReader = {
    blockHash: (number) =>
      Promise.resolve(number === anchor.blockNumber ? anchor.blockHash : undefined),
    rootAt: (_registry, _logId, size) => Promise.resolve(size === SIZE ? rootOf(SIZE) : undefined),
    blockOf: (transaction) =>
      Promise.resolve(transaction === anchor.transaction ? anchor.blockHash : undefined),
  }
  const silent: Partial<ChainReader> = {
    blockHash: () => Promise.reject(new LedgerError('unavailable', 'CHAIN_TIMEOUT')),
  }
  const other: Hex = `0x${'00'.repeat(32)}`

  it('is not asked for when no chain is trusted', async () => {
    expect(await anchorCode([anchor], trustIn([]))).to.equal('ANCHOR_NOT_REQUIRED')
  })

  it('holds on one trusted chain, unless another contradicts it', async () => {
    const second = { ...anchor, chainId: 2 }
    expect(await anchorCode([anchor, second], trustIn([anchor, second]))).to.equal(
      'CHECKPOINT_ANCHORED',
    )
    expect(await anchorCode([anchor], trustIn([second, anchor]))).to.equal('CHECKPOINT_ANCHORED')
    expect(await anchorCode([], trustIn([second, anchor]))).to.equal('ANCHOR_PENDING')
    const broken = { ...second, header: flipped(second.header) }
    const third = { ...anchor, chainId: 3 }
    expect(await anchorCode([anchor, broken], trustIn([anchor, third, second]))).to.equal(
      'ANCHOR_HEADER_MISMATCH',
    )
  })

  it('on a chain that is not trusted does no harm beside one that is', async () => {
    expect(await anchorCode([{ ...anchor, chainId: 2, header: '0x00' }, anchor], trust)).to.equal(
      'CHECKPOINT_ANCHORED',
    )
  })

  it('in an unknown block stays unknown until the chain confirms the block', async () => {
    const doubtful = trustIn([{ ...anchor, blockHash: other }])
    expect(await anchorCode([anchor], doubtful)).to.equal('ANCHOR_BLOCK_NOT_TRUSTED')
    expect(await anchorCode([anchor], doubtful, {})).to.equal('CHECKPOINT_ANCHORED')
    expect(await anchorCode([anchor], doubtful, silent)).to.equal('ANCHOR_CHAIN_UNREACHABLE')
    const moved = { blockHash: () => Promise.resolve(other) }
    expect(await anchorCode([anchor], doubtful, moved)).to.equal('ANCHOR_BLOCK_MISMATCH')
  })

  it('in a trusted block is not asked about', async () => {
    expect(await anchorCode([anchor], trust, silent)).to.equal('CHECKPOINT_ANCHORED')
  })

  it('that is shown wrong offline is not asked about', async () => {
    const wrong = { ...anchor, blockNumber: 13 }
    expect(await anchorCode([wrong], trust, {})).to.equal('ANCHOR_BLOCK_NUMBER_MISMATCH')
  })

  it('without proofs is answered by the chain alone', async () => {
    const { header: _h, accountProof: _a, storageProof: _s, transactionProof: _t, ...bare } = anchor
    expect(await anchorCode([bare], trust)).to.equal('ANCHOR_PROOF_ABSENT')
    expect(await anchorCode([bare], trust, {})).to.equal('CHECKPOINT_ANCHORED')
    expect(await anchorCode([bare], trust, silent)).to.equal('ANCHOR_CHAIN_UNREACHABLE')
    expect(await anchorCode([{ ...bare, blockNumber: 13 }], trust, {})).to.equal(
      'ANCHOR_BLOCK_MISMATCH',
    )
    expect(await anchorCode([{ ...bare, transaction: other }], trust, {})).to.equal(
      'ANCHOR_TRANSACTION_MISMATCH',
    )
    const empty = { rootAt: () => Promise.resolve(undefined) }
    expect(await anchorCode([bare], trust, empty)).to.equal('ANCHOR_ROOT_ABSENT')
    const forked = { rootAt: () => Promise.resolve(rootOf(3)) }
    expect(await anchorCode([bare], trust, forked)).to.equal('ANCHOR_ROOT_MISMATCH')
  })

  it('names its transaction with a proof, or the chain is asked', async () => {
    const { transactionProof: _p, ...unproven } = anchor
    expect(await anchorCode([unproven], trust)).to.equal('ANCHOR_TRANSACTION_UNPROVEN')
    expect(await anchorCode([unproven], trust, {})).to.equal('CHECKPOINT_ANCHORED')
    const { transaction: _t, ...unnamed } = unproven
    expect(await anchorCode([unnamed], trust)).to.equal('CHECKPOINT_ANCHORED')
  })

  it('holds the root of the very size, and not another', async () => {
    const without = await makeAnchor(new Map([[3, rootOf(3)]]))
    expect(await anchorCode([without], trustIn([without]))).to.equal('ANCHOR_ROOT_ABSENT')
    const forked = await makeAnchor(new Map([[SIZE, nodeHash(rootOf(1), rootOf(2))]]))
    expect(await anchorCode([forked], trustIn([forked]))).to.equal('ANCHOR_ROOT_MISMATCH')
  })

  it('in a state without the contract is refused', async () => {
    const elsewhere = await makeAnchor(undefined, flipped(anchor.registry))
    expect(await anchorCode([elsewhere], trustIn([elsewhere]))).to.equal('ANCHOR_REGISTRY_ABSENT')
  })
})
