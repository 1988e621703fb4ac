import { addDays, Day, dayOf } from '../catalogue/day.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import { isSpentFor } from '../catalogue/singleUse.ts'
import type { Spent } from '../catalogue/singleUse.ts'
import { LONG_TERM } from '../certificates/validity.ts'
import { departmentNamed } from '../parties/principal.ts'
import type { MaterialCode, Unusable, Usability } from './usability.ts'
import { unusable, USABLE } from './usability.ts'

/** What a material's usability goes by. */
export interface MaterialFacts {
  /** RFC 3339: when it was handed in. */
  readonly at: string
  /** Name of the principal that handed it in. */
  readonly submitter: string
  readonly fields?: { readonly [name: string]: unknown }
  /** The case that it came in for. */
  readonly caseCode?: string
  /** Why nobody is to use it, by which statement, and when that was logged. */
  readonly ended?: Ended
  /** What it went to. */
  readonly spent?: Spent
  /** It says all that stands on a certificate of elsewhere, which its type recognises. */
  readonly isRecognised?: boolean
  /** Departments issued to its holder here what it is a copy of. */
  readonly isCertified?: boolean
}

export interface Ended {
  readonly code: MaterialCode
  readonly by?: string
  /** RFC 3339 */
  readonly at?: string
}

/** What a material is looked at for. */
export interface MaterialPurpose {
  readonly day: Day
  /** The case, and others that share what it was given; none where it is for no case. */
  readonly caseCodes: ReadonlySet<string>
}

type Terms = Pick<
  MaterialType,
  'reusable' | 'validity' | 'certificateType' | 'source' | 'issuer' | 'fields'
>

/**
 * Whether a material can be used on a day.
 *
 * @param type its version that counts; of a type that nobody published, nobody has said when it ends
 */
export function usabilityOfMaterial(
  type: Terms | undefined,
  facts: MaterialFacts,
  { day, caseCodes }: MaterialPurpose,
): Usability<MaterialCode> {
  const { ended, caseCode } = facts
  // What it was handed in for goes before what it was used for.
  const spent = caseCode === undefined ? facts.spent : { caseCode }
  if (ended && hasEnded(ended, day)) return unusable(told(ended))
  if (type === undefined) return USABLE
  const isForCase = caseCodes.has(caseCode ?? '')
  if (!type.reusable && isSpentFor(caseCodes, spent))
    return unusable({ code: 'MATERIAL_SINGLE_USE_SPENT', ...(spent.by && { by: spent.by }) })
  if (!isForCase) {
    const doubt = doubtOf(type, facts)
    if (doubt) return unusable(doubt)
  }
  const span = spanOf(type, facts)
  if ('code' in span) return unusable(span)
  const { from, until } = span
  if (from !== undefined && day < from) return unusable({ code: 'MATERIAL_NOT_VALID_YET', from })
  if (until === undefined) return USABLE
  return day < until ? { usable: true, until } : unusable({ code: 'MATERIAL_EXPIRED', on: until })
}

/** By the end of the day; what was rejected lay in quarantine from the first, and could never be used. */
function hasEnded({ code, at }: Ended, day: Day): boolean {
  return code === 'MATERIAL_REJECTED' || at === undefined || dayOf(Date.parse(at)) <= day
}

function told({ code, by, at }: Ended): Unusable<MaterialCode> {
  return {
    code,
    ...(by !== undefined && { by }),
    ...(at !== undefined && { on: dayOf(Date.parse(at)) }),
  }
}

/**
 * What whoever took a paper in for a case could see and the bank cannot: that a copy is one, or that a paper is the
 * department's whose it says it is. So it serves that case, and nothing else. A certificate of elsewhere counts by what
 * the department that makes such certificates here says of it, as long as none made that same one here.
 */
function doubtOf(
  { validity, certificateType, source, issuer }: Terms,
  { submitter, isRecognised = false, isCertified = false }: MaterialFacts,
): Unusable<MaterialCode> | undefined {
  const department = departmentNamed(submitter)
  if (validity.mode === 'CERTIFICATE' && certificateType !== undefined) {
    const counts = isRecognised && !isCertified && issuer !== undefined
    if (!counts) return { code: 'MATERIAL_CERTIFICATE_DECIDES', certificateType }
  }
  if (source !== 'GOVERNMENT' && issuer === undefined) return undefined
  const isFromIssuer = department !== undefined && (issuer ?? department) === department
  return isFromIssuer ? undefined : { code: 'MATERIAL_NOT_FROM_ISSUER', ...(issuer && { issuer }) }
}

interface Span {
  readonly from?: Day
  /** First day after it. */
  readonly until?: Day
}

function spanOf(
  { validity, fields: declared }: Terms,
  { at, fields = {}, isRecognised = false }: MaterialFacts,
): Span | Unusable<MaterialCode> {
  if (validity.mode === 'CERTIFICATE') return isRecognised ? spanOnFace(fields) : {}
  if (validity.mode === 'DAYS') {
    const { days, since } = validity
    const from = since === undefined ? dayOf(Date.parse(at)) : dayIn(fields, since)
    if (from === undefined) return { code: 'MATERIAL_UNDATED', field: since ?? '' }
    // 民法典 §201: the day itself is not counted, so that the last day is the one so many days later.
    return { from, until: addDays(from, days + 1) }
  }
  if (validity.mode === 'UNTIL_DATE') {
    const field = declared.find(({ name }) => name === validity.field)
    if (field?.longTerm === true && fields[validity.field] === LONG_TERM) return {}
    const last = dayIn(fields, validity.field)
    if (last === undefined) return { code: 'MATERIAL_UNDATED', field: validity.field }
    return { until: addDays(last, 1) }
  }
  return {}
}

/** As `validityOf` of a certificate: both days are included. */
function spanOnFace(fields: { readonly [name: string]: unknown }): Span | Unusable<MaterialCode> {
  const from = dayIn(fields, 'validFrom')
  if (from === undefined) return { code: 'MATERIAL_UNDATED', field: 'validFrom' }
  const last = dayIn(fields, 'validTo')
  return { from, ...(last !== undefined && { until: addDays(last, 1) }) }
}

/** Material of an unknown type is accepted as it comes: there may be anything in its fields. */
function dayIn(fields: { readonly [name: string]: unknown }, name: string): Day | undefined {
  return Day.safeParse(fields[name]).data
}
