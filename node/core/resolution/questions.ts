import * as z from 'zod'
import { Day } from '../catalogue/day.ts'
import { fieldName } from '../catalogue/parts.ts'
import { LedgerError } from '../errors.ts'
import type { FieldValue } from '../statements/parts.ts'
import { shownText } from '../statements/parts.ts'
import { isSame, namesOf } from './rules.ts'

/** What can be asked about a certificate or material without seeing it 数据核验. */
export const Question = z
  .discriminatedUnion('kind', [
    /** Whether it could be used on that day. */
    z.strictObject({ kind: z.literal('validOn'), day: Day }),
    /** Full years on that day, of whoever's birthday or citizen number is in the field. */
    z.strictObject({
      kind: z.literal('ageAtLeast'),
      field: fieldName,
      years: z.int().min(0).max(150),
      day: Day,
    }),
    /** Whether the field says this; of a list, whether it names this, as owners are named. */
    z.strictObject({
      kind: z.literal('is'),
      field: fieldName,
      value: z.union([shownText(1000), z.int(), z.boolean()]),
    }),
  ])
  .meta({ id: 'Question' })
export type Question = z.infer<typeof Question>

export const Questions = z.array(Question).min(1).max(20)

/** What questions are about, as far as they need it. */
export interface Questioned {
  readonly fields: { readonly [name: string]: FieldValue }
  /** The days that were asked for, and whether it could be used on each. */
  readonly validOn: ReadonlyMap<Day, boolean>
}

/** The fields that a holder has to have granted, each once, in order. */
export function fieldsAsked(questions: readonly Question[]): string[] {
  const fields = questions.flatMap((question) => ('field' in question ? [question.field] : []))
  return [...new Set(fields)].toSorted()
}

/** Those of the questions; whether a certificate is valid is told by what every certificate says of that. */
export function fieldsToGrant(
  { kind }: { readonly kind: 'certificate' | 'material' },
  questions: readonly Question[],
): string[] {
  const asked = fieldsAsked(questions)
  return asked.length === 0 && kind === 'certificate' ? ['validFrom'] : asked
}

/**
 * Yes or no, to each question.
 *
 * @throws LedgerError invalid/USE_FIELD_UNKNOWN {fields}: there is no such field
 * @throws LedgerError invalid/QUESTION_NOT_OF_FIELD {field}: what is in it is no birthday
 */
export function answerQuestions(
  questions: readonly Question[],
  { fields, validOn }: Questioned,
): boolean[] {
  const unknown = fieldsAsked(questions).filter((name) => !Object.hasOwn(fields, name))
  if (unknown.length > 0) throw new LedgerError('invalid', 'USE_FIELD_UNKNOWN', { fields: unknown })
  return questions.map((question) => {
    if (question.kind === 'validOn') return validOn.get(question.day) ?? false
    const found = fields[question.field] as FieldValue
    if (question.kind === 'ageAtLeast')
      return yearsBetween(birthdayIn(question.field, found), question.day) >= question.years
    return (Array.isArray(found) ? found.flatMap(namesOf) : [found]).some((one) =>
      isSame(one, question.value),
    )
  })
}

/** Of a citizen number (GB 11643), digits 7 to 14. */
function birthdayIn(field: string, value: FieldValue): Day {
  const text = typeof value === 'string' ? value : ''
  const number = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(text)
  const { data } = Day.safeParse(number ? number.slice(1).join('-') : text)
  if (data === undefined) throw new LedgerError('invalid', 'QUESTION_NOT_OF_FIELD', { field })
  return data
}

/** Full years: whoever was born on 29 February is a year older on 1 March. */
function yearsBetween(birthday: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthday.slice(0, 4))
  return day.slice(5) < birthday.slice(5) ? years - 1 : years
}
