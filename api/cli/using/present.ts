import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Use } from '../../http/uses/schema.ts'
import { paint } from '../context.ts'

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
