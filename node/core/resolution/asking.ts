import type { Day } from '../catalogue/day.ts'
import type { Matter } from '../catalogue/matter.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { FieldValue, Fields } from '../statements/parts.ts'
import type * as z from 'zod'
import type { Candidate } from './candidates.ts'
import type { HeldGrant } from './granted.ts'
import type { PastRequest } from './requested.ts'
import type { Undertakings } from './undertaken.ts'
import type { PastUse } from './used.ts'

/** Everything that a resolution follows from. */
export interface Asking {
  /** One, or those of a theme, each in the version of the case's day. */
  readonly matters: readonly Matter[]
  /** Every type that they ask for, by code, as in force on the case's day. */
  readonly types: ReadonlyMap<string, MaterialType>
  /** Of the case, on which questions are asked; `day` unless given. */
  readonly caseDay?: Day
  /** Of the decision: what is expired then is. */
  readonly day: Day
  /** Seconds since 1970, of the same moment. */
  readonly time: number
  /** The case, and others of its bundle; none where there is no case yet. */
  readonly caseCodes: ReadonlySet<string>
  /** Nobody is asked for anything any more. */
  readonly isDecided?: boolean
  /** What is applied for. */
  readonly fields?: z.infer<typeof Fields>
  /** Holder ids by part: APPLICANT, AGENT, LANDLORD, … */
  readonly parties: Readonly<Partial<Record<string, readonly Hex[]>>>
  /** The department that would use it, and its region of 6 digits. */
  readonly department: Hex
  readonly region?: string
  /** Newest first, by `placeOf`. */
  readonly candidates: ReadonlyMap<string, FoundCandidates>
  /** By holder id. */
  readonly grants: ReadonlyMap<Hex, readonly HeldGrant[]>
  /** What the department asked holders for, for this case, newest first. */
  readonly requests?: readonly PastRequest[]
  /** What the department was given for this case, newest first. */
  readonly uses?: readonly PastUse[]
  /** Where something may be undertaken. */
  readonly undertakings?: Undertakings
}

export interface FoundCandidates {
  readonly items: readonly Candidate[]
  /** Handed in by somebody's hand, to be looked at besides. */
  readonly considered?: readonly Candidate[]
  /** There are older ones. */
  readonly more: boolean
}

/** What is written on a candidate; undefined where that was not read. */
export type FieldsOf = (candidate: Candidate) => { readonly [name: string]: FieldValue } | undefined

/** Where candidates of a required material are found. */
export function placeOf({
  holder,
  material,
}: {
  readonly holder: string
  readonly material: string
}) {
  return `${holder} ${material}`
}
