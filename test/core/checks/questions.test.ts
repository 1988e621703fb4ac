import { expect } from 'chai'
import { answerQuestions, fieldsAsked } from '../../../node/core/checks/questions.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import type { FieldValue } from '../../../node/core/statements/parts.ts'
import { refused } from '../grants/support.ts'

const fields: { readonly [name: string]: FieldValue } = {
  birthDate: '1958-08-05',
  leap: '2004-02-29',
  idNumber: '310199195506080021',
  owners: [{ name: '上海业主（示例）有限公司' }, '个人'],
  mortgaged: false,
  area: 120,
}
const answer = (...questions: Question[]) =>
  answerQuestions(questions, { fields, validOn: new Map([['2023-08-05', true]]) })
const age = (field: string, years: number, day: string): Question => ({
  kind: 'ageAtLeast',
  field,
  years,
  day,
})

const is = (field: string, value: string | number | boolean): Question => ({
  kind: 'is',
  field,
  value,
})

describe('data checks', () => {
  it('count full years from the birthday on', () => {
    expect(
      answer(
        age('birthDate', 65, '2023-08-05'),
        age('birthDate', 65, '2023-08-04'),
        age('idNumber', 68, '2023-08-05'),
        age('idNumber', 69, '2023-08-05'),
        age('leap', 18, '2022-02-28'),
        age('leap', 18, '2022-03-01'),
      ),
    ).to.deep.equal([true, false, true, false, false, true])
  })

  it('find an owner, and whether a field says something', () => {
    expect(
      answer(
        is('owners', '上海业主(示例)有限公司'),
        is('owners', '别人'),
        is('mortgaged', false),
        is('mortgaged', true),
        is('area', 120),
      ),
    ).to.deep.equal([true, false, true, false, true])
  })

  it('say whether it could be used on a day', () => {
    expect(
      answer({ kind: 'validOn', day: '2023-08-05' }, { kind: 'validOn', day: '2023-08-06' }),
    ).to.deep.equal([true, false])
  })

  it('are about fields that there are, and that hold what is asked', () => {
    expect(refused(() => answer(age('nothing', 1, '2023-08-05')))).to.deep.equal([
      'USE_FIELD_UNKNOWN',
      { fields: ['nothing'] },
    ])
    expect(refused(() => answer(age('area', 1, '2023-08-05')))).to.deep.equal([
      'QUESTION_NOT_OF_FIELD',
      { field: 'area' },
    ])
  })

  it('need each field once, in order', () => {
    expect(fieldsAsked([is('b', 1), is('a', 1), is('b', 1)])).to.deep.equal(['a', 'b'])
  })
})
