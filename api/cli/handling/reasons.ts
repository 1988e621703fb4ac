import { formatTime, shorten } from '../../../node/core/acts/phrases.ts'
import type { MissingGrant, Rejection } from '../../../node/core/resolution/document.ts'
import { sentenceOf } from '../../../node/core/resolution/sentences.ts'

/** Why a candidate is not taken: what it is, and what is the matter with it. */
export function formatRejection({ kind, id, code, rule, on, from, by }: Rejection): string {
  const about = rule?.id ?? on ?? from
  const said = about === undefined ? code : `${code} ${about}`
  const instead = by === undefined ? '' : `, see ${by}`
  return `not ${kind} ${id ?? ''}: ${sentenceOf(code)} (${said}${instead})`
}

/** Whose grant is missing, and what was asked of them. */
export function formatMissing({ holder, code, request }: MissingGrant): string {
  const missing = `of ${shorten(holder)}: ${sentenceOf(code)} (${code})`
  if (request === undefined) return missing
  const { id, state, until } = request
  const end = state === 'pending' ? ` until ${formatTime(until, 8)}` : ''
  return `${missing}; asked by ${id}, ${state}${end}`
}

/** What a refusal of a reuse says besides its sentence, a line each. */
export function formatReasons({ reasons }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(reasons)) return []
  return (reasons as readonly Partial<Record<'code' | 'message', unknown>>[]).flatMap(
    ({ code, message }) =>
      typeof code === 'string' && typeof message === 'string' ? [`  ${message} (${code})`] : [],
  )
}
