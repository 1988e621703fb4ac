import * as z from 'zod'
import { shownText } from '../statements/parts.ts'
import { distinct, fieldName, Sensitivity } from './parts.ts'

/** A field of what a material or certificate type has, and how it is to be protected. */
export const TypeField = z
  .strictObject({
    name: fieldName,
    /** For people. */
    label: shownText(100),
    /** A number is an integer, or a decimal fraction as a string; a date is a day YYYY-MM-DD. */
    type: z.enum(['string', 'number', 'boolean', 'date', 'array']),
    required: z.boolean(),
    sensitivity: Sensitivity,
    /** RE2 syntax, found anywhere unless it says ^ and $: of a string, or of a number as it is written. */
    pattern: z.string().min(1).max(200).optional(),
    /** The only values of a string. */
    enum: distinct(shownText(200), 200).min(1).optional(),
    /** Check characters of a string. */
    check: z.enum(['uscc', 'citizenNumber', 'certificateIdentifier']).optional(),
    /** In place of a date it may say 长期: without an end. */
    longTerm: z.literal(true).optional(),
  })
  .refine(
    ({ type, pattern }) => pattern === undefined || type === 'string' || type === 'number',
    'a pattern of what is neither string nor number',
  )
  .refine((field) => field.enum === undefined || field.type === 'string', 'enum of no string')
  .refine(({ type, check }) => check === undefined || type === 'string', 'check of no string')
  .refine(({ type, longTerm }) => longTerm === undefined || type === 'date', 'longTerm of no date')
  .meta({ id: 'TypeField' })
export type TypeField = z.infer<typeof TypeField>

/** Masked unless grant and matter both ask for it in clear, and named in no identifier. */
export function isSensitive({ sensitivity }: Pick<TypeField, 'sensitivity'>): boolean {
  return sensitivity === 'L3' || sensitivity === 'L4'
}
