import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { REFUSALS } from '../../../node/core/acts/refusals.ts'
import { findSentence, SENTENCES } from '../../../node/core/verify/sentences.ts'

const CORE = new URL('../../../node/core/', import.meta.url)

/** Codes of LedgerErrors that never reach a verdict: they belong to writing, or to a trust document. */
const ELSEWHERE =
  /^(?:TRUST_|VKEY_|USCC_|CITIZEN_|SUBMISSION_|TILE_|ENTRY_BUNDLE_|ENTRY_TOO_LONG|SIGN_IN_|MOMENT_)/

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
  // Read with the statement, or by other callers than the verifier.
  'SCOPE_MALFORMED',
  'GRANT_MASK_BEYOND_LIST',
  'DISCLOSURE_MALFORMED',
  'DISCLOSURE_REPEATED',
  'DISCLOSURE_UNKNOWN',
  'DISCLOSURE_NAME_TAKEN',
  'CERTIFICATE_STATUS_TEXT_MISSING',
  'CERTIFICATE_FIELD_UNKNOWN',
])

/** Rules about making and ending a grant, which a use no longer asks. */
const ONLY_WHEN_ACTING = new Set(['GrantorNotBound', 'NotRevoker'])

/** Every module that a check runs through. */
const REACHED = [
  /^(?:tlog|ethereum|verify|uses)\/.*\.ts$/,
  /^merkle\/verify\.ts$/,
  /^certificates\/(?:did|es256k|sdJwt|credential|issued|status)\.ts$/,
  /^grants\/(?:scope|scopeTree|use)\.ts$/,
  /^acts\/signature\.ts$/,
  /^[a-z]+\.ts$/i,
]

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
      .filter((path) => REACHED.some((pattern) => pattern.test(path)))
      .map((path) => readFileSync(new URL(path, CORE), 'utf8'))
    const codes = new Set(
      sources.flatMap((source) => source.match(/(?<=')[A-Z]+(?:_[A-Z0-9]+)+(?=')/g) ?? []),
    )
    const rules = readFileSync(new URL('grants/rules.ts', CORE), 'utf8')
    for (const [, name = ''] of rules.matchAll(/refuse\('(\w+)'/g))
      if (!ONLY_WHEN_ACTING.has(name)) codes.add(REFUSALS[name as keyof typeof REFUSALS].code)
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
