import { expect } from 'chai'
import fc from 'fast-check'
import { validateFields, verifyFields } from '../../../node/core/catalogue/fields.ts'
import { compilePattern } from '../../../node/core/catalogue/patterns.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { codesOf, field, materialType } from './support.ts'

const NOW = Date.parse('2023-08-05T10:00:00+08:00')

const TYPE = materialType({
  version: 3,
  fields: [
    field('lessor'),
    field('area', 'number'),
    field('shared', 'boolean'),
    field('leaseTo', 'date'),
    field('owners', 'array'),
    field('kind', 'string', { enum: ['office', 'shop'], required: false }),
    field('year', 'number', { pattern: '^\\d{4}$', required: false }),
    field('plate', 'string', { pattern: '^沪[A-Z]-\\d{5}$', required: false }),
    field('code', 'string', { check: 'uscc', required: false }),
    field('person', 'string', { check: 'citizenNumber', required: false }),
    field('paper', 'string', { check: 'certificateIdentifier', required: false }),
  ],
})
const RIGHT = {
  lessor: '上海杨浦滨江置业（示例）有限公司',
  area: '123.45',
  shared: false,
  leaseTo: '2024-02-29',
  owners: ['甲', { name: '乙', share: 50 }],
}

const found = (fields: Readonly<Record<string, unknown>>) =>
  validateFields(TYPE, fields, NOW).map(({ pointer, rule, code }) =>
    [pointer, rule, ...(code ? [code] : [])].join(' '),
  )
const changed = (changes: Readonly<Record<string, unknown>>) => found({ ...RIGHT, ...changes })

describe('the fields of a material', () => {
  it('pass when all are there and right', () => {
    expect(found(RIGHT)).to.deep.equal([])
    const all = {
      kind: 'shop',
      year: 2023,
      plate: '沪A-12345',
      code: '91310110MADEM002XN',
      person: '310199199003150014',
      paper: '1.2.156.3005.2.11100000MB03271699001.12310000MBDEM0293B.20210000000000012345.001.O',
    }
    expect(changed(all)).to.deep.equal([])
  })

  it('are all looked at, each named by its path with what is expected', () => {
    expect(validateFields(TYPE, { area: true, 'a/b~c': 1 }, NOW)).to.deep.equal([
      {
        pointer: '/fields/lessor',
        rule: 'missing',
        expected: 'a text of 1 to 4000 printable characters',
      },
      {
        pointer: '/fields/area',
        rule: 'type',
        expected: 'an integer, or a decimal fraction as a string',
      },
      { pointer: '/fields/shared', rule: 'missing', expected: 'true or false' },
      { pointer: '/fields/leaseTo', rule: 'missing', expected: 'a day YYYY-MM-DD that exists' },
      {
        pointer: '/fields/owners',
        rule: 'missing',
        expected: 'a list of 1 to 200 texts or objects',
      },
      {
        pointer: '/fields/a~1b~0c',
        rule: 'unknown',
        expected: `one of ${TYPE.fields.map(({ name }) => name).join(', ')}`,
      },
    ])
  })

  for (const [changes, issue] of [
    [{ lessor: 7 }, '/fields/lessor type'],
    [{ lessor: '' }, '/fields/lessor type'],
    [{ lessor: 'two\nlines' }, '/fields/lessor type'],
    [{ area: '1,5' }, '/fields/area type'],
    [{ area: 1.5 }, '/fields/area type'],
    [{ area: '007.5' }, '/fields/area type'],
    [{ shared: 'false' }, '/fields/shared type'],
    [{ leaseTo: '2023-02-29' }, '/fields/leaseTo type'],
    [{ leaseTo: '20240229' }, '/fields/leaseTo type'],
    [{ leaseTo: '长期' }, '/fields/leaseTo type'],
    [{ owners: [] }, '/fields/owners type'],
    [{ owners: '甲' }, '/fields/owners type'],
    [{ kind: 'flat' }, '/fields/kind enum'],
    [{ year: 23 }, '/fields/year pattern'],
    [{ year: '2023.5' }, '/fields/year pattern'],
    [{ plate: '沪A-1234' }, '/fields/plate pattern'],
    [{ code: '91310110MADEM002XM' }, '/fields/code check USCC_CHECK_CHARACTER_WRONG'],
    [{ code: '9131' }, '/fields/code check USCC_MALFORMED'],
    [{ person: '310199199003150015' }, '/fields/person check CITIZEN_NUMBER_CHECK_CHARACTER_WRONG'],
    [{ paper: 'x' }, '/fields/paper check CERTIFICATE_IDENTIFIER_MALFORMED'],
    [{ toString: 'x' }, '/fields/toString unknown'],
  ] as const) {
    it(`are refused with ${JSON.stringify(changes)}`, () => {
      expect(changed(changes)).to.deep.equal([issue])
    })
  }

  it('are not there because every object has one by that name', () => {
    const type = materialType({ fields: [field('constructor')] })
    expect(validateFields(type, {}, NOW).map(({ rule }) => rule)).to.deep.equal(['missing'])
  })

  it('are refused as one, with the version that they were held against', () => {
    try {
      verifyFields(TYPE, {}, NOW)
      expect.fail('accepted')
    } catch (error) {
      if (!isLedgerError(error)) throw error
      const { kind, code, details } = error
      expect({ kind, code }).to.deep.equal({ kind: 'unverified', code: 'MATERIAL_FIELDS_INVALID' })
      expect(details).to.include({ material: 'LEASE', version: 3 })
      expect(details['issues']).to.have.lengthOf(5)
    }
  })

  it('never appear with their values in what is found', () => {
    const value = fc.oneof(fc.string({ minLength: 6 }), fc.integer({ min: 1e6 }), fc.boolean())
    fc.assert(
      fc.property(fc.constantFrom(...TYPE.fields), value, ({ name }, value) => {
        const issues = JSON.stringify(validateFields(TYPE, { [name]: value }, NOW))
        return typeof value === 'boolean' || !issues.includes(JSON.stringify(value).slice(1, -1))
      }),
    )
  })

  it('of any shape are answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const issues = validateFields(TYPE, fields, NOW)
        return issues.every(({ pointer }) => pointer.startsWith('/fields/'))
      }),
    )
  })
})

describe('a pattern of a field', () => {
  it('takes no longer for a text that is made to hold it up', () => {
    const type = materialType({ fields: [field('a', 'string', { pattern: '^(a+)+$' })] })
    const started = performance.now()
    expect(validateFields(type, { a: `${'a'.repeat(3999)}!` }, NOW)).to.have.lengthOf(1)
    expect(performance.now() - started).to.be.below(1000)
  })

  it('is refused where its time would not be linear, or it is none', () => {
    for (const pattern of ['(a)\\1', '(?=a)', '(', 'a{2000}'])
      expect(
        codesOf(() => compilePattern(pattern)),
        pattern,
      ).to.equal('CATALOGUE_PATTERN_MALFORMED')
  })
})
