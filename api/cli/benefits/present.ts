import type { BenefitReason } from '../../../node/core/benefits/reasons.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
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

/** Of what was refused for them. */
export function reasonsIn(error: unknown): readonly BenefitReason[] | undefined {
  if (!isLedgerError(error, 'BENEFIT_NOT_QUALIFIED')) return undefined
  return error.details['reasons'] as readonly BenefitReason[] | undefined
}

/** For a person, a line each: what it is about, and what is the matter with it. */
export function explainReasons(reasons: readonly BenefitReason[]): string {
  const lines = reasons.map(({ code, material, condition }) => {
    const about = material ?? condition
    return `${about === undefined ? '' : `${about}: `}${SENTENCES[code] ?? sentenceOf(code)} (${code})`
  })
  return ['Does not qualify.', ...lines].join('\n  ')
}

/** The department that looked, granted or was told, unless somebody confirmed by an account. */
export function departmentIn({ statement }: BenefitRecord): Hex | undefined {
  return whoIn(statement).by
}

export function formatRecord(record: BenefitRecord, names: ReadonlyMap<Hex, string>): string {
  const { id, at, statement, reasons = [] } = record
  const { benefit, subject, period } = statement
  const why = reasons.length === 0 ? [] : [`  ${formatReasons(reasons)}`]
  return [
    `${at}  ${id}  ${whatIn(record)}`,
    `  ${benefit.code} ${period} for ${subject.codeType} ${subject.code}, ${byWhom(statement, names)}`,
    ...why,
  ].join('\n')
}

function whatIn({ statement: { kind }, reasons = [] }: BenefitRecord): string {
  if (kind === 'benefit.confirmed') return 'confirmed'
  if (kind === 'benefit.granted') return 'granted'
  return `checked: ${reasons.length === 0 ? 'qualified' : 'unqualified'}`
}

/** Its subject wants to know who looked. */
function byWhom(statement: BenefitRecord['statement'], names: ReadonlyMap<Hex, string>): string {
  const { by, officer, account } = whoIn(statement)
  if (by === undefined) return `by account ${account}`
  return `by ${officer} of ${names.get(by) ?? 'department'} (${by})`
}

function whoIn(statement: BenefitRecord['statement']): {
  by?: Hex
  officer?: string
  account?: Hex
} {
  return statement.kind === 'benefit.confirmed' ? statement.confirmation : statement
}
