import { expect } from 'chai'
import fc from 'fast-check'
import type { Rule } from '../../../node/core/catalogue/matter.ts'
import { isSame } from '../../../node/core/catalogue/sameness.ts'
import { judgeRules } from '../../../node/core/resolution/rules.ts'
import type { FieldValue } from '../../../node/core/statements/parts.ts'

const found = (value: FieldValue | undefined, because: 'FIELD_MISSING' | 'CASE_FIELD_MISSING') =>
  value === undefined ? { because } : { value }

const judge = (kind: Rule['kind'], left: FieldValue | undefined, right: FieldValue | undefined) => {
  const rule = {
    id: 'r',
    text: 'r',
    kind,
    left: { material: 'M', field: 'f' },
    right: { case: 'c' },
  }
  const [result] = judgeRules(
    { code: 'X', rules: [rule] },
    {
      ofMaterial: () => found(left, 'FIELD_MISSING'),
      ofCase: () => found(right, 'CASE_FIELD_MISSING'),
    },
  )
  return result?.because ?? result?.result
}

describe('rules across materials', () => {
  it('read texts as people do', () => {
    expect(judge('equal', '上海业主（示例）有限公司', '上海业主(示例) 有限公司')).to.equal('pass')
    expect(judge('equal', '示例路１００号', '示例路100号')).to.equal('pass')
    expect(judge('equal', '示例路100号', '示例路1000号')).to.equal('fail')
  })

  it('find a name in a list of texts or of persons', () => {
    expect(judge('oneOf', '甲', ['乙', '甲'])).to.equal('pass')
    expect(judge('oneOf', '甲', [{ name: '甲', share: '50' }])).to.equal('pass')
    expect(judge('oneOf', '50', [{ name: '甲', share: '50' }])).to.equal('fail')
    expect(judge('oneOf', '甲', '甲')).to.equal('pass')
    expect(judge('oneOf', '甲', [])).to.equal('fail')
  })

  it('compare days, and nothing else as days', () => {
    expect(judge('notBefore', '2023-08-05', '2023-08-05')).to.equal('pass')
    expect(judge('notBefore', '2023-08-04', '2023-08-05')).to.equal('fail')
    expect(judge('sameDay', '2023-08-05', '2023-08-05')).to.equal('pass')
    expect(judge('sameDay', '5 August', '5 August')).to.equal('fail')
  })

  it('are unknown where a field is', () => {
    expect(judge('equal', undefined, '甲')).to.equal('FIELD_MISSING')
    expect(judge('equal', '甲', undefined)).to.equal('CASE_FIELD_MISSING')
  })

  it('never find two texts the same that differ in a letter, and always those that differ in blanks', () => {
    const text = fc.stringMatching(/^[a-z]{1,12}$/)
    fc.assert(
      fc.property(text, text, fc.nat(12), (a, b, cut) => {
        expect(isSame(a, b)).to.equal(a === b)
        expect(isSame(a, `${a.slice(0, cut)} ${a.slice(cut)}`)).to.equal(true)
      }),
    )
  })
})
