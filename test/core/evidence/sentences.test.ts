import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { findSentence, SENTENCES } from '../../../node/core/verify/sentences.ts'

const CORE = new URL('../../../node/core/', import.meta.url)

/** Codes of LedgerErrors that never reach a verdict: they belong to writing, or to a trust document. */
const ELSEWHERE =
  /^(?:TRUST_|VKEY_|USCC_|CITIZEN_|CERTIFICATE_|SUBMISSION_|TILE_|ENTRY_BUNDLE_|ENTRY_TOO_LONG)/

/** What the checks call by other names, or what their input rules out. */
const RENAMED = new Set([
  'NOTE_KEY_UNKNOWN',
  'NOTE_SIGNATURE_INVALID',
  'HEADER_MALFORMED',
  'ACCOUNT_PROOF_INVALID',
  'ACCOUNT_ABSENT',
  'STORAGE_PROOF_INVALID',
  'TRANSACTION_PROOF_INVALID',
  'TRIE_PROOF_INVALID',
  'HEX_MALFORMED',
  'BASE64_MALFORMED',
  'UTF8_MALFORMED',
  'MERKLE_OLD_ROOT_MISMATCH',
  'MERKLE_SIZES_OUT_OF_ORDER',
])

describe('sentences of the verdict', () => {
  it('end in a full stop, and say what to do next wherever something is wrong', () => {
    for (const [code, { result, message, next }] of Object.entries(SENTENCES)) {
      expect(code).to.match(/^[A-Z]+(?:_[A-Z0-9]+)+$/)
      expect(message, code).to.match(/^[A-Z][^.]*\.$/)
      if (result === 'fail' || result === 'unknown') expect(next, code).to.match(/^[A-Z][^.]*\.$/)
      if (result === 'pass') expect(next, code).to.equal('')
    }
  })

  it('exist for every code that the checks and the readers of evidence end with', () => {
    const sources = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?:(?:tlog|ethereum|verify)\/.*|merkle\/verify|[a-z]+)\.ts$/i.test(path))
      .map((path) => readFileSync(new URL(path, CORE), 'utf8'))
    const codes = new Set(
      sources.flatMap((source) => source.match(/(?<=')[A-Z]+(?:_[A-Z0-9]+)+(?=')/g) ?? []),
    )
    const missing = [...codes].filter(
      (code) => !Object.hasOwn(SENTENCES, code) && !RENAMED.has(code) && !ELSEWHERE.test(code),
    )
    expect(codes.size).to.be.above(60)
    expect(missing).to.deep.equal([])
  })

  it('fail a code that nobody foresaw', () => {
    expect(findSentence('SOMETHING_NEW').result).to.equal('fail')
    expect(findSentence('constructor').result).to.equal('fail')
  })
})
