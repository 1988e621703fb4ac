import { expect } from 'chai'
import { entryIdOf, parseCatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import { encodeStatement, parseStatement } from '../../../node/core/statement.ts'
import {
  benefit,
  certificateType,
  codesOf,
  field,
  issuesOf,
  materialType,
  matter,
  OWNER,
  required,
  system,
  theme,
} from './support.ts'

const refusal = (entry: unknown) => issuesOf(() => parseCatalogueEntry(entry))

describe('an entry of the catalogue', () => {
  it('is of one of six kinds, and comes out of its statement as it went in', () => {
    const entries = [certificateType(), materialType(), matter(), theme(['M']), benefit(), system()]
    for (const entry of entries) {
      const id = entryIdOf(entry)
      const statement = { v: 1, id, kind: 'catalogue.published', entry, by: 'permits' } as const
      expect(parseStatement(encodeStatement(statement))).to.deep.equal(statement)
    }
    expect(codesOf(() => parseCatalogueEntry({ ...matter(), kind: 'form' }))).to.equal(
      'CATALOGUE_ENTRY_MALFORMED',
    )
  })

  it('has an id for each kind, code and version, and no two share one', () => {
    const ids = [
      materialType({ code: 'A' }),
      materialType({ code: 'A', version: 2 }),
      materialType({ code: 'A-1' }),
      matter({ code: 'A' }),
    ].map(entryIdOf)
    expect(new Set(ids).size).to.equal(4)
    expect(entryIdOf(materialType({ code: 'A', name: 'another' }))).to.equal(ids[0])
  })

  it('refuses what its kind does not know, wherever it stands', () => {
    expect(refusal({ ...materialType(), colour: 'red' })).to.deep.equal(['/colour'])
    expect(refusal(matter({ materials: [{ ...required('A'), colour: 'red' } as never] }))).to.eql([
      '/materials/0/colour',
    ])
  })

  for (const [wrong, pointer] of [
    [{ from: '2023-02-30' }, '/from'],
    [{ from: '2023-1-1' }, '/from'],
    [{ version: 0 }, '/version'],
    [{ owner: OWNER.toUpperCase() }, '/owner'],
    [{ duty: '' }, '/duty'],
    [{ code: 'two words' }, '/code'],
    [{ retention: '7年' }, '/retention'],
    [{ formats: ['pdf', 'pdf'] }, '/formats'],
    [{ validity: { mode: 'DAYS' } }, '/validity/days'],
    [{ fields: [{ ...field('a'), name: '__proto__' }] }, '/fields/0/name'],
    [{ fields: [field('a', 'date', { pattern: '^2' })] }, '/fields/0'],
    [{ fields: [field('a', 'number', { check: 'uscc' })] }, '/fields/0'],
    [{ fields: [field('a'), field('a', 'date')] }, ''],
    [{ validity: { mode: 'UNTIL_DATE', field: 'to' }, fields: [field('to')] }, ''],
    [
      {
        validity: { mode: 'DAYS', days: 1, since: 'at' },
        fields: [field('at', 'date', { required: false })],
      },
      '',
    ],
    [{ validity: { mode: 'CERTIFICATE' } }, ''],
    [{ validity: { mode: 'SINGLE_USE' } }, ''],
  ] as const) {
    it(`refuses a material type with ${JSON.stringify(wrong).slice(0, 70)}`, () => {
      expect(refusal({ ...materialType(), ...wrong })).to.deep.equal([pointer])
    })
  }

  const { fields } = certificateType()
  for (const [wrong, pointer] of [
    [{ code: 'FOOD' }, '/code'],
    [{ validity: { mode: 'CERTIFICATE' } }, '/validity/mode'],
    [{ validity: { mode: 'YEARS', years: 0 } }, '/validity/years'],
    [{ holderCodeType: '002' }, '/holderCodeType'],
    [{ fields: [...fields, field('premises')] }, ''],
    [{ fields: [...fields, field('exp')] }, ''],
    [{ fields: fields.filter(({ name }) => name !== 'issuerCode') }, ''],
    [{ fields: fields.filter(({ name }) => name !== 'validTo') }, ''],
    [{ fields: [field('validFrom'), ...fields.filter(({ name }) => name !== 'validFrom')] }, ''],
  ] as const) {
    it(`refuses a certificate type with ${JSON.stringify(wrong).slice(0, 70)}`, () => {
      expect(refusal({ ...certificateType(), ...wrong })).to.deep.equal([pointer])
    })
  }

  it('refuses a matter that asks the same holder twice for the same', () => {
    expect(refusal(matter({ materials: [required('A'), required('A')] }))).to.deep.equal([''])
    expect(
      parseCatalogueEntry(
        matter({ materials: [required('A'), required('A', { holder: 'AGENT' })] }),
      ),
    ).to.include({ kind: 'matter' })
  })

  it('refuses a rule about what the matter does not ask for, or asks two holders for', () => {
    const rule = {
      id: 'same-owner',
      text: '权利人一致',
      kind: 'equal',
      left: { material: 'A', field: 'x' },
      right: { case: 'address' },
    } as const
    const twice = [required('A'), required('A', { holder: 'AGENT' })]
    expect(refusal(matter({ rules: [rule] }))).to.deep.equal([''])
    expect(refusal(matter({ rules: [rule], materials: twice }))).to.deep.equal([''])
    const right = { material: 'B', field: 'y' }
    expect(
      refusal(matter({ rules: [{ ...rule, right }], materials: [required('A')] })),
    ).to.deep.equal([''])
    expect(
      parseCatalogueEntry(matter({ rules: [rule], materials: [required('A')] })),
    ).to.have.property('rules')
  })

  it('refuses a benefit with a condition on what is no evidence', () => {
    const left = { material: 'CITY_AWARD', field: 'amount' }
    const conditions = [{ kind: 'atLeast', text: '金额', left, value: 1 } as const]
    expect(refusal(benefit({ conditions }))).to.deep.equal([''])
    expect(parseCatalogueEntry(benefit({ conditions, evidence: ['CITY_AWARD'] }))).to.have.property(
      'conditions',
    )
  })
})
