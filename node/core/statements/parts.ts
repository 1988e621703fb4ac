import * as z from 'zod'
import { encodeBase64 } from '../bytes.ts'
import { DigestText, digestAlgorithm } from '../digest.ts'

/** What statements of several kinds consist of. */

/** Chosen by whoever makes the statement; unique in a ledger. */
export const StatementId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'not an id')
  .meta({ id: 'StatementId' })

/**
 * By which way something came: a window, the web, a telephone, a machine, a screen with somebody behind it, a system.
 */
export const Channel = z.enum(['counter', 'web', 'mobile', 'kiosk', 'virtual', 'exchange'])
export type Channel = z.infer<typeof Channel>

/**
 * Id of a statement that follows from what it is about, so that the same is stated once: a prefix and the base64url
 * (RFC 4648 §5, no padding) of 32 bytes. An id has no room for a prefix and 64 hex digits.
 */
export function digestId(prefix: string, digest: Uint8Array): string {
  const text = encodeBase64(digest).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `${prefix}-${text}`
}

/**
 * What ids begin with that the ledger derives from what a statement is about. If a submitter could choose one, it could
 * take the id of an act or of a decision to come, which then could not be logged any more.
 */
const DERIVED_PREFIXES = [
  'act',
  'benefit',
  'case',
  'catalogue',
  'certificate',
  'department',
  'erasure',
  'holder',
  'payout',
  'quarantine',
  'request',
  'shown',
  'undertaking',
  'use',
  'version',
  'withdrawal',
] as const

/** Whether an id is one that only the ledger itself gives. */
export function isReservedId(id: string): boolean {
  return DERIVED_PREFIXES.some((prefix) => id.startsWith(`${prefix}-`))
}

/** What every statement begins with. */
export const head = { v: z.literal(1), id: StatementId }

/** What nobody sees: spaces of all kinds, and what is there to be ignored. */
const BLANK = String.raw`\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800`

/** Shown to people: 1 to `max` characters, none of them a control character, and one at least that is seen. */
export const shownText = (max: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?=[${BLANK}]*[^${BLANK}])\\P{Cc}{1,${max}}$`, 'u'),
      `not 1 to ${max} printable characters, or nothing to be seen`,
    )

/** Index of an entry. */
export const position = z.int().min(0)

/** Code of a material or certificate type, as the catalogue names it. */
export const typeCode = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not a type code')

/** RFC 6838 §4.2, lower case, no parameters: one spelling per type. */
export const mediaType = z
  .string()
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/, 'not a media type')

/** 统一审批编码 */
export const caseCode = z.string().regex(/^\d{15}$/, 'not a case code of 15 digits')

/**
 * At most one digest an algorithm, in the order of the algorithms' names: one spelling per content.
 */
export const digests = z
  .array(DigestText)
  .min(1)
  .max(2)
  .refine(
    (list) => list.length < 2 || digestAlgorithm(list[0] ?? '') < digestAlgorithm(list[1] ?? ''),
    'not one digest an algorithm, in the order of their names',
  )

/** Bytes; an empty content is no material. */
export const contentSize = z.int().min(1)

/** `here`: the ledger keeps the bytes, sealed. `department`: they stay with the submitter, only digests come. */
export const kept = z.enum(['here', 'department'])

/** The bytes that a statement speaks of. */
export const content = z.strictObject({ digests, size: contentSize, mediaType, kept })

/** Holder code types of the national certificate catalogue; 001 and 111 carry check characters. */
export const HolderCodeType = z.enum(['001', '099', '111', '114', '414', '511', '516', '999'])
export type HolderCodeType = z.infer<typeof HolderCodeType>

/** Check characters are a matter of submission, see `identifiers/holder.ts`: they need the day's date. */
export const Holder = z
  .strictObject({
    codeType: HolderCodeType,
    code: z.string().regex(/^[\p{L}\p{N}()（）./-]{1,64}$/u, 'not a holder code'),
  })
  .meta({ id: 'Holder' })
export type Holder = z.infer<typeof Holder>

export type FieldValue =
  string | number | boolean | readonly FieldValue[] | { readonly [name: string]: FieldValue }

/** Data of the material by name. Absent is left out, never null; fractions are written as strings. */
export const Fields = (z.unknown() as z.ZodType<{ readonly [name: string]: FieldValue }>)
  .check(({ value, issues }) => {
    if (isFieldObject(value)) return
    const message = 'not fields of strings, integers and booleans'
    issues.push({ code: 'custom', input: value, path: placeOfOther(value), message })
  })
  .meta({ id: 'Fields', override: { type: 'object', additionalProperties: true } })

function isFieldObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isFieldValue)
  )
}

/** The way to what is no field value, as deep as it goes. */
function placeOfOther(value: unknown): PropertyKey[] {
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  for (const [name, item] of Object.entries(value))
    if (!isFieldValue(item)) return [isList ? Number(name) : name, ...placeOfOther(item)]
  return []
}

function isFieldValue(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isSafeInteger(value)
    default:
      return Array.isArray(value) ? value.every(isFieldValue) : isFieldObject(value)
  }
}
