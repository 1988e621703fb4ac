import { expect } from 'chai'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { encodeAnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import type { AuditParts } from '../../../node/ledger/audit/audit.ts'
import * as layout from '../../../node/store/layout.ts'
import { auditAll, copyTestLedger, faultsIn, flipBit, openTestLedger } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'
import { TestChain } from './testChain.ts'

const flippedHex = (hex: Hex): Hex => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}` as Hex

const flippedLast = (nodes: readonly Hex[]): Hex[] => [
  ...nodes.slice(0, -1),
  flippedHex(nodes.at(-1)!),
]

const later = () => Date.now() + 90_000

describe('the audit of anchors', () => {
  let ledger: TestLedger
  let chain: TestChain
  const withChain = (): AuditParts => ({ ...ledger, chains: new Map([['test', chain]]) })

  beforeEach(async () => {
    ledger = await openTestLedger()
    chain = new TestChain()
    for (const count of [3, 300, 40]) {
      await ledger.fill(count)
      await chain.anchor(ledger)
    }
  })

  it('finds nothing in anchors that the chain holds', async () => {
    const { findings, summary } = await auditAll(withChain())
    expect(findings).to.deep.equal([])
    expect(summary).to.include({ result: 'pass', anchors: 3 })
  })

  it('checks anchors by their stored proofs when no chain is asked, and says so', async () => {
    const { findings, summary } = await auditAll(ledger)
    expect(findings.map(({ code, where }) => `${code} ${where}`)).to.deep.equal([
      'CHAIN_NOT_ASKED chain test',
    ])
    expect(summary.result).to.equal('pass')
  })

  it('does not know what an anchor without proofs is worth when no chain is asked', async () => {
    await ledger.fill(1)
    const { proof: _, ...unproven } = await chain.anchor(ledger)
    await chain.anchor(ledger, { ...unproven, proof: undefined })
    const { findings, summary } = await auditAll(ledger)
    expect(findings.map(({ code }) => code)).to.deep.equal([
      'CHAIN_NOT_ASKED',
      'ANCHOR_PROOF_ABSENT',
    ])
    expect(summary.result).to.equal('unknown')
    expect((await auditAll(withChain())).summary.result).to.equal('pass')
  })

  it('names a stored anchor with one flipped bit', async () => {
    await flipBit(ledger.store, layout.anchorKey('test', 303), 40)
    expect(await faultsIn(withChain())).to.deep.equal(['ANCHOR_DAMAGED anchor test/303'])
  })

  it('names an anchor that stands in the place of another', async () => {
    const record = await chain.anchor(ledger)
    const key = layout.anchorKey('test', 3)
    const value = ledger.ring.sealRecord(key, encodeAnchorRecord(record))
    await ledger.store.commit([{ type: 'put', key, value }])
    expect(await faultsIn(withChain())).to.deep.equal(['ANCHOR_MISPLACED anchor test/3'])
  })

  const alterations: readonly [string, string, (record: AnchorRecord) => Partial<AnchorRecord>][] =
    [
      [
        'a checkpoint that the log did not sign',
        'ANCHOR_CHECKPOINT_BROKEN anchor test/343',
        ({ checkpoint }) => ({ checkpoint: checkpoint.replace(/(.{8})\n$/, 'AAAAAAA=\n') }),
      ],
      [
        'a header of another block',
        'ANCHOR_PROOF_WRONG anchor test/343',
        ({ proof }) => ({ proof: { ...proof!, header: flippedHex(proof!.header) } }),
      ],
      [
        'an altered account proof',
        'ANCHOR_PROOF_WRONG anchor test/343',
        ({ proof }) => ({ proof: { ...proof!, accountProof: flippedLast(proof!.accountProof) } }),
      ],
      [
        'an altered storage proof',
        'ANCHOR_PROOF_WRONG anchor test/343',
        ({ proof }) => ({ proof: { ...proof!, storageProof: flippedLast(proof!.storageProof) } }),
      ],
      [
        'no transaction',
        'ANCHOR_DAMAGED anchor test/343',
        () => ({ mined: undefined, proof: undefined }),
      ],
    ]

  for (const [what, found, alter] of alterations) {
    it(`names an anchor with ${what}`, async () => {
      const record = await chain.anchor(ledger)
      const altered = alter(record)
      await chain.anchor(ledger, { ...record, ...altered })
      const faults = await faultsIn(ledger)
      expect(faults).to.deep.equal([found])
    })
  }

  it('names an anchor with a root that the log never had', async () => {
    const { root } = await chain.anchor(ledger)
    const other = Uint8Array.from(root, (byte, position) => (position === 5 ? byte ^ 1 : byte))
    const { reader, signer } = ledger
    const checkpoint = signer.sign(reader.published.size, other)
    await chain.anchor(ledger, { root: other, checkpoint, proof: undefined })
    expect(await faultsIn(ledger)).to.deep.equal(['ANCHOR_ROOT_WRONG anchor test/343'])
  })

  it('names anchors that the chain does not hold, or in another block', async () => {
    chain.roots.delete(3)
    chain.blocks[1] = encode0x(new Uint8Array(32))
    expect(await faultsIn(withChain())).to.deep.equal([
      'ANCHOR_NOT_ON_CHAIN anchor test/3',
      'ANCHOR_BLOCK_GONE anchor test/303',
    ])
  })

  it('names an anchor whose record is gone, by the one after it or else by the chain', async () => {
    const [, second = 0, newest = 0] = [...chain.roots.keys()]
    const parts = withChain()
    for (const size of [second, newest])
      await ledger.store.commit([{ type: 'del', key: layout.anchorKey('test', size) }])
    expect(await faultsIn(ledger)).to.deep.equal([])
    expect(await faultsIn(parts)).to.deep.equal([`ANCHOR_RECORD_MISSING anchor test/${newest}`])
    await ledger.fill(1)
    await chain.anchor(ledger)
    expect(await faultsIn(ledger)).to.deep.equal([`ANCHOR_RECORD_MISSING anchor test/${newest}`])
  })

  it('sees that a data folder was put back to an earlier state', async () => {
    const earlier = await copyTestLedger(ledger)
    await ledger.fill(10)
    await chain.anchor(ledger)
    const parts = { ...earlier, chains: new Map([['test', chain]]) }
    expect(await faultsIn(parts)).to.deep.equal(['LOG_ROLLED_BACK chain test'])
  })

  it('sees that the chain holds another log of the same size', async () => {
    chain.roots.set(343, new Uint8Array(32).fill(1))
    expect(await faultsIn(withChain())).to.deep.equal([
      'LOG_FORKED chain test',
      'ANCHOR_NOT_ON_CHAIN anchor test/343',
    ])
  })

  it('says what it could not check when the chain is down', async () => {
    chain.isDown = true
    const { findings, summary } = await auditAll(withChain())
    expect(findings.map(({ code, where }) => `${code} ${where}`)).to.deep.equal([
      'CHAIN_UNREACHABLE chain test',
    ])
    expect(summary.result).to.equal('unknown')
  })

  it('notes the entries that wait for their anchor, and objects when they wait too long', async () => {
    await ledger.fill(7)
    const [pending] = (await auditAll(withChain(), { now: later })).findings
    expect(pending).to.deep.include({
      code: 'ANCHOR_PENDING',
      level: 'note',
      details: { anchored: 343, waiting: 7, seconds: 90 },
    })
    const strict = { now: later, anchorWithin: 60_000 }
    expect(await faultsIn(withChain(), strict)).to.deep.equal(['ANCHOR_OVERDUE chain test'])
    expect(await faultsIn(withChain(), { ...strict, anchorWithin: 120_000 })).to.deep.equal([])
  })
})
