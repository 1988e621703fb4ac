import { expect } from 'chai'
import * as fc from 'fast-check'
import { encodeBytes32String } from 'ethers'
import { CLAIM_NAMES } from '../../../node/core/certificates/credential.ts'
import { CERTIFICATE_TYPES, getCertificateType } from '../../../node/core/certificates/included.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { requireFields } from '../../../node/core/certificates/types.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { CertificateTypeCode } from '../../../node/core/statements/certificate.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import { draftOf, FOOD, LICENCE, newKey, NOW, PROPERTY } from '../../certificates/support/papers.ts'

const ISSUER = newKey().account
const ID_CARD = '11100000000013127D001'
const faceOf = (type: string) => draftOf(type, ISSUER).fields

/** Where a face is refused; empty when it is not. */
function issuesOf(type: string, fields: unknown): string[] {
  try {
    requireFields(getCertificateType(type), fields, NOW * 1000)
    return []
  } catch (error) {
    if (!isLedgerError(error, 'CERTIFICATE_FIELDS_MALFORMED')) throw error
    return (error.details['issues'] as { pointer: string }[]).map(({ pointer }) => pointer)
  }
}

describe('types of certificates', () => {
  it('have codes that fit identifiers and chain, each once', () => {
    const codes = CERTIFICATE_TYPES.map(({ code }) => code)
    expect(new Set(codes).size).to.equal(codes.length)
    for (const code of codes) {
      expect(CertificateTypeCode.safeParse(code).success, code).to.equal(true)
      expect(certificateTypeWord(code)).to.equal(encodeBytes32String(code))
    }
  })

  it('have fields that no claim could be mistaken for, each once', () => {
    for (const { code, fields } of CERTIFICATE_TYPES) {
      const names = fields.map(({ name }) => name)
      expect(new Set(names).size, code).to.equal(names.length)
      for (const name of names) {
        expect(name).to.match(/^[A-Za-z][A-Za-z0-9]{0,63}$/)
        expect(CLAIM_NAMES).not.to.include(name)
      }
    }
  })

  it('are refused when nobody defined them', async () => {
    expect(await codeOf(() => getCertificateType('11100000MB0143028R999'))).to.equal(
      'CERTIFICATE_TYPE_UNKNOWN',
    )
    expect(await codeOf(() => getCertificateType('constructor'))).to.equal(
      'CERTIFICATE_TYPE_UNKNOWN',
    )
  })

  for (const type of [LICENCE, PROPERTY, FOOD])
    it(`take a whole face: ${getCertificateType(type).name}`, () => {
      const face = faceOf(type)
      expect(requireFields(getCertificateType(type), face, NOW * 1000)).to.deep.equal(face)
    })

  it('name each field that is missing', () => {
    for (const { name, required } of getCertificateType(LICENCE).fields) {
      const { [name]: _, ...face } = faceOf(LICENCE)
      expect(issuesOf(LICENCE, face), name).to.deep.equal(required ? [`/fields/${name}`] : [])
    }
  })

  for (const [title, type, change, pointer] of [
    ['a field of another type', LICENCE, { permitNo: 'JY1' }, '/fields/permitNo'],
    ['a day that is none', LICENCE, { issueDate: '2021-02-30' }, '/fields/issueDate'],
    [
      'a time where a day is meant',
      LICENCE,
      { issueDate: '2021-02-03T00:00:00Z' },
      '/fields/issueDate',
    ],
    ['a number against its pattern', FOOD, { permitNo: 'JY4310110000004' }, '/fields/permitNo'],
    ['a word that is not on the list', PROPERTY, { coOwnership: '不详' }, '/fields/coOwnership'],
    ['text for yes or no', PROPERTY, { mortgaged: 'false' }, '/fields/mortgaged'],
    ['an empty list', PROPERTY, { owners: [] }, '/fields/owners'],
    ['an empty text', LICENCE, { domicile: '' }, '/fields/domicile'],
    ['a control character', LICENCE, { domicile: '杨浦区\u0000' }, '/fields/domicile'],
    ['a fraction as a number', PROPERTY, { area: 123.45 }, '/fields/area'],
    ['a fraction in another spelling', PROPERTY, { area: '0123.45' }, '/fields/area'],
    ['null', PROPERTY, { mortgaged: null }, '/fields/mortgaged'],
    ['no end where there must be one', FOOD, { validTo: undefined }, '/fields/validTo'],
    ['a long term where there must be an end', FOOD, { validTo: '长期' }, '/fields/validTo'],
  ] as const)
    it(`refuse ${title}`, () => {
      expect(issuesOf(type, { ...faceOf(type), ...change })).to.deep.equal([pointer])
    })

  it('let an end be a long term where the type does', () => {
    expect(issuesOf(LICENCE, { ...faceOf(LICENCE), validTo: '长期' })).to.deep.equal([])
    expect(issuesOf(LICENCE, { ...faceOf(LICENCE), validTo: '2040-01-01' })).to.deep.equal([])
    expect(issuesOf(ID_CARD, { validTo: '长期' })).not.to.include('/fields/validTo')
    expect(issuesOf(ID_CARD, {})).to.include('/fields/validTo')
  })

  it('take whole numbers and lists of owners with their shares', () => {
    const owners = [
      { name: '甲（示例）有限公司', share: '0.5' },
      { name: '乙（示例）有限公司', share: '0.5' },
    ]
    expect(issuesOf(PROPERTY, { ...faceOf(PROPERTY), area: 120, owners })).to.deep.equal([])
  })

  it('never fail but with their own code', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CERTIFICATE_TYPES.map(({ code }) => code)),
        fc.anything(),
        (code, anything) => {
          expect(issuesOf(code, anything)).not.to.deep.equal([])
        },
      ),
    )
  })
})
