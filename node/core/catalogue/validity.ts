import { addDays, Day, dayOf } from './day.ts'
import type { MaterialType } from './materialType.ts'

/** What the validity of a material goes by. */
export interface KeptMaterial {
  /** RFC 3339: when it was handed in. */
  readonly at: string
  readonly fields?: { readonly [name: string]: unknown }
  /** Statement id of the material that took its place. */
  readonly supersededBy?: string
  /** Statement id of the withdrawal. */
  readonly withdrawnBy?: string
  /** Another case that it has served. */
  readonly usedBy?: string
}

/** Why a material cannot be used. */
export type Unusable =
  /** `on`: the first day on which it was over. */
  | { readonly code: 'MATERIAL_EXPIRED'; readonly on: Day }
  /** `from`: the first day on which it counts. */
  | { readonly code: 'MATERIAL_NOT_VALID_YET'; readonly from: Day }
  /** The day that its validity goes by was never stated. */
  | { readonly code: 'MATERIAL_UNDATED'; readonly field: string }
  | { readonly code: 'MATERIAL_SUPERSEDED'; readonly by: string }
  | { readonly code: 'MATERIAL_WITHDRAWN'; readonly by: string }
  | { readonly code: 'MATERIAL_SINGLE_USE_SPENT'; readonly by: string }
  | { readonly code: 'MATERIAL_CERTIFICATE_DECIDES'; readonly certificateType: string }

/** `on`: the first day on which it will be over; none where nothing but an event ends it. */
export type Usability =
  { readonly usable: true; readonly on?: Day } | ({ readonly usable: false } & Unusable)

/** Whether a material of this type can be used on a day. */
export function validityOn(
  type: Pick<MaterialType, 'reusable' | 'validity' | 'certificateType'>,
  material: KeptMaterial,
  day: Day,
): Usability {
  const ended = endOf(type, material)
  if (ended !== undefined) return { usable: false, ...ended }
  const span = spanOf(type.validity, material)
  if ('code' in span) return { usable: false, ...span }
  const { from, on } = span
  if (from !== undefined && day < from)
    return { usable: false, code: 'MATERIAL_NOT_VALID_YET', from }
  if (on === undefined) return { usable: true }
  return day < on ? { usable: true, on } : { usable: false, code: 'MATERIAL_EXPIRED', on }
}

/** What ended it, whatever the day. */
function endOf(
  { reusable, validity, certificateType }: Parameters<typeof validityOn>[0],
  { withdrawnBy, supersededBy, usedBy }: KeptMaterial,
): Unusable | undefined {
  if (withdrawnBy !== undefined) return { code: 'MATERIAL_WITHDRAWN', by: withdrawnBy }
  if (supersededBy !== undefined) return { code: 'MATERIAL_SUPERSEDED', by: supersededBy }
  if (!reusable && usedBy !== undefined) return { code: 'MATERIAL_SINGLE_USE_SPENT', by: usedBy }
  if (validity.mode === 'CERTIFICATE' && certificateType !== undefined)
    return { code: 'MATERIAL_CERTIFICATE_DECIDES', certificateType }
  return undefined
}

interface Span {
  readonly from?: Day
  /** First day after it. */
  readonly on?: Day
}

function spanOf(
  validity: MaterialType['validity'],
  { at, fields = {} }: KeptMaterial,
): Span | Unusable {
  if (validity.mode === 'DAYS') {
    const { days, since } = validity
    const from = since === undefined ? dayOf(Date.parse(at)) : dayIn(fields, since)
    if (from === undefined) return { code: 'MATERIAL_UNDATED', field: since ?? '' }
    // 民法典 §201: the day itself is not counted, so that the last day is the one so many days later.
    return { from, on: addDays(from, days + 1) }
  }
  if (validity.mode === 'UNTIL_DATE') {
    const last = dayIn(fields, validity.field)
    if (last === undefined) return { code: 'MATERIAL_UNDATED', field: validity.field }
    return { on: addDays(last, 1) }
  }
  return {}
}

/** Material of an unknown type is accepted as it comes: there may be anything in its fields. */
function dayIn(fields: { readonly [name: string]: unknown }, name: string): Day | undefined {
  return Day.safeParse(fields[name]).data
}
