import type { MaterialType } from '../catalogue/materialType.ts'
import type { Day } from '../catalogue/day.ts'
import type { Hex } from '../ethereum/hex.ts'
import { idOf, usabilityOf } from '../usability/holding.ts'
import type { Holding, Purpose } from '../usability/holding.ts'
import type { Rejection } from './document.ts'

export { idOf }

/** What the bank has that might be what a matter asks for. */
export type Candidate = Holding

/** What a candidate is looked at for. */
export interface Wanted extends Purpose {
  readonly type: MaterialType
  /** Holder ids of whoever plays the part. */
  readonly holders: readonly Hex[]
}

export type Judgement =
  | { readonly usable: true; readonly until?: Day }
  | { readonly usable: false; readonly rejection: Rejection }

/** Whether a candidate is what is wanted, and good on the day; grants are another question. */
export function judgeCandidate(candidate: Candidate, wanted: Wanted): Judgement {
  const other = otherThan(candidate, wanted)
  if (other !== undefined)
    return { usable: false, rejection: rejectionOf(candidate, { code: other }) }
  const found = usabilityOf(candidate, wanted)
  if (found.usable) return found
  const { code, by, on, from } = found.why
  const rejection = rejectionOf(candidate, {
    code,
    ...(by !== undefined && { by }),
    ...(on !== undefined && { on }),
    ...(from !== undefined && { from }),
    ...(code === 'CERTIFICATE_NOT_USABLE' &&
      candidate.kind === 'certificate' && { status: candidate.status }),
  })
  return { usable: false, rejection }
}

/** Whether it is of the type that is wanted, and of one of those whose it has to be. */
export function isWanted(candidate: Candidate, wanted: Pick<Wanted, 'type' | 'holders'>): boolean {
  const isKnown = candidate.kind === 'certificate' || candidate.material !== undefined
  return isKnown && otherThan(candidate, wanted) === undefined
}

/** Whether it came in for this very case: then nobody has to ask for it again. */
export function isHandedIn(candidate: Candidate, caseCodes: ReadonlySet<string>): boolean {
  return candidate.kind === 'material' && caseCodes.has(candidate.material?.caseCode ?? '')
}

export function rejectionOf(
  candidate: Candidate,
  why: Omit<Rejection, 'kind' | 'id' | 'index'>,
): Rejection {
  const id = idOf(candidate)
  return { kind: candidate.kind, ...(id !== undefined && { id }), index: candidate.index, ...why }
}

/** Of what was erased nobody can tell. Nor is said whose it is: whoever holds an id in hand is not to learn that. */
function otherThan(
  candidate: Candidate,
  { type, holders }: Pick<Wanted, 'type' | 'holders'>,
): string | undefined {
  const isOwned = (ids: readonly Hex[]) => ids.some((id) => holders.includes(id))
  if (candidate.kind === 'certificate') {
    if (candidate.type !== type.certificateType) return 'CERTIFICATE_OTHER_TYPE'
    return isOwned(candidate.holders) ? undefined : 'CERTIFICATE_OTHER_HOLDER'
  }
  const { material } = candidate
  if (material === undefined) return undefined
  if (material.type !== type.code) return 'MATERIAL_OTHER_TYPE'
  return isOwned(material.holders) ? undefined : 'MATERIAL_OTHER_HOLDER'
}
