import { expect } from 'chai'
import fc from 'fast-check'
import type { Sensitivity } from '../../node/core/catalogue/parts.ts'
import { fieldsOnPages, HIDDEN, maskField } from '../../node/core/masking.ts'

describe('a masked field', () => {
  it('is shown whole where it is not sensitive', () => {
    expect(maskField('杨浦区示例路100号', 'L1', 'string')).to.equal('杨浦区示例路100号')
    expect(maskField(812, 'L2', 'number')).to.equal(812)
  })

  for (const [what, value, type, masked] of [
    ['a name by its surname', '王小明', 'string', '王**'],
    ['a name of two', '王明', 'string', '王*'],
    ['a single character by nothing', '王', 'string', '*'],
    ['a citizen number by its ends', '310199199003150014', 'string', '310***********0014'],
    ['a mobile phone by its ends', '13800001234', 'string', '138****1234'],
    ['characters outside the basic plane whole', '𠮷野家', 'string', '𠮷**'],
    ['a day by its year', '1990-03-15', 'date', '1990-**-**'],
    ['a word in place of a day', '长期', 'date', '长*'],
    ['a number not at all', 812, 'number', HIDDEN],
    ['a yes or no not at all', true, 'boolean', HIDDEN],
    ['each item of a list', ['王小明', 7], 'array', ['王**', HIDDEN]],
    ['each part of an object', { name: '王小明' }, 'array', { name: '王**' }],
    ['an empty text as it is', '', 'string', ''],
  ] as const)
    it(`of L3 tells ${what}`, () => {
      expect(maskField(value, 'L3', type)).to.deep.equal(masked)
    })

  it('of L4 tells nothing, not even a length', () => {
    for (const value of ['王', '310199199003150014', 7, true, [1, 2], { a: 'b' }])
      expect(maskField(value, 'L4', 'string')).to.equal(HIDDEN)
  })

  it('is never the text itself, and tells no more when it is masked again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
        const once = maskField(text, 'L3', 'string') as string
        expect(Array.from(once)).to.have.length(Array.from(text).length)
        expect(once).to.include('*')
        expect(maskField(once, 'L3', 'string')).to.equal(once)
      }),
    )
  })
})

const type = (sensitivity: Sensitivity, ...levels: Sensitivity[]) => ({
  sensitivity,
  fields: levels.map((level, n) => ({ name: `f${n}`, sensitivity: level })),
})

describe('pages, on which nothing can be masked', () => {
  it('take nothing of anybody where nothing on them is sensitive', () => {
    expect(fieldsOnPages(type('L2', 'L1', 'L2'))).to.deep.equal([])
    expect(fieldsOnPages(type('L1'))).to.deep.equal([])
  })

  it('take every field in clear that is sensitive', () => {
    expect(fieldsOnPages(type('L2', 'L1', 'L3', 'L4'))).to.deep.equal(['f1', 'f2'])
    expect(fieldsOnPages(type('L3', 'L3', 'L1'))).to.deep.equal(['f0'])
    expect(fieldsOnPages(type('L3', 'L4', 'L1'))).to.deep.equal(['f0'])
  })

  it('take all of them where the whole is more sensitive than any, and are never shown where it has none', () => {
    expect(fieldsOnPages(type('L4', 'L1', 'L3'))).to.deep.equal(['f0', 'f1'])
    expect(fieldsOnPages(type('L3', 'L1'))).to.deep.equal(['f0'])
    expect(fieldsOnPages(type('L3'))).to.equal(undefined)
  })
})
