import * as z from 'zod'
import { Day, yearsBetween } from '../catalogue/day.ts'
import { fieldName } from '../catalogue/parts.ts'
import type { MatterQuestion } from '../catalogue/matterQuestion.ts'
import { says } from '../catalogue/sameness.ts'
import { birthdayIn } from '../identifiers/citizenNumber.ts'
import { LedgerError } from '../errors.ts'
import type { FieldValue } from '../statements/parts.ts'
import { shownText } from '../statements/parts.ts'

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

/** What a matter asks, on the day of a case. */
export function questionOn(asked: MatterQuestion, day: Day): Question {
  return asked.kind === 'is' ? asked : { ...asked, day }
}

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
      return yearsBetween(birthdayOf(question.field, found), question.day) >= question.years
    return says(found, question.value)
  })
}

function birthdayOf(field: string, value: FieldValue): Day {
  const text = typeof value === 'string' ? value : ''
  const birthday = birthdayIn(text) ?? Day.safeParse(text).data
  if (birthday === undefined) throw new LedgerError('invalid', 'QUESTION_NOT_OF_FIELD', { field })
  return birthday
}
