import { expect } from 'chai'
import { EvidenceAnchor } from '../../../node/core/evidence.ts'
import {
  decodeAnchorRecord,
  encodeAnchorRecord,
  toEvidenceAnchor,
} from '../../../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

const hash = `0x${'ab'.repeat(32)}` as const

const queued: AnchorRecord = {
  v: 1,
  target: 'main',
  chainId: 31337,
  registry: `0x${'cd'.repeat(20)}`,
  logId: hash,
  size: 7,
  root: new Uint8Array(32).fill(9),
  checkpoint: 'test.example/log\n7\n',
  state: 'queued',
  attempts: [
    { transaction: hash, nonce: 0, from: 0, at: 1, fees: { gasPrice: 2n ** 70n }, raw: '0x02' },
    {
      transaction: hash,
      nonce: 0,
      from: 0,
      at: 2,
      fees: { maxFeePerGas: 5n, maxPriorityFeePerGas: 0n },
    },
  ],
  queuedAt: 3,
}

const mined = { transaction: hash, block: { number: 4, hash } }
const proof = {
  block: { number: 4, hash },
  header: '0xf9' as const,
  accountProof: ['0xf8' as const],
  storageProof: ['0xf7' as const],
}

describe('anchor records', () => {
  it('come back as they were written', () => {
    for (const record of [queued, { ...queued, mined, proof, confirmedAt: 5 }]) {
      expect(decodeAnchorRecord(encodeAnchorRecord(record))).to.deep.equal(record)
    }
  })

  it('are refused when anything about them is not as it is written', async () => {
    const text = new TextDecoder().decode(encodeAnchorRecord(queued))
    for (const [part, other] of [
      ['"v":1', '"v":2'],
      ['"size":7', '"size":0'],
      ['"size":7', '"size":7,"extra":1'],
      ['"state":"queued"', '"state":"anchored"'],
      ['cdcd', 'CDCD'],
      ['"1180591620717411303424"', '"0x10"'],
      ['0909', '09'],
      ['{', ''],
    ] as const) {
      expect(text).to.contain(part)
      const altered = new TextEncoder().encode(text.replace(part, other))
      expect(await codeOf(() => decodeAnchorRecord(altered)), other).to.equal(
        'ANCHOR_RECORD_MALFORMED',
      )
    }
  })
})

describe('anchors in evidence', () => {
  it('name the transaction for those who can ask the chain, when there are no proofs', () => {
    const anchor = toEvidenceAnchor({ ...queued, mined })
    expect(EvidenceAnchor.parse(anchor)).to.deep.equal({
      chainId: 31337,
      registry: queued.registry,
      logId: hash,
      blockNumber: 4,
      blockHash: hash,
      transaction: hash,
    })
  })

  it('name the transaction only with its proof, when there are proofs', () => {
    expect(
      EvidenceAnchor.parse(toEvidenceAnchor({ ...queued, mined, proof })),
    ).to.not.have.property('transaction')
    const transactionProof = { index: 0, nodes: ['0xf6' as const] }
    const whole = toEvidenceAnchor({ ...queued, mined, proof: { ...proof, transactionProof } })
    expect(EvidenceAnchor.parse(whole)).to.deep.include({ transaction: hash, transactionProof })
  })

  it('speak of the block that the proofs are of', () => {
    const later = { ...proof, block: { number: 9, hash: `0x${'ef'.repeat(32)}` as const } }
    const anchor = toEvidenceAnchor({ ...queued, mined, proof: later })
    expect([anchor.blockNumber, anchor.blockHash]).to.deep.equal([9, later.block.hash])
  })

  it('are not made of what was never mined', () => {
    expect(() => toEvidenceAnchor(queued)).to.throw(TypeError)
  })
})
