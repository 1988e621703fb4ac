import * as z from 'zod'
import { validateFields } from '../catalogue/fields.ts'
import { isSensitive, TypeField } from '../catalogue/typeField.ts'
import { LedgerError } from '../errors.ts'
import { HolderCodeType, type FieldValue } from '../statements/parts.ts'
import { LONG_TERM } from './validity.ts'

/** How long a certificate of a type can be valid. */
export const CertificateValidity = z.strictObject({
  mode: z.enum(['LONG_TERM', 'LONG_TERM_OR_DATE', 'YEARS', 'DATE_RANGE', 'ANNUAL_REVIEW']),
  years: z.int().min(1).max(100).optional(),
  options: z
    .array(z.union([z.int(), z.literal(LONG_TERM)]))
    .max(20)
    .optional(),
})

/** As a type is written down. */
export const CertificateType = z.strictObject({
  code: z.string(),
  name: z.string(),
  holderCodeType: HolderCodeType,
  multiHolder: z.boolean(),
  validity: CertificateValidity,
  fields: z.array(TypeField),
})

/** What stands on a type of certificate. `code` is the part of the certificate identifier that names the type. */
export type CertificateType = z.infer<typeof CertificateType>

/** The face of a certificate, by name. */
export type CertificateFields = { readonly [name: string]: FieldValue }

/**
 * The face of a certificate, read by its type: every required field, none that the type does not have.
 *
 * @param now milliseconds since 1970
 * @throws LedgerError invalid/CERTIFICATE_FIELDS_MALFORMED {certificateType, issues}: see `FieldIssue`
 */
export function requireFields(
  type: CertificateType,
  fields: unknown,
  now: number,
): CertificateFields {
  const given = isRecord(fields) ? fields : {}
  const issues = validateFields({ fields: fieldsOnFace(type) }, given, now)
  if (issues.length > 0)
    throw new LedgerError('invalid', 'CERTIFICATE_FIELDS_MALFORMED', {
      certificateType: type.code,
      issues,
    })
  return given as CertificateFields
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether the number of a certificate is somebody's own: nothing but the field itself may carry it. */
export function isNumberSensitive({ fields }: CertificateType): boolean {
  return fields.some((field) => field.name === 'certificateNumber' && isSensitive(field))
}

/** The fields of a face. Without an end, a certificate that must have one would be valid for ever. */
export function fieldsOnFace({ validity: { mode }, fields }: CertificateType): TypeField[] {
  const isTimed = mode === 'YEARS' || mode === 'DATE_RANGE'
  return fields.map((field) =>
    isTimed && field.name === 'validTo' ? { ...field, required: true } : field,
  )
}
