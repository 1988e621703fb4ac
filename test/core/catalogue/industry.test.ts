import { expect } from 'chai'
import { parseCatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import { isOfIndustry, requireIndustry } from '../../../node/core/catalogue/industry.ts'
import { certificateType, codesOf, errorOf, issuesOf, matter } from './support.ts'

describe('an industry', () => {
  it('is a section of GB/T 4754, a division of that section, or what lies below one', () => {
    for (const code of ['A', 'T', 'A01', 'A05', 'B06', 'C13', 'H62', 'H621', 'H6210', 'T97'])
      expect(requireIndustry(code)).to.equal(code)
    for (const code of ['', 'U', 'h62', '62', 'H6', 'H60', 'H63', 'A00', 'T98', 'H62100', 'H62 ']) {
      const refused = () => requireIndustry(code)
      expect(codesOf(refused), code).to.equal('INDUSTRY_UNKNOWN')
      expect(errorOf(refused)).to.deep.include({ kind: 'unverified', details: { industry: code } })
    }
  })

  it('concerns what is of it, of a part of it, or of what it is a part of', () => {
    const catering = { industries: ['F52', 'H62'] }
    for (const code of ['H', 'H62', 'H621', 'F', 'F5212'])
      expect(isOfIndustry(catering, code), code).to.equal(true)
    for (const code of ['H61', 'F51', 'Q84', 'G'])
      expect(isOfIndustry(catering, code), code).to.equal(false)
    expect(isOfIndustry({}, 'H')).to.equal(false)
  })

  it('is named by matters and certificate types, each once', () => {
    for (const entry of [matter(), certificateType()]) {
      const tagged = { ...entry, industries: ['F52', 'H62'] }
      expect(parseCatalogueEntry(tagged)).to.deep.equal(tagged)
      for (const industries of [[], ['H62', 'H62'], ['H63']])
        expect(issuesOf(() => parseCatalogueEntry({ ...entry, industries }))).to.have.length(1)
    }
  })
})
