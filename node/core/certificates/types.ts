import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { validateFields } from '../catalogue/fields.ts'
import { isSensitive, TypeField } from '../catalogue/typeField.ts'
import { LedgerError } from '../errors.ts'
import { encode0x, type Hex } from '../ethereum/hex.ts'
import { HolderCodeType, type FieldValue } from '../statements/parts.ts'
import source from './types.json' with { type: 'json' }
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

const TypeSource = z.strictObject({
  code: z.string(),
  name: z.string(),
  holderCodeType: HolderCodeType,
  multiHolder: z.boolean(),
  validity: CertificateValidity,
  fields: z.array(TypeField),
})

/** What stands on a type of certificate. `code` is the part of the certificate identifier that names the type. */
export type CertificateType = z.infer<typeof TypeSource>

/**
 * Types that come along, and the fields that all have, from the national catalogue of certificate types where it is
 * public; types whose code ends in 9xx are made up for demonstration, in the same form. Where a field that all have is
 * another matter on its face, such as a number that is somebody's own, a type says so itself.
 *
 * They are what a catalogue begins with. A ledger goes by them as long as nobody has published the type there, and from
 * then on by what was published: see `node/catalogue/certificateTypes.ts`. A new type is published, and needs no code.
 */
export const CERTIFICATE_TYPES: readonly CertificateType[] = z
  .strictObject({ common: z.array(TypeField), types: z.array(TypeSource) })
  .transform(({ common, types }) =>
    types.map((type) => ({ ...type, fields: fieldsOf(type, common) })),
  )
  .parse(source)

const TYPES = new Map(CERTIFICATE_TYPES.map((type) => [type.code, type]))

/** The face of a certificate, by name. */
export type CertificateFields = { readonly [name: string]: FieldValue }

/** A type that comes along. */
export function findIncludedType(code: string): CertificateType | undefined {
  return TYPES.get(code)
}

/** A type that comes along. @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN */
export function getCertificateType(code: string): CertificateType {
  const type = findIncludedType(code)
  if (type === undefined)
    throw new LedgerError('invalid', 'CERTIFICATE_TYPE_UNKNOWN', { certificateType: code })
  return type
}

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

/** As the chain names a type: ASCII, zeros to its right. */
export function typeWordOf(code: string): Hex {
  const word = new Uint8Array(32)
  word.set(utf8(code))
  return encode0x(word)
}

type Source = z.infer<typeof TypeSource>

function fieldsOf(type: Source, common: readonly TypeField[]): TypeField[] {
  const own = new Set(type.fields.map(({ name }) => name))
  const all = [...common.filter(({ name }) => !own.has(name)), ...type.fields]
  return all.map((field) =>
    field.name === 'validTo' && mayBeLongTerm(type) ? { ...field, longTerm: true } : field,
  )
}

function mayBeLongTerm({ validity: { mode, options } }: Source): boolean {
  if (mode === 'DATE_RANGE') return false
  return mode !== 'YEARS' || (options?.includes(LONG_TERM) ?? false)
}

/** The fields of a face. Without an end, a certificate that must have one would be valid for ever. */
export function fieldsOnFace({ validity: { mode }, fields }: CertificateType): TypeField[] {
  const isTimed = mode === 'YEARS' || mode === 'DATE_RANGE'
  return fields.map((field) =>
    isTimed && field.name === 'validTo' ? { ...field, required: true } : field,
  )
}
