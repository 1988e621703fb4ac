import { expect } from 'chai'
import { encodeStatement } from '../../../node/core/statement.ts'
import { formatEntry, readEntry } from '../../../node/core/entry.ts'
import { decodeHex } from '../../../node/core/bytes.ts'
import { composeEvidence, formatEvidence, parseEvidence } from '../../../node/core/evidence.ts'
import type { Evidence } from '../../../node/core/evidence.ts'
import { formatTrust, parseTrust } from '../../../node/core/trust.ts'
import type { TrustDocument } from '../../../node/core/trust.ts'
import { verifyEvidence } from '../../../node/core/verify/verifyEvidence.ts'
import { codeOf } from './codeOf.ts'
import {
  CHAIN_ID,
  LOG_ID,
  LOG_SIGNER,
  makeEvidence,
  ORIGIN,
  REGISTRY,
  trustIn,
  WITNESSES,
} from './sample.ts'

describe('evidence document', () => {
  let evidence: Evidence
  before(async () => {
    evidence = await makeEvidence()
  })

  it('reads back what it writes', () => {
    expect(parseEvidence(formatEvidence(evidence))).to.deep.equal(evidence)
  })

  it('is the same text, composed of its parts', () => {
    const parts = {
      statement: encodeStatement(evidence.statement),
      salt: decodeHex(evidence.salt),
      entry: formatEntry(readEntry(evidence.entry)),
      proof: evidence.proof,
    }
    for (const anchors of [[], evidence.anchors]) {
      expect(composeEvidence({ ...parts, anchors })).to.equal(
        formatEvidence({ ...evidence, anchors }),
      )
    }
  })

  it('of a later version asks for a newer verifier, whatever it holds', () => {
    for (const value of [{ v: 2 }, { ...evidence, v: 2, grant: {} }]) {
      expect(codeOf(() => parseEvidence(JSON.stringify(value)))).to.equal(
        'EVIDENCE_VERSION_UNSUPPORTED',
      )
    }
  })

  it('gives its parts their own codes', () => {
    const cases: readonly (readonly [string, object])[] = [
      [
        'STATEMENT_KIND_UNKNOWN',
        { ...evidence, statement: { ...evidence.statement, kind: 'use.made' } },
      ],
      [
        'STATEMENT_VERSION_UNSUPPORTED',
        { ...evidence, statement: { ...evidence.statement, v: 2 } },
      ],
      ['STATEMENT_MALFORMED', { ...evidence, statement: 7 }],
      ['ENTRY_VERSION_UNSUPPORTED', { ...evidence, entry: { ...evidence.entry, v: 2 } }],
      ['ENTRY_MALFORMED', { ...evidence, entry: { ...evidence.entry, at: 'now' } }],
    ]
    for (const [code, value] of cases) {
      expect(codeOf(() => parseEvidence(JSON.stringify(value)))).to.equal(code)
    }
  })

  it('is refused with anything missing, foreign or in another form', () => {
    const [anchor = expect.fail('no anchor')] = evidence.anchors
    const withAnchor = (changes: object) => ({ ...evidence, anchors: [{ ...anchor, ...changes }] })
    const cases = {
      'an unknown member': { ...evidence, grant: {} },
      'version 0': { ...evidence, v: 0 },
      'version "1"': { ...evidence, v: '1' },
      'no statement': { ...evidence, statement: undefined },
      'a short salt': { ...evidence, salt: evidence.salt.slice(2) },
      'a salt in upper case': { ...evidence, salt: evidence.salt.toUpperCase() },
      'an empty proof': { ...evidence, proof: '' },
      'no anchors': { ...evidence, anchors: undefined },
      'the same anchor twice': { ...evidence, anchors: [anchor, { ...anchor, blockNumber: 1 }] },
      'an unknown member of an anchor': withAnchor({ note: '' }),
      'chain id 0': withAnchor({ chainId: 0 }),
      'a checksummed address': withAnchor({ registry: `0x${'5F'.repeat(20)}` }),
      'a hash without 0x': withAnchor({ blockHash: anchor.blockHash.slice(2) }),
      'half a byte': withAnchor({ header: `${anchor.header}0` }),
      'a header of more than 32 KiB': withAnchor({ header: `0x${'00'.repeat(32 * 1024 + 1)}` }),
      'a trie node of more than 16 KiB': withAnchor({
        storageProof: [`0x${'00'.repeat(16 * 1024 + 1)}`],
      }),
      'an empty header': withAnchor({ header: '0x' }),
      'a header without proofs': withAnchor({ accountProof: undefined, storageProof: undefined }),
      'proofs without a header': withAnchor({ header: undefined }),
      'a transaction proof without transaction': withAnchor({ transaction: undefined }),
      'a proof longer than any path': withAnchor({
        accountProof: Array.from({ length: 66 }, () => '0xc0'),
      }),
      'a list': [evidence],
      null: null,
    }
    for (const [title, value] of Object.entries(cases)) {
      expect(
        codeOf(() => parseEvidence(JSON.stringify(value))),
        title,
      ).to.equal('EVIDENCE_MALFORMED')
    }
  })

  it('of an erasure speaks of no content', async () => {
    const erasure: Evidence = {
      ...evidence,
      statement: {
        v: 1,
        id: 'erasure',
        kind: 'material.erased',
        material: 'licence-2023-0001',
        index: 4,
        reason: 'r',
        legalBasis: 'l',
        by: 'b',
      },
    }
    const verdict = await verifyEvidence(parseEvidence(formatEvidence(erasure)), trustIn([]), {
      content: { digests: [], size: 1 },
    })
    expect(verdict.checks[0]).to.include({ result: 'skipped', code: 'CONTENT_NOT_APPLICABLE' })
  })
})

describe('trust document', () => {
  const [witness = LOG_SIGNER, second = LOG_SIGNER] = WITNESSES
  const chain = { chainId: CHAIN_ID, registry: REGISTRY, logId: LOG_ID, blocks: [] }
  const document: TrustDocument = {
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 1, keys: [witness.vkey, second.vkey] },
    chains: [{ ...chain, blocks: [`0x${'ab'.repeat(32)}`], rpc: 'https://rpc.example/1' }],
  }

  it('gives keys that can be used', () => {
    const trust = parseTrust(formatTrust(document))
    expect(trust.log.key.keyId).to.equal(LOG_SIGNER.keyId)
    expect(trust.witnesses.keys.map(({ keyId }) => keyId)).to.deep.equal(
      WITNESSES.map(({ keyId }) => keyId),
    )
    expect(trust.chains).to.deep.equal(document.chains)
  })

  it('is refused with anything missing, foreign or in another form', () => {
    const cases: readonly (readonly [code: string, value: object])[] = [
      ['TRUST_VERSION_UNSUPPORTED', { ...document, v: 2 }],
      ['TRUST_MALFORMED', { ...document, v: 0 }],
      ['TRUST_MALFORMED', { ...document, more: 1 }],
      ['TRUST_MALFORMED', { ...document, witnesses: { quorum: 3, keys: document.witnesses.keys } }],
      ['TRUST_MALFORMED', { ...document, witnesses: { quorum: -1, keys: [] } }],
      [
        'TRUST_MALFORMED',
        { ...document, chains: [chain, { ...chain, logId: `0x${'00'.repeat(32)}` }] },
      ],
      ['TRUST_MALFORMED', { ...document, chains: [{ ...chain, rpc: 'file:///etc/passwd' }] }],
      ['TRUST_MALFORMED', { ...document, chains: [{ ...chain, blocks: ['0x00'] }] }],
      ['VKEY_MALFORMED', { ...document, log: { origin: ORIGIN, key: `${LOG_SIGNER.vkey}A` } }],
      ['TRUST_KEY_TYPE_WRONG', { ...document, log: { origin: ORIGIN, key: witness.vkey } }],
      ['TRUST_KEY_TYPE_WRONG', { ...document, witnesses: { quorum: 0, keys: [LOG_SIGNER.vkey] } }],
    ]
    for (const [code, value] of cases) {
      expect(codeOf(() => parseTrust(JSON.stringify(value)))).to.equal(code)
    }
    expect(codeOf(() => parseTrust('{"v":1,"v":1}'))).to.equal('JSON_DUPLICATE_KEY')
  })
})
