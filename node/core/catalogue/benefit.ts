import * as z from 'zod'
import { shownText } from '../statements/parts.ts'
import { FieldPlace } from './matter.ts'
import { distinct, entryCode, entryHead, fieldName, Level, ServiceTarget } from './parts.ts'

/** What has to hold for a subject, beside that there is the evidence. */
export const Condition = z
  .discriminatedUnion('kind', [
    /** Full years on the day of the check, by the citizen number of the subject. */
    z.strictObject({
      kind: z.literal('ageAtLeast'),
      text: shownText(200),
      years: z.int().min(0).max(150),
    }),
    z.strictObject({
      kind: z.literal('oneOf'),
      text: shownText(200),
      left: FieldPlace,
      values: z
        .array(z.union([shownText(200), z.int(), z.boolean()]))
        .min(1)
        .max(200),
    }),
    z.strictObject({
      kind: z.literal('atLeast'),
      text: shownText(200),
      left: FieldPlace,
      value: z.int(),
    }),
  ])
  .meta({ id: 'BenefitCondition' })
export type Condition = z.infer<typeof Condition>

/** What subjects get without applying 免申即享. */
export const Benefit = z
  .strictObject({
    kind: z.literal('benefit'),
    ...entryHead,
    name: shownText(200),
    level: Level,
    serviceTarget: ServiceTarget,
    /** 直接兑现: nothing to do. 一键确认: one confirmation. */
    mode: z.enum(['DIRECT', 'CONFIRM']),
    status: z.enum(['NEW', 'OPTIMISED']).optional(),
    /** It is given once in each. */
    period: z.enum(['ONCE', 'YEAR', 'QUARTER', 'MONTH']),
    /** Material types that have to be there, of the subject itself. */
    evidence: distinct(entryCode, 100),
    conditions: z.array(Condition).max(50),
    /** Fields of the evidence that are shown unmasked to the department that runs it. */
    plain: z
      .array(z.strictObject({ material: entryCode, field: fieldName }))
      .max(100)
      .optional(),
  })
  .refine(
    ({ evidence, conditions, plain = [] }) =>
      [...plain, ...placesOfConditions(conditions)].every(({ material }) =>
        evidence.includes(material),
      ),
    'a field of what is no evidence',
  )
  .meta({ id: 'Benefit' })
export type Benefit = z.infer<typeof Benefit>

/** The fields that conditions read. */
export function placesOfConditions(conditions: readonly Condition[]): FieldPlace[] {
  return conditions.flatMap((condition) => ('left' in condition ? [condition.left] : []))
}
