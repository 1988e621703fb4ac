import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { AbiCoder, concat, keccak256, toBeHex } from 'ethers'
import { entryIdOf } from '../../node/core/catalogue/entry.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { canonicalize } from '../../node/core/json.ts'
import { caseIdOf } from '../../node/core/statements/case.ts'
import type { Stage } from '../../node/core/statements/case.ts'
import { answerIdOf } from '../../node/core/statements/request.ts'
import { parseTrust } from '../../node/core/trust.ts'
import { SENTENCES } from '../../node/core/verify/sentences.ts'
import { verifyEvidence } from '../../node/core/verify/verifyEvidence.ts'
import { inclusionProof, leafHash, mthOf, nodeHash } from '../reference/merkle.ts'

const FOLDER = 'test/vectors/worked-example'
const page = readFileSync('docs/formats.md', 'utf8')
const evidence = parseEvidence(readFileSync(`${FOLDER}/licence.evidence.json`))
const trust = parseTrust(readFileSync(`${FOLDER}/trust.json`))
const content = readFileSync(`${FOLDER}/licence.txt`)
const values = JSON.parse(readFileSync(`${FOLDER}/values.json`, 'utf8')) as Values

interface Values extends Record<string, unknown> {
  readonly operator: string
  readonly entries: string[]
  readonly witnessKeyId: string
  readonly logKeyId: string
  readonly logPublicKey: string
  readonly witnessPublicKey: string
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const sha256 = (...parts: (string | Uint8Array)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest()
const keyId = (name: string, type: number, key: string) =>
  hex(sha256(`${name}\n`, Uint8Array.of(type), Buffer.from(key, 'hex')).subarray(0, 4))

/** Prose of the checks alone. */
const checks = page.slice(page.indexOf('\n## 9. '), page.indexOf('\n## 10. '))
const notation = page.slice(page.indexOf('\n## 2. '), page.indexOf('\n## 3. '))

describe('docs/formats.md', () => {
  it('says of every code of a verdict when it comes', () => {
    const missing = Object.keys(SENTENCES).filter(
      (code) => !checks.includes(`\`${code}\``) && !notation.includes(`\`${code}\``),
    )
    expect(missing).to.deep.equal([])
  })

  it('says how ids follow from what is stated', () => {
    expect(page).to.include('`onceledger/catalogue/v1 <kind> <code> <version>`')
    const text = 'onceledger/catalogue/v1 matter LICENCE 2'
    const entry = { kind: 'matter', code: 'LICENCE', version: 2 } as const
    expect(entryIdOf(entry)).to.equal(`catalogue-${sha256(text).toString('base64url')}`)
    for (const [said, id] of [
      ['`case-<case>`', caseIdOf('<case>')],
      ['`case-<case>-<stage>`', caseIdOf('<case>', '<stage>' as Stage)],
    ] as const)
      expect([page.includes(said), said]).to.deep.equal([true, `\`${id}\``])
    expect(answerIdOf('request-1')).to.equal('request-1-answer')
  })

  describe('the worked example', () => {
    it('passes every check', async () => {
      const digests = ['sha-256', 'sm3'].map((algorithm) => {
        const digest = createHash(algorithm.replace('sha-256', 'sha256')).update(content)
        return `${algorithm}:${digest.digest('hex')}`
      })
      const verdict = await verifyEvidence(evidence, trust, {
        content: { digests, size: content.length },
      })
      expect(verdict.checks.map(({ code }) => code)).to.deep.equal([
        'CONTENT_MATCHES',
        'COMMITMENT_OPENS',
        'ENTRY_INCLUDED',
        'CHECKPOINT_SIGNED',
        'WITNESSES_COSIGNED',
        'CHECKPOINT_ANCHORED',
        'ISSUER_NOT_APPLICABLE',
        'STATUS_NOT_APPLICABLE',
        'GRANT_NOT_APPLICABLE',
        'USE_NOT_APPLICABLE',
      ])
      expect(verdict.result).to.equal('pass')
    })

    it('has the values that follow from the formulas', () => {
      const statement = canonicalize(evidence.statement)
      const salt = Buffer.from(evidence.salt, 'hex')
      const leaves = values.entries.map((entry) => leafHash(Buffer.from(entry)))
      const [a, b, c, d, e, f] = leaves as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ]
      const mth = mthOf(leaves)
      const { logId, registry } = evidence.anchors[0] ?? expect.fail('no anchor')
      const inner = keccak256(concat([logId, toBeHex(1, 32)]))
      const slot = keccak256(concat([toBeHex(6, 32), inner]))
      expect(values).to.include({
        statement,
        statementLength: Buffer.byteLength(statement),
        salt: evidence.salt,
        commitment: hex(sha256('onceledger/commitment/v1\0', salt, statement)),
        node01: hex(nodeHash(a, b)),
        node23: hex(nodeHash(c, d)),
        node0123: hex(mth(0, 4)),
        node45: hex(nodeHash(e, f)),
        root: hex(mth(0, 6)),
        rootBase64: base64(mth(0, 6)),
        earlierRoot: hex(mth(0, 3)),
        logKeyId: keyId('ledger.example/once', 0x01, values.logPublicKey),
        witnessKeyId: keyId('witness.example/w1', 0x04, values.witnessPublicKey),
        logId: keccak256(
          AbiCoder.defaultAbiCoder().encode(
            ['address', 'string'],
            [values.operator, 'ledger.example/once'],
          ),
        ),
        innerSlotKey: inner,
        slotKey: slot,
        hashedSlotKey: keccak256(slot),
        hashedRegistry: keccak256(registry),
      })
      expect(values['leafHashes']).to.deep.equal(leaves.map(hex))
      expect(values['proof']).to.deep.equal(inclusionProof(mth, 4, 6).map(base64))
      expect(values.entries[4]).to.equal(canonicalize(evidence.entry))
      expect(evidence.entry.commitment).to.equal(values['commitment'])
    })

    it('is printed whole', () => {
      const aside = ['logSeed', 'witnessSeed', 'operatorKey', 'entries', 'headerLength']
      const printed = Object.entries(values)
        .filter(([name]) => !aside.includes(name))
        .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
        .flatMap((value) => String(value).split('\n'))
      expect(printed.length).to.be.above(40)
      expect(printed.filter((value) => !page.includes(value))).to.deep.equal([])
      expect(page).to.include(values.entries[4])
    })
  })
})
