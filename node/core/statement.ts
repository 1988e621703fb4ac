import * as z from 'zod'
import { utf8 } from './bytes.ts'
import { DigestText, digestAlgorithm } from './digest.ts'
import { LedgerError } from './errors.ts'
import { canonicalize, parseStrictJson, STATEMENT_LIMITS } from './json.ts'
import { parseBy } from './schema.ts'

/** Chosen by whoever makes the statement; unique in a ledger. */
export const StatementId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'not an id')
  .meta({ id: 'StatementId' })

/** Shown to people: 1 to `max` characters, none of them a control character. */
const shownText = (max: number) =>
  z.string().regex(new RegExp(`^\\P{Cc}{1,${max}}$`, 'u'), `not 1 to ${max} printable characters`)

const position = z.int().min(0)

/** Code of a material type, as the catalogue names it. */
const typeCode = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not a type code')

/** RFC 6838 §4.2, lower case, no parameters: one spelling per type. */
const mediaType = z
  .string()
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/, 'not a media type')

/** 统一审批编码 */
const caseCode = z.string().regex(/^\d{15}$/, 'not a case code of 15 digits')

/** Holder code types of the national certificate catalogue; 001 and 111 carry check characters. */
export const HolderCodeType = z.enum(['001', '099', '111', '114', '414', '511', '516', '999'])
export type HolderCodeType = z.infer<typeof HolderCodeType>

/** Check characters are a matter of submission, see `checks/holder.ts`: they need the day's date. */
export const Holder = z
  .strictObject({
    codeType: HolderCodeType,
    code: z.string().regex(/^[\p{L}\p{N}()（）./-]{1,64}$/u, 'not a holder code'),
  })
  .meta({ id: 'Holder' })
export type Holder = z.infer<typeof Holder>

/**
 * At most one digest an algorithm, in the order of the algorithms' names: one spelling per content.
 */
const digests = z
  .array(DigestText)
  .min(1)
  .max(2)
  .refine(
    (list) => list.length < 2 || digestAlgorithm(list[0] ?? '') < digestAlgorithm(list[1] ?? ''),
    'not one digest an algorithm, in the order of their names',
  )

/** Bytes; an empty content is no material. */
const contentSize = z.int().min(1)

/** `here`: the ledger keeps the bytes, sealed. `department`: they stay with the submitter, only digests come. */
const kept = z.enum(['here', 'department'])

export type FieldValue =
  string | number | boolean | readonly FieldValue[] | { readonly [name: string]: FieldValue }

/** Data of the material by name. Absent is left out, never null; fractions are written as strings. */
export const Fields = z
  .custom<{ readonly [name: string]: FieldValue }>(
    (value) => isFieldObject(value),
    'not fields of strings, integers and booleans',
  )
  .meta({ id: 'Fields', override: { type: 'object', additionalProperties: true } })

/** What a submitter says about a material, without its content. */
const described = {
  type: typeCode,
  title: shownText(200).optional(),
  holder: Holder.optional(),
  fields: Fields.optional(),
  caseCode: caseCode.optional(),
}

const head = { v: z.literal(1), id: StatementId }

/** A material was handed in. */
export const MaterialSubmitted = z
  .strictObject({
    ...head,
    kind: z.literal('material.submitted'),
    ...described,
    content: z.strictObject({ digests, size: contentSize, mediaType, kept }),
    /** Name of the authenticated principal; never taken from the request. */
    submitter: shownText(100),
  })
  .meta({ id: 'MaterialSubmitted' })
export type MaterialSubmitted = z.infer<typeof MaterialSubmitted>

/** A material's content and statement were made unreadable for good; its proofs stay. */
export const MaterialErased = z
  .strictObject({
    ...head,
    kind: z.literal('material.erased'),
    /** Statement id of the material. */
    material: StatementId,
    /** Index of the material's entry. */
    index: position,
    reason: shownText(500),
    legalBasis: shownText(500),
    /** Name of the authenticated principal. */
    by: shownText(100),
  })
  .meta({ id: 'MaterialErased' })
export type MaterialErased = z.infer<typeof MaterialErased>

/**
 * What happened, in private: only its salted hash is public.
 * A later kind is one more schema here; nothing else in the core changes.
 */
export const Statement = z
  .discriminatedUnion('kind', [MaterialSubmitted, MaterialErased])
  .meta({ id: 'Statement' })
export type Statement = z.infer<typeof Statement>
export type StatementKind = Statement['kind']

/**
 * What a client sends to hand in a material: the statement without what the ledger knows better.
 * `content.digests` and `content.size` may be left out when the content comes along;
 * what is stated is checked against it.
 */
export const MaterialSubmission = z
  .strictObject({
    id: StatementId.optional(),
    ...described,
    content: z.strictObject({
      digests: digests.optional(),
      size: contentSize.optional(),
      mediaType,
      kept: kept.optional(),
    }),
  })
  .meta({ id: 'MaterialSubmission' })
export type MaterialSubmission = z.infer<typeof MaterialSubmission>

/**
 * @throws LedgerError invalid/JSON_*, see `parseStrictJson`
 * @throws LedgerError invalid/STATEMENT_*, DIGEST_*, see `readStatement`
 */
export function parseStatement(source: string | Uint8Array): Statement {
  return readStatement(parseStrictJson(source))
}

/**
 * @throws LedgerError invalid/STATEMENT_VERSION_UNSUPPORTED, STATEMENT_KIND_UNKNOWN: a newer reader is needed
 * @throws LedgerError invalid/STATEMENT_MALFORMED, DIGEST_*
 */
export function readStatement(value: unknown): Statement {
  const { v, kind } = statementHead(value)
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('invalid', 'STATEMENT_VERSION_UNSUPPORTED', { v })
  }
  if (typeof kind === 'string' && !KINDS.has(kind)) {
    throw new LedgerError('invalid', 'STATEMENT_KIND_UNKNOWN', { kind: kind.slice(0, 64) })
  }
  return parseBy(Statement, value, 'STATEMENT_MALFORMED')
}

/** @throws LedgerError invalid/SUBMISSION_MALFORMED, DIGEST_* */
export function readSubmission(value: unknown): MaterialSubmission {
  return parseBy(MaterialSubmission, value, 'SUBMISSION_MALFORMED')
}

/**
 * RFC 8785 bytes of a statement: what is committed to and stored.
 *
 * @throws LedgerError invalid/JSON_TOO_LONG above 64 KiB
 */
export function encodeStatement(statement: Statement): Uint8Array {
  const bytes = utf8(canonicalize(statement))
  if (bytes.length > STATEMENT_LIMITS.bytes) {
    throw new LedgerError('invalid', 'JSON_TOO_LONG', { maxBytes: STATEMENT_LIMITS.bytes })
  }
  return bytes
}

const KINDS: ReadonlySet<string> = new Set<StatementKind>(['material.submitted', 'material.erased'])

function statementHead(value: unknown): { v?: unknown; kind?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}

function isFieldObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isFieldValue)
  )
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
