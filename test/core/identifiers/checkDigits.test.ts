import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parseCertificateIdentifier } from '../../../node/core/identifiers/certificateIdentifier.ts'
import { verifyCitizenNumber } from '../../../node/core/identifiers/citizenNumber.ts'
import { requireHolderCode } from '../../../node/core/identifiers/holder.ts'
import { hasSoundOrganisationCode, verifyUscc } from '../../../node/core/identifiers/uscc.ts'
import { codeOf } from '../evidence/codeOf.ts'

interface Vectors {
  readonly uscc: { valid: { code: string }[]; invalid: { code: string }[] }
  readonly citizenNumber: { valid: { code: string }[]; invalid: { code: string }[] }
  readonly certificateIdentifier: { valid: { id: string }[]; invalid: { id: string }[] }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/check-digits.json', import.meta.url), 'utf8'),
) as Vectors
const now = Date.parse('2023-08-05T10:00:00+08:00')

describe('unified social credit code', () => {
  for (const { code } of vectors.uscc.valid) {
    it(`accepts ${code}`, () => verifyUscc(code))
  }

  it('refuses each published invalid code by its own code', () => {
    expect(vectors.uscc.invalid.map(({ code }) => codeOf(() => verifyUscc(code)))).to.deep.equal([
      'USCC_MALFORMED',
      'USCC_CHECK_CHARACTER_WRONG',
      'USCC_MALFORMED',
      'USCC_MALFORMED',
      'USCC_MALFORMED',
      'USCC_CHECK_CHARACTER_WRONG',
    ])
  })

  it('finds every single wrong character', () => {
    const code = '91310110MADEM0011Y'
    for (let place = 0; place < code.length; place++) {
      for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        if (other === code[place]) continue
        const wrong = code.slice(0, place) + other + code.slice(place + 1)
        expect(codeOf(() => verifyUscc(wrong))).to.equal('USCC_CHECK_CHARACTER_WRONG')
      }
    }
  })

  it('only warns of a wrong organisation code', () => {
    expect(
      vectors.uscc.valid.slice(1).every(({ code }) => hasSoundOrganisationCode(code)),
    ).to.equal(true)
    // The right check character over an organisation code that should end in 1.
    const warned = '91310110MADEM00122'
    expect(hasSoundOrganisationCode(warned)).to.equal(false)
    expect(requireHolderCode({ codeType: '001', code: warned }, now)).to.deep.equal([
      'ORGANISATION_CODE_CHECK_CHARACTER_WRONG',
    ])
    expect(requireHolderCode({ codeType: '001', code: '91310110MADEM0011Y' }, now)).to.deep.equal(
      [],
    )
  })
})

describe('citizen number', () => {
  for (const { code } of vectors.citizenNumber.valid) {
    it(`accepts ${code}`, () => verifyCitizenNumber(code, now))
  }

  it('refuses each published invalid number by its own code', () => {
    const codes = vectors.citizenNumber.invalid.map(({ code }) =>
      codeOf(() => verifyCitizenNumber(code, now)),
    )
    expect(codes).to.deep.equal([
      'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
      'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
      'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
      'CITIZEN_NUMBER_MALFORMED',
      'CITIZEN_NUMBER_MALFORMED',
    ])
  })

  it('takes the day from the clock in China', () => {
    const bornThatDay = '310199199003150014'
    const midnight = Date.parse('1990-03-15T00:00:00+08:00')
    verifyCitizenNumber(bornThatDay, midnight)
    expect(codeOf(() => verifyCitizenNumber(bornThatDay, midnight - 1))).to.equal(
      'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
    )
  })

  it('is asked for only where the code type says so', () => {
    const code = '34052419800101001x'
    expect(codeOf(() => requireHolderCode({ codeType: '111', code }, now))).to.equal(
      'CITIZEN_NUMBER_MALFORMED',
    )
    expect(requireHolderCode({ codeType: '414', code }, now)).to.deep.equal([])
  })
})

describe('certificate identifier', () => {
  for (const { id } of vectors.certificateIdentifier.valid) {
    it(`accepts ${id}`, () => void parseCertificateIdentifier(id))
  }

  it('tells the parts apart', () => {
    expect(
      parseCertificateIdentifier('1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9'),
    ).to.deep.equal({
      type: '11100000MB03271699022',
      issuer: '340100',
      serial: '000000016',
      version: '001',
    })
  })

  it('refuses each published invalid identifier by its own code', () => {
    const codes = vectors.certificateIdentifier.invalid.map(({ id }) =>
      codeOf(() => parseCertificateIdentifier(id)),
    )
    expect(codes).to.deep.equal([
      'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      'CERTIFICATE_IDENTIFIER_MALFORMED',
    ])
  })
})
