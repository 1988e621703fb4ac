import type { Condition } from '../catalogue/benefit.ts'
import { yearsBetween } from '../catalogue/day.ts'
import type { Day } from '../catalogue/day.ts'
import { says } from '../catalogue/sameness.ts'
import { birthdayIn } from '../identifiers/citizenNumber.ts'
import type { FieldValue, Holder } from '../statements/parts.ts'

/** What is known of one piece of evidence: its fields by name. */
export type EvidenceFields = { readonly [name: string]: FieldValue }

/** Unknown where what it goes by is not there: nobody is given anything for what is not known. */
export type ConditionResult = 'pass' | 'fail' | 'unknown'

/** @param fields of the evidence that the condition reads; undefined where there is none */
export function judgeCondition(
  condition: Condition,
  subject: Holder,
  day: Day,
  fields: EvidenceFields | undefined,
): ConditionResult {
  if (condition.kind === 'ageAtLeast') {
    const age = ageOn(subject, day)
    if (age === undefined) return 'unknown'
    return age >= condition.years ? 'pass' : 'fail'
  }
  const { field } = condition.left
  const value = fields && Object.hasOwn(fields, field) ? fields[field] : undefined
  if (value === undefined) return 'unknown'
  if (condition.kind === 'oneOf')
    return condition.values.some((one) => says(value, one)) ? 'pass' : 'fail'
  const floor = floorOf(value)
  if (floor === undefined) return 'unknown'
  return floor >= BigInt(condition.value) ? 'pass' : 'fail'
}

/** Full years on a day, by the birth date in a citizen number; undefined for everybody else. */
export function ageOn({ codeType, code }: Holder, day: Day): number | undefined {
  const birthday = codeType === '111' ? birthdayIn(code) : undefined
  return birthday === undefined ? undefined : yearsBetween(birthday, day)
}

/** The greatest integer that is not above a number as fields hold it; fractions are strings there. */
function floorOf(value: FieldValue): bigint | undefined {
  if (typeof value === 'number') return BigInt(value)
  const [, sign, whole, fraction = ''] =
    (typeof value === 'string' ? /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(value) : null) ?? []
  if (whole === undefined) return undefined
  if (sign !== '-') return BigInt(whole)
  return -BigInt(whole) - (/[1-9]/.test(fraction) ? 1n : 0n)
}
