import type { BenefitRecord as Found } from '../../../node/benefits/benefits.ts'
import type { Catalogue } from '../../../node/catalogue/catalogue.ts'
import { reasonsOf } from '../../../node/core/benefits/reasons.ts'
import type { BenefitReason } from '../../../node/core/benefits/reasons.ts'
import { csvRow } from '../csv.ts'
import type { BenefitLineDone, BenefitLineRefused, BenefitRecord } from './schema.ts'

/** What a condition says stands in the version of the benefit that was looked by. */
export function presentRecord(
  { id, index, at, statement }: Found,
  catalogue: Pick<Catalogue, 'getVersion'>,
): BenefitRecord {
  if (statement.kind !== 'benefit.checked') return { id, index, at, statement }
  const { code, version } = statement.benefit
  const { conditions } = catalogue.getVersion('benefit', code, version).entry
  return { id, index, at, statement, reasons: reasonsOf(statement.finding, conditions) }
}

/** What became of one subject, as of a batch. */
export const LINE_COLUMNS = [
  'line',
  'codeType',
  'code',
  'result',
  'why',
  'period',
  'statement',
  'entry',
] as const

export function lineRow(line: BenefitLineDone | BenefitLineRefused): string {
  const { subject } = line
  const whose = [line.line, subject?.codeType, subject?.code]
  if ('problem' in line) return csvRow([...whose, 'refused', whyRefused(line), '', '', ''])
  const { result, reasons, period, id, index } = line
  return csvRow([...whose, result, whyNot(reasons), period, id, index])
}

/** What was said of a subject, as kept in the log. */
export const RECORD_COLUMNS = [
  'codeType',
  'code',
  'result',
  'why',
  'period',
  'day',
  'officer',
  'statement',
  'entry',
  'at',
] as const

export function recordRow({ id, index, at, statement, reasons = [] }: BenefitRecord): string {
  if (statement.kind === 'benefit.confirmed') throw new TypeError('a confirmation is in no batch')
  const { subject, period, day, officer, finding } = statement
  const looked = finding.qualifies ? 'qualified' : 'unqualified'
  const result = statement.kind === 'benefit.granted' ? 'granted' : looked
  const { codeType, code } = subject
  return csvRow([codeType, code, result, whyNot(reasons), period, day, officer, id, index, at])
}

function whyNot(reasons: readonly BenefitReason[]): string {
  return reasons
    .map(({ code, material, condition }) => [material ?? condition, code])
    .map((words) => words.filter((word) => word !== undefined).join(' '))
    .join('; ')
}

/** Of who does not qualify, the reasons say more than that. */
function whyRefused({ problem: { code, ...details } }: BenefitLineRefused): string {
  const reasons = details['reasons'] as readonly BenefitReason[] | undefined
  return reasons === undefined ? code : `${code}: ${whyNot(reasons)}`
}
