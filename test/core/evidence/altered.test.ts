import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import { formatEvidence } from '../../../node/core/evidence.ts'
import type { Evidence, EvidenceAnchor } from '../../../node/core/evidence.ts'
import { SIGNATURE_TYPE } from '../../../node/core/tlog/verifierKey.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { verifyEvidence, verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { inclusionProof, mthOf } from '../../reference/merkle.ts'
import { faults } from './codeOf.ts'
import {
  flipped,
  GIVEN,
  INDEX,
  LEAVES,
  LOG_SIGNER,
  makeAnchor,
  makeCheckpoint,
  makeEvidence,
  makeHeader,
  makeProof,
  makeSigner,
  ORIGIN,
  rootOf,
  SIZE,
  STATEMENT,
  trustIn,
  WITNESSES,
} from './sample.ts'
import type { ProvenAnchor } from './sample.ts'

let anchor: ProvenAnchor
let evidence: Evidence
let trust: Trust

type Alter = () => Evidence | Promise<Evidence>

function withAnchor(changes: Partial<EvidenceAnchor>): Evidence {
  return { ...evidence, anchors: [{ ...anchor, ...changes }] }
}

async function withProof(changes: Parameters<typeof makeProof>[0]): Promise<Evidence> {
  return { ...evidence, proof: await makeProof(changes) }
}

async function withCheckpoint(changes: Parameters<typeof makeCheckpoint>[0]): Promise<Evidence> {
  return withProof({ checkpoint: await makeCheckpoint(changes) })
}

function withStatement(changes: object): Evidence {
  return { ...evidence, statement: { ...STATEMENT, ...changes } }
}

/** What is altered, how, and the checks that then fail, each by its own code. */
const ALTERATIONS: readonly (readonly [title: string, alter: Alter, Record<string, string>])[] = [
  // statement, salt, entry
  [
    'the statement’s id',
    () => withStatement({ id: 'other' }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  ['the type', () => withStatement({ type: 'X' }), { commitment: 'COMMITMENT_MISMATCH' }],
  [
    'the submitter',
    () => withStatement({ submitter: 'YP-X' }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  ['the title', () => withStatement({ title: 'x' }), { commitment: 'COMMITMENT_MISMATCH' }],
  [
    'the holder',
    () => withStatement({ holder: { codeType: '999', code: '1' } }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'a field',
    () => withStatement({ fields: { ...STATEMENT.fields, capital: 101 } }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'the case code',
    () => withStatement({ caseCode: '0'.repeat(15) }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'where the content is kept',
    () => withStatement({ content: { ...STATEMENT.content, kept: 'department' } }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'the media type',
    () => withStatement({ content: { ...STATEMENT.content, mediaType: 'text/plain' } }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'a digest',
    () =>
      withStatement({
        content: { ...STATEMENT.content, digests: STATEMENT.content.digests.map(flipped) },
      }),
    { content: 'CONTENT_DIGEST_MISMATCH', commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'the size',
    () => withStatement({ content: { ...STATEMENT.content, size: 1 } }),
    { content: 'CONTENT_SIZE_MISMATCH', commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'the salt',
    () => ({ ...evidence, salt: flipped(evidence.salt) }),
    { commitment: 'COMMITMENT_MISMATCH' },
  ],
  [
    'the entry’s commitment',
    () => ({
      ...evidence,
      entry: { ...evidence.entry, commitment: flipped(evidence.entry.commitment) },
    }),
    { commitment: 'COMMITMENT_MISMATCH', inclusion: 'MERKLE_ROOT_MISMATCH' },
  ],
  [
    'the entry’s time',
    () => ({ ...evidence, entry: { ...evidence.entry, at: '2023-08-04T02:00:00.000Z' } }),
    { inclusion: 'MERKLE_ROOT_MISMATCH' },
  ],
  [
    'the entry’s kind',
    () => ({ ...evidence, entry: { ...evidence.entry, kind: 'material.erased' } }),
    { commitment: 'COMMITMENT_KIND_MISMATCH', inclusion: 'MERKLE_ROOT_MISMATCH' },
  ],

  // inclusion proof
  ['the index', () => withProof({ index: INDEX + 1 }), { inclusion: 'MERKLE_ROOT_MISMATCH' }],
  [
    'the index to one beyond the end',
    () => withProof({ index: SIZE }),
    { inclusion: 'MERKLE_INDEX_BEYOND_SIZE' },
  ],
  [
    'the proof to one for a smaller size',
    () => withProof({ proof: inclusionProof(mthOf(LEAVES), INDEX, INDEX + 1) }),
    { inclusion: 'MERKLE_PROOF_TOO_SHORT' },
  ],
  [
    'the proof to one for a larger size',
    () => withProof({ proof: inclusionProof(mthOf(LEAVES), INDEX, SIZE + 2) }),
    { inclusion: 'MERKLE_PROOF_TOO_LONG' },
  ],
  [
    'the proof by a hash too few',
    () => withProof({ proof: inclusionProof(mthOf(LEAVES), INDEX, SIZE).slice(1) }),
    { inclusion: 'MERKLE_PROOF_TOO_SHORT' },
  ],
  [
    'the proof by a hash too many',
    () => withProof({ proof: [...inclusionProof(mthOf(LEAVES), INDEX, SIZE), rootOf(1)] }),
    { inclusion: 'MERKLE_PROOF_TOO_LONG' },
  ],
  [
    'the proof to another leaf’s',
    () => withProof({ proof: inclusionProof(mthOf(LEAVES), INDEX + 1, SIZE) }),
    { inclusion: 'MERKLE_ROOT_MISMATCH' },
  ],
  [
    'the leaf to its parent, an inner node',
    () =>
      withProof({ index: INDEX >> 1, proof: inclusionProof(mthOf(LEAVES), INDEX, SIZE).slice(1) }),
    { inclusion: 'MERKLE_PROOF_TOO_SHORT' },
  ],
  [
    'the proof by data that nobody signed',
    () => withProof({ extra: Uint8Array.of(1) }),
    { inclusion: 'TLOG_PROOF_EXTRA' },
  ],
  [
    'the proof text',
    () => ({ ...evidence, proof: `x${evidence.proof}` }),
    {
      inclusion: 'TLOG_PROOF_MALFORMED',
      checkpoint: 'CHECKPOINT_UNREADABLE',
      witnesses: 'CHECKPOINT_UNREADABLE',
      anchor: 'CHECKPOINT_UNREADABLE',
    },
  ],

  // checkpoint
  [
    'the checkpoint’s size',
    () => ({ ...evidence, proof: evidence.proof.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`) }),
    {
      checkpoint: 'CHECKPOINT_SIGNATURE_INVALID',
      witnesses: 'WITNESS_SIGNATURE_INVALID',
      anchor: 'ANCHOR_STORAGE_PROOF_INVALID',
    },
  ],
  [
    'the checkpoint’s root',
    () => withCheckpoint({ root: rootOf(SIZE - 1) }),
    { inclusion: 'MERKLE_ROOT_MISMATCH', anchor: 'ANCHOR_ROOT_MISMATCH' },
  ],
  [
    'the checkpoint’s origin',
    () => withCheckpoint({ origin: 'other.example/log' }),
    { checkpoint: 'CHECKPOINT_ORIGIN_MISMATCH' },
  ],
  [
    'the checkpoint’s signer',
    () => withCheckpoint({ signer: makeSigner(ORIGIN, 9) }),
    { checkpoint: 'CHECKPOINT_KEY_UNKNOWN' },
  ],
  [
    'the signature under the log’s own key id',
    () => withCheckpoint({ signer: { ...makeSigner(ORIGIN, 9), keyId: LOG_SIGNER.keyId } }),
    { checkpoint: 'CHECKPOINT_SIGNATURE_INVALID' },
  ],
  [
    'the checkpoint to a text nobody signed',
    () => ({ ...evidence, proof: evidence.proof.slice(0, evidence.proof.indexOf('\n\n—') + 1) }),
    {
      inclusion: 'CHECKPOINT_UNREADABLE',
      checkpoint: 'NOTE_MALFORMED',
      witnesses: 'CHECKPOINT_UNREADABLE',
      anchor: 'CHECKPOINT_UNREADABLE',
    },
  ],

  // witnesses
  [
    'the witnesses to one of two',
    () => withCheckpoint({ witnesses: WITNESSES.slice(1) }),
    { witnesses: 'WITNESS_QUORUM_NOT_MET' },
  ],
  [
    'the witnesses to one that cosigned twice',
    () => withCheckpoint({ witnesses: [...WITNESSES.slice(1), ...WITNESSES.slice(1)] }),
    { witnesses: 'WITNESS_QUORUM_NOT_MET' },
  ],
  [
    'a witness to a stranger',
    () =>
      withCheckpoint({
        witnesses: [
          ...WITNESSES.slice(1),
          makeSigner('witness.example/9', 9, SIGNATURE_TYPE.cosignature),
        ],
      }),
    { witnesses: 'WITNESS_QUORUM_NOT_MET' },
  ],
  [
    'a cosignature',
    () =>
      withCheckpoint({
        witnesses: WITNESSES.map((witness) => ({
          ...witness,
          sign: (message: Uint8Array) => LOG_SIGNER.sign(message),
        })),
      }),
    { witnesses: 'WITNESS_SIGNATURE_INVALID' },
  ],

  // anchor
  ['the anchors to none', () => ({ ...evidence, anchors: [] }), { anchor: 'ANCHOR_PENDING' }],
  ['the anchor’s chain id', () => withAnchor({ chainId: 1 }), { anchor: 'ANCHOR_CHAIN_UNKNOWN' }],
  [
    'the anchor’s contract',
    () => withAnchor({ registry: flipped(anchor.registry) }),
    { anchor: 'ANCHOR_REGISTRY_UNTRUSTED' },
  ],
  [
    'the anchor’s log',
    () => withAnchor({ logId: flipped(anchor.logId) }),
    { anchor: 'ANCHOR_LOG_MISMATCH' },
  ],
  [
    'the transaction',
    () => withAnchor({ transaction: flipped(anchor.transaction) }),
    { anchor: 'ANCHOR_TRANSACTION_MISMATCH' },
  ],
  [
    'the block number',
    () => withAnchor({ blockNumber: 13 }),
    { anchor: 'ANCHOR_BLOCK_NUMBER_MISMATCH' },
  ],
  [
    'the block hash',
    () => withAnchor({ blockHash: flipped(anchor.blockHash) }),
    { anchor: 'ANCHOR_HEADER_MISMATCH' },
  ],
  [
    'the header',
    () => withAnchor({ header: flipped(anchor.header) }),
    { anchor: 'ANCHOR_HEADER_MISMATCH' },
  ],
  [
    'the header to something else',
    () => withAnchor({ header: '0x00' }),
    { anchor: 'ANCHOR_HEADER_MALFORMED' },
  ],
  [
    'the account proof',
    () => withAnchor({ accountProof: anchor.accountProof.map(flipped) }),
    { anchor: 'ANCHOR_ACCOUNT_PROOF_INVALID' },
  ],
  [
    'the account proof by a node too many',
    () => withAnchor({ accountProof: [...anchor.accountProof, '0xc0'] }),
    { anchor: 'ANCHOR_ACCOUNT_PROOF_INVALID' },
  ],
  [
    'the storage proof',
    () => withAnchor({ storageProof: anchor.storageProof.map(flipped) }),
    { anchor: 'ANCHOR_STORAGE_PROOF_INVALID' },
  ],
  [
    'the storage proof to another slot’s',
    async () => withAnchor({ storageProof: (await makeAnchor(new Map())).storageProof }),
    { anchor: 'ANCHOR_STORAGE_PROOF_INVALID' },
  ],
  [
    'the transaction’s place',
    () => withAnchor({ transactionProof: { ...anchor.transactionProof, index: 2 } }),
    { anchor: 'ANCHOR_TRANSACTION_PROOF_INVALID' },
  ],
  [
    'the transaction proof',
    () =>
      withAnchor({
        transactionProof: { index: 1, nodes: anchor.transactionProof.nodes.map(flipped) },
      }),
    { anchor: 'ANCHOR_TRANSACTION_PROOF_INVALID' },
  ],
]

describe('altered evidence', () => {
  before(async () => {
    anchor = await makeAnchor()
    evidence = await makeEvidence({ anchors: [anchor] })
    trust = trustIn([anchor])
  })

  for (const [title, alter, expected] of ALTERATIONS) {
    it(`fails by its own code: ${title}`, async () => {
      const altered = await alter()
      expect(altered).not.to.deep.equal(evidence)
      const verdict = await verifyEvidence(altered, trust, { content: GIVEN })
      expect(faults(verdict)).to.deep.equal(expected)
      expect(verdict.result).to.equal(title === 'the anchors to none' ? 'unknown' : 'fail')
      expect(
        verdict.checks.every(
          ({ message, next, result }) =>
            message && (next || result === 'pass' || result === 'skipped'),
        ),
      ).to.equal(true)
    })
  }

  it('never passes with any bit of its text flipped', async () => {
    const bytes = Buffer.from(formatEvidence(evidence))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const other = Buffer.from(bytes)
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const verdict = await verifyEvidenceText(other, trust, { content: GIVEN })
        expect(verdict.result).to.equal('fail')
      }),
      { numRuns: 700 },
    )
  })

  it('never passes, and never throws, with random bytes for its proofs', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 }).map(encode0x)
    const rlp = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 17 })
    const node = fc.oneof(
      bytes,
      rlp.map((fields) => encode0x(RLP.encode(fields))),
    )
    const forged = fc.oneof(
      fc.record({ header: node }),
      // A header that leads to the forged node, in a block of its own.
      node.map((accountNode) => {
        const root = keccak_256(decode0x(accountNode))
        const header = makeHeader(root, root)
        const blockHash = encode0x(keccak_256(header))
        return { header: encode0x(header), blockHash, accountProof: [accountNode] }
      }),
      fc.record({ storageProof: fc.array(node, { maxLength: 3 }) }),
      fc.record({ transactionProof: fc.record({ index: fc.nat(), nodes: fc.array(node) }) }),
    )
    await fc.assert(
      fc.asyncProperty(forged, async (changes) => {
        const verdict = await verifyEvidence(withAnchor(changes), trust)
        expect(verdict.result).to.equal('fail')
      }),
      { numRuns: 300 },
    )
  })

  it('never passes cut short, and never throws', async () => {
    const text = formatEvidence(evidence)
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        const verdict = await verifyEvidenceText(text.slice(0, length), trust)
        expect(faults(verdict)).to.deep.equal({ evidence: 'JSON_MALFORMED' })
      }),
      { numRuns: 50 },
    )
  })
})
