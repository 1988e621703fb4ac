import { expect } from 'chai'
import { formatEvidence } from '../../../node/core/evidence.ts'
import type { Evidence } from '../../../node/core/evidence.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { CHECKS, overall } from '../../../node/core/verdict.ts'
import type { Check, CheckResult } from '../../../node/core/verdict.ts'
import { verifyEvidence, verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'
import { faults } from './codeOf.ts'
import { CONTENT, flipped, GIVEN, makeAnchor, makeEvidence, STATEMENT, trustIn } from './sample.ts'
import type { ProvenAnchor } from './sample.ts'

let anchor: ProvenAnchor
let evidence: Evidence
let trust: Trust

describe('verifying evidence', () => {
  before(async () => {
    anchor = await makeAnchor()
    evidence = await makeEvidence({ anchors: [anchor] })
    trust = trustIn([anchor])
  })

  it('passes every check that applies, in the order of the specification', async () => {
    const verdict = await verifyEvidence(evidence, trust, { content: GIVEN })
    expect(verdict.result).to.equal('pass')
    expect(verdict.checks.map(({ check }) => check)).to.deep.equal([...CHECKS])
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
  })

  it('gives the same verdict for the text, whatever its white space and order', async () => {
    const plain = await verifyEvidence(evidence, trust)
    const texts = [
      formatEvidence(evidence),
      JSON.stringify(evidence, null, 2),
      JSON.stringify(Object.fromEntries(Object.entries(evidence).toReversed())),
    ]
    for (const text of texts) expect(await verifyEvidenceText(text, trust)).to.deep.equal(plain)
  })

  it('takes less than 50 ms offline', async () => {
    const text = formatEvidence(evidence)
    const times: number[] = []
    for (let run = 0; run < 9; run++) {
      const start = performance.now()
      await verifyEvidenceText(text, trust, { content: GIVEN })
      times.push(performance.now() - start)
    }
    expect(times.toSorted((a, b) => a - b)[4]).to.be.below(50)
  })

  it('speaks of the statement alone without a content', async () => {
    const verdict = await verifyEvidence(evidence, trust)
    expect(verdict.result).to.equal('pass')
    expect(verdict.checks[0]).to.include({ result: 'skipped', code: 'CONTENT_NOT_GIVEN' })
  })

  describe('content', () => {
    const [sha256 = '', sm3 = ''] = STATEMENT.content.digests
    const size = CONTENT.length
    const cases: readonly (readonly [
      title: string,
      digests: string[],
      size: number,
      code: string,
    ])[] = [
      ['another SHA-256', [flipped(sha256), sm3], size, 'CONTENT_DIGEST_MISMATCH'],
      ['another SM3', [sha256, flipped(sm3)], size, 'CONTENT_DIGEST_MISMATCH'],
      ['another length', [sha256, sm3], size + 1, 'CONTENT_SIZE_MISMATCH'],
      ['one digest of two', [sha256], size, 'CONTENT_DIGEST_NOT_COMPUTED'],
      [
        'a wrong digest beside one that is missing',
        [flipped(sha256)],
        size,
        'CONTENT_DIGEST_MISMATCH',
      ],
      ['right and wrong digests', [sha256, sm3, flipped(sm3)], size, 'CONTENT_DIGEST_MISMATCH'],
    ]
    for (const [title, digests, size, code] of cases) {
      it(`is not accepted with ${title}`, async () => {
        const verdict = await verifyEvidence(evidence, trust, { content: { digests, size } })
        expect(faults(verdict)).to.deep.equal({ content: code })
        expect(verdict.result).to.equal(code === 'CONTENT_DIGEST_NOT_COMPUTED' ? 'unknown' : 'fail')
      })
    }
  })
})

describe('verdict', () => {
  it('passes only with a pass, no failure and nothing unknown', () => {
    expect(overall([])).to.equal('unknown')
    expect(overall([check('skipped')])).to.equal('unknown')
    expect(overall([check('skipped'), check('pass')])).to.equal('pass')
    expect(overall([check('unknown'), check('pass')])).to.equal('unknown')
    expect(overall([check('unknown'), check('fail'), check('pass')])).to.equal('fail')
  })
})

function check(result: CheckResult): Check {
  return { check: 'content', result, code: 'X', message: '', next: '' }
}
