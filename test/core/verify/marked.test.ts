import { expect } from 'chai'
import type { Statement } from '../../../node/core/statement.ts'
import { checkContent } from '../../../node/core/verify/content.ts'
import type { MarkedOriginal } from '../../../node/core/verify/content.ts'

const content = (digit: string, size: number) => ({
  digests: [`sha-256:${digit.repeat(64)}`],
  size,
})
const COPY = content('1', 10)
const PLAN = content('2', 20)
const RECEIPT = { kind: 'use.released', content: COPY, expires: 1_000 } as unknown as Statement
const HANDED_IN = { kind: 'material.submitted', content: COPY } as unknown as Statement

const check = (marked: MarkedOriginal, statement = RECEIPT) =>
  checkContent(statement, { ...COPY, marked }, 999)

describe('a derived copy out of a marked document', () => {
  it('is the one of the receipt, with or without its original', () => {
    expect(check({ stated: PLAN })).to.equal('CONTENT_MATCHES')
    expect(check({ stated: PLAN, given: PLAN })).to.equal('CONTENT_MATCHES')
  })

  it('is for a time', () => {
    const given = { ...COPY, marked: { stated: PLAN, given: PLAN } }
    expect(checkContent(RECEIPT, given, 1_000)).to.equal('DERIVED_COPY_EXPIRED')
  })

  it('is no copy that anybody got where the evidence is of something else', () => {
    expect(check({ stated: PLAN }, HANDED_IN)).to.equal('DERIVED_COPY_OF_NO_USE')
  })

  it('does not vouch for another original, nor for one that it says nothing of', () => {
    for (const given of [content('3', 20), content('2', 21), { digests: [], size: 20 }])
      expect(check({ stated: PLAN, given })).to.equal('DERIVED_COPY_ORIGINAL_MISMATCH')
    expect(check({ given: PLAN })).to.equal('DERIVED_COPY_ORIGINAL_MISMATCH')
  })
})
