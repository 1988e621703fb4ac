import { shorten } from '../../../node/core/acts/phrases.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
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
export function describeRequest({
  subject,
  fields,
  manner,
  context,
}: Omit<UseRequest, 'authorizations'>): Sentence {
  const { case: caseCode, matter, officer, cause, until } = context
  const what = `${subject.kind} ${subject.id}`
  const copy = manner === 'copy'
  return {
    zh: `此次申请：${what}，数据项 ${fields.join('、') || '全部'}，${copy ? '留存副本' : '仅查阅'}；办件 ${caseCode}，事项 ${matter}，经办人 ${officer}，事由：${cause}${until === undefined ? '' : `，用至 ${until}`}。`,
    en: `Asked for: ${what}, ${fields.length === 0 ? 'whole' : `fields ${fields.join(', ')}`}, ${copy ? 'to copy' : 'to read'}; case ${caseCode}, matter ${matter}, officer ${officer}, cause: ${cause}${until === undefined ? '' : `, needed until ${until}`}.`,
  }
}
