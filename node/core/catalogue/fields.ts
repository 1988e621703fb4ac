import * as z from 'zod'
import { parseCertificateIdentifier } from '../identifiers/certificateIdentifier.ts'
import { verifyCitizenNumber } from '../identifiers/citizenNumber.ts'
import { verifyUscc } from '../identifiers/uscc.ts'
import { isLedgerError, LedgerError } from '../errors.ts'
import { toPointer } from '../schema.ts'
import { Fields } from '../statements/parts.ts'
import { Day } from './day.ts'
import type { MaterialType } from './materialType.ts'
import { matchesPattern } from './patterns.ts'
import type { TypeField } from './typeField.ts'
import { LONG_TERM } from '../certificates/validity.ts'

/** What is wrong with one field. Names places and rules, never values: they may be a holder's. */
export interface FieldIssue {
  /** RFC 6901, from the document that has the `fields`: `/fields/leaseTo`. */
  readonly pointer: string
  readonly rule: 'missing' | 'unknown' | 'type' | 'pattern' | 'enum' | 'check'
  /** What would be right, for people. */
  readonly expected: string
  /** Which check failed: USCC_*, CITIZEN_NUMBER_*, CERTIFICATE_IDENTIFIER_*. */
  readonly code?: string
}

/**
 * Everything about the fields that the type does not allow.
 *
 * @param now milliseconds since 1970: nobody is born after today
 */
export function validateFields(
  type: { readonly fields: readonly TypeField[] },
  fields: { readonly [name: string]: unknown },
  now: number,
): FieldIssue[] {
  const known = new Set(type.fields.map(({ name }) => name))
  const unknown = Object.keys(fields)
    .filter((name) => !known.has(name))
    .map((name) => issueAt(name, 'unknown', `one of ${[...known].join(', ') || 'no fields'}`))
  const wrong = type.fields.flatMap((field) => {
    if (Object.hasOwn(fields, field.name)) return issueOf(field, fields[field.name], now) ?? []
    return field.required ? [issueAt(field.name, 'missing', describe(field))] : []
  })
  return [...wrong, ...unknown]
}

/** @throws LedgerError unverified/MATERIAL_FIELDS_INVALID {material, version, issues}: see `FieldIssue` */
export function verifyFields(
  type: Pick<MaterialType, 'kind' | 'code' | 'version' | 'fields'>,
  fields: { readonly [name: string]: unknown },
  now: number,
): void {
  const issues = validateFields(type, fields, now)
  if (issues.length === 0) return
  const { code, version } = type
  throw new LedgerError('unverified', 'MATERIAL_FIELDS_INVALID', {
    material: code,
    version,
    issues,
  })
}

/** A field has one thing wrong with it at a time. */
function issueOf(field: TypeField, value: unknown, now: number): FieldIssue | undefined {
  const { name, pattern, enum: values, check, longTerm } = field
  if (longTerm === true && value === LONG_TERM) return undefined
  if (!VALUES[field.type].safeParse(value).success) return issueAt(name, 'type', describe(field))
  const text = String(value)
  if (values !== undefined && !values.includes(text)) return issueAt(name, 'enum', describe(field))
  if (pattern !== undefined && !matchesPattern(pattern, text))
    return issueAt(name, 'pattern', describe(field))
  const code = check && failureOf(check, text, now)
  return code === undefined ? undefined : { ...issueAt(name, 'check', describe(field)), code }
}

const text = z.string().regex(/^(?!\s)[^\p{Cc}]{1,4000}$/u)
const VALUES: Readonly<Record<TypeField['type'], z.ZodType>> = {
  string: text,
  // As everywhere in statements, fractions are written as strings.
  number: z.union([z.int(), z.string().regex(/^-?(?:0|[1-9]\d{0,14})\.\d{1,9}$/)]),
  boolean: z.boolean(),
  date: Day,
  array: z
    .array(z.union([text, Fields]))
    .min(1)
    .max(200),
}

const WORDS: Readonly<Record<TypeField['type'], string>> = {
  string: 'a text of 1 to 4000 printable characters',
  number: 'an integer, or a decimal fraction as a string',
  boolean: 'true or false',
  date: 'a day YYYY-MM-DD that exists',
  array: 'a list of 1 to 200 texts or objects',
}

const CHECKS = {
  uscc: { verify: verifyUscc, words: 'a unified social credit code' },
  citizenNumber: { verify: verifyCitizenNumber, words: 'a citizen number' },
  certificateIdentifier: { verify: parseCertificateIdentifier, words: 'a certificate identifier' },
} as const

/** The code of the check that fails. */
function failureOf(
  check: NonNullable<TypeField['check']>,
  text: string,
  now: number,
): string | undefined {
  try {
    CHECKS[check].verify(text, now)
    return undefined
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return error.code
  }
}

function describe({ type, pattern, enum: values, check, longTerm }: TypeField): string {
  if (longTerm === true) return `${WORDS[type]}, or ${LONG_TERM}`
  if (values !== undefined) return `one of ${values.join(', ')}`
  if (check !== undefined) return CHECKS[check].words
  return pattern === undefined ? WORDS[type] : `${WORDS[type]} like ${pattern}`
}

function issueAt(name: string, rule: FieldIssue['rule'], expected: string): FieldIssue {
  return { pointer: toPointer(['fields', name]), rule, expected }
}
