import type { BenefitReason } from '../../../node/core/benefits/reasons.ts'
import { sentenceOf } from '../../../node/core/resolution/sentences.ts'
import type { BenefitOutcome } from '../../client/index.ts'
import type { BenefitRecord } from '../../http/benefits/schema.ts'
import { paint } from '../context.ts'
import { explain, presentRefusal } from '../explain.ts'

/** What is answered of one subject, for scripts. */
export function presentOutcome(outcome: BenefitOutcome): object {
  if (!('error' in outcome)) return outcome
  const { line, subject, error } = outcome
  return { line, subject, ...presentRefusal(error) }
}

export function formatOutcome(outcome: BenefitOutcome): string {
  const { codeType, code } = outcome.subject
  const whose = `${codeType} ${code}`
  if ('error' in outcome) {
    const { code: refusal, message } = explain(outcome.error)
    const reasons = outcome.error.details['reasons'] as readonly BenefitReason[] | undefined
    const why = reasons ? formatReasons(reasons) : message
    return `${paint('red', 'refused    ')}  ${whose}  ${refusal}: ${why}`
  }
  const { result, reasons } = outcome
  const style = result === 'unqualified' ? 'yellow' : 'green'
  const why = reasons.length === 0 ? '' : `  ${formatReasons(reasons)}`
  return `${paint(style, result.padEnd(11))}  ${whose}${why}`
}

function formatReasons(reasons: readonly BenefitReason[]): string {
  return reasons
    .map(({ code, material, condition }) => `${code} ${material ?? condition ?? ''}`.trimEnd())
    .join('; ')
}

const SENTENCES: Readonly<Record<string, string>> = {
  BENEFIT_TARGET_OTHER: 'The benefit is not for persons, or not for enterprises.',
  BENEFIT_EVIDENCE_MISSING: 'Nothing here shows it: neither a certificate nor a material.',
  BENEFIT_CONDITION_FAILED: 'The evidence says that it is not so.',
  BENEFIT_CONDITION_UNKNOWN: 'The evidence does not say whether it is so.',
}

/** For a person, a line each: what it is about, and what is the matter with it. */
export function explainReasons(reasons: readonly BenefitReason[]): string {
  const lines = reasons.map(({ code, material, condition }) => {
    const about = material ?? condition
    return `${about === undefined ? '' : `${about}: `}${SENTENCES[code] ?? sentenceOf(code)} (${code})`
  })
  return ['Does not qualify.', ...lines].join('\n  ')
}

export function formatRecord({ id, at, statement, reasons = [] }: BenefitRecord): string {
  const { benefit, subject, period } = statement
  const what = statement.kind.slice('benefit.'.length)
  const why = reasons.length === 0 ? [] : [`  ${formatReasons(reasons)}`]
  return [
    `${at}  ${id}  ${what}`,
    `  ${benefit.code} ${period} for ${subject.codeType} ${subject.code}`,
    ...why,
  ].join('\n')
}
