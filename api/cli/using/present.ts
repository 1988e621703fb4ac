import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Question } from '../../../node/core/resolution/questions.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { Use } from '../../http/uses/schema.ts'
import { paint } from '../context.ts'
import type { Sentence } from '../signing/signAct.ts'

export function formatUse({
  id,
  at,
  result,
  subject,
  user,
  userName,
  fields,
  context,
  because,
}: Use): string {
  const state = paint(result === 'released' ? 'green' : 'red', result)
  const why = because === undefined ? '' : `  ${because.code}`
  const { case: caseCode, matter, officer, cause } = context
  return [
    `${at}  ${id}  ${state}${why}`,
    `  ${userName ?? shorten(user)} for case ${caseCode}, matter ${matter}: ${cause} (${officer})`,
    `  ${subject.kind} ${subject.id}: ${fields.join(', ') || 'whole'}`,
  ].join('\n')
}

/** What a use commits to by its context alone, and what is asked of its subject. */
export function describeRequest({ subject, fields, manner, questions, context }: Asked): Sentence {
  const { case: caseCode, matter, officer, cause, until } = context
  const what = `${subject.kind} ${subject.id}`
  const copy = manner === 'copy'
  const [zh, en] =
    questions === undefined
      ? [
          `数据项 ${fields.join('、') || '全部'}，${copy ? '留存副本' : '仅查阅'}`,
          `${fields.length === 0 ? 'whole' : `fields ${fields.join(', ')}`}, ${copy ? 'to copy' : 'to read'}`,
        ]
      : [
          `数据核验（只答是否）：${questions.map((one) => describeQuestion(one).zh).join('；')}`,
          `to be told yes or no: ${questions.map((one) => describeQuestion(one).en).join('; ')}`,
        ]
  return {
    zh: `此次申请：${what}，${zh}；办件 ${caseCode}，事项 ${matter}，经办人 ${officer}，事由：${cause}${until === undefined ? '' : `，用至 ${until}`}。`,
    en: `Asked for: ${what}, ${en}; case ${caseCode}, matter ${matter}, officer ${officer}, cause: ${cause}${until === undefined ? '' : `, needed until ${until}`}.`,
  }
}

export function describeQuestion(question: Question): Sentence {
  if (question.kind === 'validOn')
    return { zh: `${question.day} 是否有效`, en: `valid on ${question.day}?` }
  const { field } = question
  if (question.kind === 'is')
    return {
      zh: `${field} 是否为「${question.value}」`,
      en: `${field} is “${question.value}”?`,
    }
  const { years, day } = question
  return {
    zh: `${field} 所示之人在 ${day} 是否年满 ${years} 周岁`,
    en: `whoever is in ${field} at least ${years} years old on ${day}?`,
  }
}
