import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { encode0x, type Hex } from '../ethereum/hex.ts'
import { parseBy } from '../schema.ts'
import { Fields, HolderCodeType, type FieldValue } from '../statements/parts.ts'
import source from './types.json' with { type: 'json' }
import { LONG_TERM } from './validity.ts'

/** L1 public to L4 most private: L3 and L4 are masked unless grant and matter both ask for them. */
const Sensitivity = z.enum(['L1', 'L2', 'L3', 'L4'])

const Field = z.strictObject({
  name: z.string(),
  /** In Chinese, as printed. */
  label: z.string(),
  type: z.enum(['string', 'date', 'number', 'boolean', 'array']),
  required: z.boolean(),
  sensitivity: Sensitivity,
  pattern: z.string().optional(),
  enum: z.array(z.string()).optional(),
})
export type CertificateField = z.infer<typeof Field>

const Validity = z.strictObject({
  mode: z.enum(['LONG_TERM', 'LONG_TERM_OR_DATE', 'YEARS', 'DATE_RANGE', 'ANNUAL_REVIEW']),
  years: z.int().optional(),
  options: z.array(z.union([z.int(), z.literal(LONG_TERM)])).optional(),
})

const TypeSource = z.strictObject({
  code: z.string(),
  name: z.string(),
  holderCodeType: HolderCodeType,
  multiHolder: z.boolean(),
  validity: Validity,
  fields: z.array(Field),
})

/** What stands on a type of certificate. `code` is the part of the certificate identifier that names the type. */
export type CertificateType = z.infer<typeof TypeSource>

/**
 * Types and the fields that all have, from the national catalogue of certificate types where it is public; types whose
 * code ends in 9xx are made up for demonstration, in the same form. A new type is one more object in `types.json`.
 */
export const CERTIFICATE_TYPES: readonly CertificateType[] = z
  .strictObject({ common: z.array(Field), types: z.array(TypeSource) })
  .transform(({ common, types }) =>
    types.map((type) => ({ ...type, fields: [...common, ...type.fields] })),
  )
  .parse(source)

const TYPES = new Map(CERTIFICATE_TYPES.map((type) => [type.code, type]))

/** The face of a certificate, by name. */
export type CertificateFields = { readonly [name: string]: FieldValue }

/** @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN */
export function getCertificateType(code: string): CertificateType {
  const type = TYPES.get(code)
  if (type === undefined)
    throw new LedgerError('invalid', 'CERTIFICATE_TYPE_UNKNOWN', { certificateType: code })
  return type
}

/**
 * The face of a certificate, read by its type: every required field, none that the type does not have.
 *
 * @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN
 * @throws LedgerError invalid/CERTIFICATE_FIELDS_MALFORMED with `details.issues`: [{ pointer, rule }]
 */
export function verifyFields(code: string, fields: unknown): CertificateFields {
  const type = getCertificateType(code)
  return parseBy(schemaOf(type), fields, 'CERTIFICATE_FIELDS_MALFORMED') as CertificateFields
}

/** As the chain names a type: ASCII, zeros to its right. */
export function typeWordOf(code: string): Hex {
  const word = new Uint8Array(32)
  word.set(utf8(code))
  return encode0x(word)
}

const schemas = new Map<CertificateType, z.ZodType>()

function schemaOf(type: CertificateType): z.ZodType {
  const known = schemas.get(type)
  if (known !== undefined) return known
  const shape = type.fields.map((field) => {
    const value = valueOf(type, field)
    return [field.name, isRequired(type, field) ? value : value.optional()] as const
  })
  const schema = z.strictObject(Object.fromEntries(shape))
  schemas.set(type, schema)
  return schema
}

/** Without an end, a certificate that must have one would be valid for ever. */
function isRequired({ validity }: CertificateType, { name, required }: CertificateField): boolean {
  return required || (name === 'validTo' && ['YEARS', 'DATE_RANGE'].includes(validity.mode))
}

function valueOf(type: CertificateType, field: CertificateField): z.ZodType {
  switch (field.type) {
    case 'string':
      return field.enum ? z.enum(field.enum) : textOf(field.pattern)
    case 'date':
      return field.name === 'validTo' && mayBeLongTerm(type) ? z.union([day, longTerm]) : day
    case 'number':
      return z.union([z.int(), fraction])
    case 'boolean':
      return z.boolean()
    default:
      return list
  }
}

function mayBeLongTerm({ validity: { mode, options } }: CertificateType): boolean {
  if (mode === 'DATE_RANGE') return false
  return mode !== 'YEARS' || (options?.includes(LONG_TERM) ?? false)
}

const text = z.string().regex(/^(?!\s)[^\p{Cc}]{1,4000}$/u, 'not 1 to 4000 printable characters')
const list = z
  .array(z.union([text, Fields]))
  .min(1)
  .max(200)
const day = z.iso.date('not a day YYYY-MM-DD')
const longTerm = z.literal(LONG_TERM)
/** As everywhere in statements, fractions are written as strings. */
const fraction = z.string().regex(/^-?(?:0|[1-9]\d{0,14})\.\d{1,9}$/, 'not a decimal fraction')

function textOf(pattern: string | undefined): z.ZodType {
  return pattern === undefined ? text : text.regex(new RegExp(pattern, 'u'), `not ${pattern}`)
}
