import { extensions } from 'mime-types'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import { validateFields, verifyFields } from '../core/catalogue/fields.ts'
import type { EntryOf } from '../core/catalogue/entry.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { requireNumbered } from '../core/certificates/face.ts'
import { requireRecognised } from '../core/certificates/recognition.ts'
import { fieldsOnFace } from '../core/certificates/types.ts'
import { parseCertificateIdentifier } from '../core/identifiers/certificateIdentifier.ts'
import type { CertificateIdentifier } from '../core/identifiers/certificateIdentifier.ts'
import { requireHolderCode } from '../core/identifiers/holder.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { checkAt } from '../core/schema.ts'
import type { MaterialSubmission, MaterialSubmitted } from '../core/statement.ts'

/** What departments published of material types. */
export interface MaterialTypes {
  /** The version in force on a day; undefined where there is none. */
  find<Kind extends 'materialType' | 'certificateType'>(
    kind: Kind,
    code: string,
    day: Day,
  ): EntryOf<Kind> | undefined
}

const HOUR = 3_600_000

/** The day of China, which is the same for a while: most submissions are of the hour of the one before. */
export class Today {
  #hour = Number.NaN
  #day: Day = ''

  /** @param now milliseconds since 1970 */
  of(now: number): Day {
    const hour = Math.floor(now / HOUR)
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#day = dayOf(now)
    }
    return this.#day
  }
}

/** What the ledger says of a submission beside what it was told. */
export interface Judgement {
  /** The version of its type that counts. */
  readonly type?: MaterialType
  /** What it was recognised as. */
  readonly recognised?: NonNullable<MaterialSubmitted['recognised']>
  /** What is wrong with it, where it is taken nevertheless. */
  readonly doubt?: string
}

export interface Judging {
  readonly types: MaterialTypes | undefined
  readonly today: Day
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Holds a submission against its check characters, against the version of its type that is in force, and what is a copy
 * of a certificate against what that type recognises.
 *
 * @throws LedgerError invalid/USCC_*, CITIZEN_NUMBER_*, CERTIFICATE_IDENTIFIER_*, CERTIFICATE_TYPE_NOT_RECOGNISED
 * @throws LedgerError unverified/MATERIAL_FIELDS_INVALID
 */
export function judge(submission: MaterialSubmission, { types, today, now }: Judging): Judgement {
  const { holder, certificateIdentifier, type: code, fields = {}, unsound } = submission
  const type = types?.find('materialType', code, today)
  const certified =
    type?.certificateType === undefined
      ? undefined
      : types?.find('certificateType', type.certificateType, today)
  let copy: Copy | undefined
  const doubts: string[] = []
  const check = (step: () => void): void => {
    try {
      step()
    } catch (error) {
      if (unsound !== 'quarantine' || !isLedgerError(error)) throw error
      doubts.push(error.code)
    }
  }
  check(() => holder && checkAt('/holder/code', () => requireHolderCode(holder, now)))
  check(() => {
    if (certificateIdentifier === undefined) return
    checkAt('/certificateIdentifier', () => {
      copy = copyOf(certificateIdentifier, type, certified)
    })
  })
  if (types !== undefined && type === undefined && unsound === 'quarantine')
    doubts.push('MATERIAL_TYPE_UNKNOWN')
  const isWhole = copy !== undefined && submission.fields !== undefined
  // Of what is not recognised nobody here knows what stands on it.
  const isForeign = certificateIdentifier !== undefined && copy === undefined && doubts.length > 0
  if (type !== undefined && !isForeign) {
    const held = isWhole && copy ? withFace(type, copy) : type
    const failed = unsound === 'quarantine' ? failedChecks(held, fields, now) : undefined
    if (failed === undefined) verifyFields(held, fields, now)
    else doubts.push(...failed)
    check(() => isWhole && copy && requireNumbered(copy.identifier, copy.type, fields))
  }
  const [doubt] = doubts
  return {
    ...(type && { type }),
    ...(isWhole && copy && { recognised: recognitionOf(copy) }),
    ...(doubt !== undefined && { doubt }),
  }
}

/** A copy of a certificate that was recognised as one of a type. */
interface Copy {
  readonly identifier: CertificateIdentifier
  readonly region: string
  readonly type: EntryOf<'certificateType'>
}

/** A type that recognises none is held against the code alone. */
function copyOf(
  identifier: string,
  type: MaterialType | undefined,
  certified: EntryOf<'certificateType'> | undefined,
): Copy | undefined {
  const list = certified?.recognised
  if (certified === undefined || list === undefined) {
    requireIdentifier(identifier, type)
    return undefined
  }
  const parsed = parseCertificateIdentifier(identifier)
  return { identifier: parsed, ...requireRecognised(parsed, list), type: certified }
}

/** It says all that stands on the certificate, or nothing of it. */
function withFace(type: MaterialType, copy: Copy): MaterialType {
  const own = new Set(type.fields.map(({ name }) => name))
  const face = fieldsOnFace(copy.type).filter(({ name }) => !own.has(name))
  return { ...type, fields: [...type.fields, ...face] }
}

function recognitionOf({ type: { code, version }, region }: Copy) {
  return { certificateType: code, version, region }
}

/**
 * That a content is of a form that its type takes.
 *
 * @throws LedgerError unverified/MATERIAL_FORMAT_NOT_TAKEN {formats}, tooLarge/MATERIAL_TOO_LARGE_FOR_TYPE {maxBytes}
 */
export function requireForm(
  { formats, maxBytes }: MaterialType,
  { mediaType, size }: MaterialSubmitted['content'],
): void {
  const endings = extensions[mediaType] ?? ENDINGS[mediaType] ?? []
  if (!endings.some((ending) => formats.includes(ending)))
    throw new LedgerError('unverified', 'MATERIAL_FORMAT_NOT_TAKEN', { mediaType, formats })
  if (size > maxBytes)
    throw new LedgerError('tooLarge', 'MATERIAL_TOO_LARGE_FOR_TYPE', { maxBytes, size })
}

/** 版式文件 (GB/T 33190): IANA lists no type for it. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  'application/ofd': ['ofd'],
  'application/vnd.ofd': ['ofd'],
  'application/x-ofd': ['ofd'],
}

/** @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED, _CHECK_CHARACTER_WRONG, _MISMATCH */
function requireIdentifier(identifier: string, type: MaterialType | undefined): void {
  const parsed = parseCertificateIdentifier(identifier)
  const expected = type?.certificateType
  if (expected !== undefined && parsed.type !== expected)
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MISMATCH', { part: 'type' })
}

/** Codes of the checks that fail, where check characters are all that is wrong with the fields. */
function failedChecks(
  type: MaterialType,
  fields: NonNullable<MaterialSubmission['fields']>,
  now: number,
): string[] | undefined {
  const issues = validateFields(type, fields, now)
  const codes = issues.flatMap(({ rule, code }) => (rule === 'check' && code ? [code] : []))
  return codes.length === issues.length ? codes : undefined
}
