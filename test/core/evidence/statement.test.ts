import { expect } from 'chai'
import { isLedgerError } from '../../../node/core/errors.ts'
import {
  encodeStatement,
  parseStatement,
  readStatement,
  readSubmission,
} from '../../../node/core/statement.ts'
import type { MaterialErased } from '../../../node/core/statement.ts'
import { codeOf } from './codeOf.ts'
import { STATEMENT } from './sample.ts'

const ERASED: MaterialErased = {
  v: 1,
  id: 'erasure-1',
  kind: 'material.erased',
  material: STATEMENT.id,
  index: 4,
  reason: '保存期限届满',
  legalBasis: '个人信息保护法 第四十七条',
  by: 'YP-DSJ',
}

const [SHA256 = '', SM3 = ''] = STATEMENT.content.digests

function withContent(content: object): object {
  return { ...STATEMENT, content: { ...STATEMENT.content, ...content } }
}

describe('statement', () => {
  it('reads back what it writes', () => {
    for (const statement of [STATEMENT, ERASED]) {
      expect(parseStatement(encodeStatement(statement))).to.deep.equal(statement)
    }
  })

  it('is written in canonical form, whatever the order of its members', () => {
    const backwards = Object.fromEntries(Object.entries(ERASED).toReversed()) as MaterialErased
    expect(Buffer.from(encodeStatement(backwards)).toString()).to.equal(
      '{"by":"YP-DSJ","id":"erasure-1","index":4,"kind":"material.erased",' +
        '"legalBasis":"个人信息保护法 第四十七条","material":"licence-2023-0001",' +
        '"reason":"保存期限届满","v":1}',
    )
  })

  const needsNewer: readonly (readonly [string, object, string])[] = [
    ['a newer version', { ...STATEMENT, v: 2 }, 'STATEMENT_VERSION_UNSUPPORTED'],
    ['a kind to come', { ...STATEMENT, kind: 'grant.revoked' }, 'STATEMENT_KIND_UNKNOWN'],
  ]
  for (const [title, value, code] of needsNewer) {
    it(`asks for a newer reader for ${title}`, () => {
      expect(codeOf(() => readStatement(value))).to.equal(code)
    })
  }

  const malformed: readonly (readonly [title: string, value: unknown, pointer: string])[] = [
    ['an unknown member', { ...STATEMENT, colour: 'red' }, '/colour'],
    ['an unknown member of the content', withContent({ name: 'a.pdf' }), '/content/name'],
    ['no id', { ...STATEMENT, id: undefined }, '/id'],
    ['an id with a slash', { ...STATEMENT, id: 'a/b' }, '/id'],
    ['an id of 65 characters', { ...STATEMENT, id: 'a'.repeat(65) }, '/id'],
    ['a type code with a space', { ...STATEMENT, type: 'a b' }, '/type'],
    ['an empty title', { ...STATEMENT, title: '' }, '/title'],
    ['a title of 201 characters', { ...STATEMENT, title: '证'.repeat(201) }, '/title'],
    ['a title with a line break', { ...STATEMENT, title: 'a\nb' }, '/title'],
    [
      'a media type in upper case',
      withContent({ mediaType: 'Application/PDF' }),
      '/content/mediaType',
    ],
    [
      'a media type with a parameter',
      withContent({ mediaType: 'text/plain; a=b' }),
      '/content/mediaType',
    ],
    ['an empty content', withContent({ size: 0 }), '/content/size'],
    ['a negative size', withContent({ size: -1 }), '/content/size'],
    ['an unsafe size', withContent({ size: 2 ** 53 }), '/content/size'],
    ['content kept nowhere', withContent({ kept: 'there' }), '/content/kept'],
    ['no digest', withContent({ digests: [] }), '/content/digests'],
    ['digests out of order', withContent({ digests: [SM3, SHA256] }), '/content/digests'],
    ['a digest twice', withContent({ digests: [SHA256, SHA256] }), '/content/digests'],
    [
      'an unknown holder code type',
      { ...STATEMENT, holder: { codeType: '002', code: '1' } },
      '/holder/codeType',
    ],
    [
      'a holder code with a space',
      { ...STATEMENT, holder: { codeType: '999', code: 'a b' } },
      '/holder/code',
    ],
    ['a fraction in the fields', { ...STATEMENT, fields: { a: [{ b: 1.5 }] } }, '/fields/a/0/b'],
    ['null in the fields', { ...STATEMENT, fields: { a: null } }, '/fields/a'],
    ['fields in a list', { ...STATEMENT, fields: ['a'] }, '/fields'],
    ['a case code of 14 digits', { ...STATEMENT, caseCode: '1'.repeat(14) }, '/caseCode'],
    ['an erasure without a legal basis', { ...ERASED, legalBasis: undefined }, '/legalBasis'],
    ['an erasure of index -1', { ...ERASED, index: -1 }, '/index'],
    ['a list', [], ''],
    ['a string', 'statement', ''],
  ]
  for (const [title, value, pointer] of malformed) {
    it(`refuses ${title}`, () => {
      const { code, pointers } = problems(() => readStatement(value))
      expect(code).to.equal('STATEMENT_MALFORMED')
      expect(pointers).to.include(pointer)
    })
  }

  it('gives wrong digests codes of their own', () => {
    const codes = [`sha-256:${'0'.repeat(62)}`, `sha-512:${'0'.repeat(128)}`, 'sha256'].map(
      (digest) => codeOf(() => readStatement(withContent({ digests: [digest] }))),
    )
    expect(codes).to.deep.equal([
      'DIGEST_LENGTH_WRONG',
      'DIGEST_ALGORITHM_UNKNOWN',
      'DIGEST_MALFORMED',
    ])
  })

  it('counts characters of a title, not units of an encoding', () => {
    expect(readStatement({ ...STATEMENT, title: '𠮷'.repeat(200) })).to.have.property('title')
  })

  it('never tells a value in its error', () => {
    try {
      readStatement({ ...STATEMENT, holder: { codeType: '111', code: 'secret name' } })
      expect.fail('nothing was thrown')
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.to.contain('secret')
    }
  })

  it('is 64 KiB long at most', () => {
    const statement = { ...STATEMENT, fields: { text: 'a'.repeat(65_536) } }
    expect(codeOf(() => encodeStatement(statement))).to.equal('JSON_TOO_LONG')
  })
})

describe('submission', () => {
  const { v: _v, kind: _kind, submitter: _submitter, ...submission } = STATEMENT

  it('is the statement without what the ledger knows better', () => {
    expect(readSubmission(submission)).to.deep.equal(submission)
  })

  it('needs neither digests nor size nor id', () => {
    const least = { type: 'A.1', content: { mediaType: 'application/pdf' } }
    expect(readSubmission(least)).to.deep.equal(least)
  })

  it('cannot name its submitter', () => {
    const { code, pointers } = problems(() => readSubmission({ ...submission, submitter: 'me' }))
    expect([code, pointers]).to.deep.equal(['SUBMISSION_MALFORMED', ['/submitter']])
  })
})

function problems(action: () => unknown): { code: string; pointers: string[] } {
  try {
    action()
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const issues = error.details['issues'] as { pointer: string }[]
    return { code: error.code, pointers: issues.map(({ pointer }) => pointer) }
  }
  return expect.fail('nothing was thrown')
}
