import { expect } from 'chai'
import type { Statement } from '../../../node/core/statement.ts'
import { checkContent } from '../../../node/core/verify/content.ts'
import type { MarkedDocument } from '../../../node/core/verify/content.ts'

const content = (digit: string, size: number) => ({
  digests: [`sha-256:${digit.repeat(64)}`],
  size,
})
const COPY = content('1', 10)
const PLAN = content('2', 20)
const PAGES = content('4', 40)
const OTHERS = [content('5', 40), content('4', 41), { digests: [], size: 40 }]
const receiptOf = (document?: object) =>
  ({ kind: 'use.released', content: COPY, expires: 1_000, document }) as unknown as Statement
const DRAWN = receiptOf(PAGES)
const ARCHIVED = receiptOf()
const HANDED_IN = { kind: 'material.submitted', content: COPY } as unknown as Statement

const check = (marked: Partial<MarkedDocument>, statement = DRAWN, now = 999) =>
  checkContent(statement, { ...COPY, marked: { stated: PLAN, isWhole: true, ...marked } }, now)

describe('a derived copy out of a marked document', () => {
  it('is the one of the receipt, its original inside or under its pages', () => {
    expect(check({ drawn: PAGES })).to.equal('DERIVED_COPY_PAGES_MATCH')
    expect(check({ drawn: PAGES, given: PLAN })).to.equal('DERIVED_COPY_ORIGINAL_MATCHES')
    expect(check({ given: PLAN }, ARCHIVED)).to.equal('DERIVED_COPY_ORIGINAL_MATCHES')
  })

  it('is for a time', () => {
    expect(check({ drawn: PAGES }, DRAWN, 1_000)).to.equal('DERIVED_COPY_EXPIRED')
    expect(check({ given: PLAN }, ARCHIVED, 1_000)).to.equal('DERIVED_COPY_EXPIRED')
  })

  it('is no copy that anybody got where the evidence is of something else', () => {
    expect(check({ drawn: PAGES }, HANDED_IN)).to.equal('DERIVED_COPY_OF_NO_USE')
  })

  it('does not vouch for another original, nor for one that it says nothing of', () => {
    for (const given of [content('3', 20), content('2', 21), { digests: [], size: 20 }])
      expect(check({ drawn: PAGES, given })).to.equal('DERIVED_COPY_ORIGINAL_MISMATCH')
    expect(check({ stated: undefined, given: PLAN })).to.equal('DERIVED_COPY_ORIGINAL_MISMATCH')
  })

  it('does not vouch for pages that it was put into, nor for what was put in beside it', () => {
    for (const drawn of OTHERS) expect(check({ drawn })).to.equal('DERIVED_COPY_ALTERED')
    expect(check({ drawn: PAGES, isWhole: false })).to.equal('DERIVED_COPY_ALTERED')
    expect(check({ given: PLAN, isWhole: false }, ARCHIVED)).to.equal('DERIVED_COPY_ALTERED')
  })

  it('is in no other form than it was handed out in', () => {
    expect(check({ drawn: PAGES }, ARCHIVED)).to.equal('DERIVED_COPY_ALTERED')
    expect(check({ given: PLAN }, DRAWN)).to.equal('DERIVED_COPY_ALTERED')
    expect(check({}, DRAWN)).to.equal('DERIVED_COPY_ALTERED')
  })

  it('is said to be altered also when its time is over', () => {
    expect(check({ drawn: OTHERS[0] }, DRAWN, 2_000)).to.equal('DERIVED_COPY_ALTERED')
  })
})
