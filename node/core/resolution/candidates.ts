import { dayOf } from '../catalogue/day.ts'
import type { Day } from '../catalogue/day.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import { isSpentFor } from '../catalogue/singleUse.ts'
import type { Spent } from '../catalogue/singleUse.ts'
import { validityOn } from '../catalogue/validity.ts'
import type { KeptMaterial } from '../catalogue/validity.ts'
import { isUsable } from '../certificates/status.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { FieldValue } from '../statements/parts.ts'
import type { Rejection } from './document.ts'

/** What the bank has that might be what a matter asks for. */
export type Candidate = MaterialCandidate | CertificateCandidate

interface Found {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
}

export interface MaterialCandidate extends Found {
  readonly kind: 'material'
  /** Undefined once erased. */
  readonly material?: {
    readonly id: string
    readonly type: string
    /** Ids that its holder is known by. */
    readonly holders: readonly Hex[]
    readonly fields?: { readonly [name: string]: FieldValue }
    readonly caseCode?: string
  }
  /** Why nobody is to use it, by which statement and when that was logged. */
  readonly ended?: { readonly code: string; readonly by?: string; readonly at?: string }
  /** What it was used for. */
  readonly spent?: Spent
}

export interface CertificateCandidate extends Found {
  readonly kind: 'certificate'
  readonly id: string
  readonly type: string
  /** All of them: each has to grant. */
  readonly holders: readonly Hex[]
  /** As recorded on chain. */
  readonly status: number
  /** Seconds since 1970: the first second in which it is valid, and the first in which it no longer is. */
  readonly validFrom: number
  readonly validTo?: number
  readonly superseded?: { readonly id: string; readonly at: string }
}

/** What a candidate is looked at for. */
export interface Wanted {
  readonly type: MaterialType
  /** Holder ids of whoever plays the part. */
  readonly holders: readonly Hex[]
  /** The case, and others of the same theme: what came in for one of them came in for all. */
  readonly caseCodes: ReadonlySet<string>
  readonly day: Day
  /** Seconds since 1970. */
  readonly time: number
}

export type Judgement =
  | { readonly usable: true; readonly until?: Day }
  | { readonly usable: false; readonly rejection: Rejection }

/** Whether a candidate is what is wanted, and good on the day; grants are another question. */
export function judgeCandidate(candidate: Candidate, wanted: Wanted): Judgement {
  return candidate.kind === 'material'
    ? judgeMaterial(candidate, wanted)
    : judgeCertificate(candidate, wanted)
}

export function idOf(candidate: Candidate): string | undefined {
  return candidate.kind === 'material' ? candidate.material?.id : candidate.id
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

function judgeMaterial(
  candidate: MaterialCandidate,
  { type, holders, caseCodes, day }: Wanted,
): Judgement {
  const reject = (why: Parameters<typeof rejectionOf>[1]): Judgement => ({
    usable: false,
    rejection: rejectionOf(candidate, why),
  })
  const { material, ended } = candidate
  if (material === undefined) return reject({ code: 'MATERIAL_ERASED' })
  if (material.type !== type.code) return reject({ code: 'MATERIAL_OTHER_TYPE' })
  // Nothing is said of whose it is: whoever holds a digest in hand is not to learn that.
  if (!material.holders.some((holder) => holders.includes(holder)))
    return reject({ code: 'MATERIAL_OTHER_HOLDER' })
  if (ended) return reject(endedBy(ended))
  const spent = spentOf(candidate)
  const served = isSpentFor(caseCodes, spent) ? spent : undefined
  const found = validityOn(type, keptAs(candidate.at, material, served), day)
  // Who has a reason may hand in a copy of a certificate: for the case, and for nothing else.
  const isCopy = !found.usable && found.code === 'MATERIAL_CERTIFICATE_DECIDES'
  if (isCopy && isHandedIn(candidate, caseCodes)) return { usable: true }
  if (found.usable) return { usable: true, ...(found.on !== undefined && { until: found.on }) }
  return reject({
    code: found.code,
    ...('on' in found && { on: found.on }),
    ...('from' in found && { from: found.from }),
    ...(found.code === 'MATERIAL_SINGLE_USE_SPENT' && served?.by && { by: served.by }),
  })
}

function keptAs(
  at: string,
  { fields }: NonNullable<MaterialCandidate['material']>,
  served: Spent | undefined,
): KeptMaterial {
  const usedBy = served?.by ?? served?.caseCode
  return { at, ...(fields && { fields }), ...(usedBy !== undefined && { usedBy }) }
}

/** What it was handed in for goes before what it was used for. */
function spentOf({ material, spent }: MaterialCandidate): Spent | undefined {
  return material?.caseCode === undefined ? spent : { caseCode: material.caseCode }
}

function judgeCertificate(
  candidate: CertificateCandidate,
  { type, holders, time }: Wanted,
): Judgement {
  const reject = (why: Parameters<typeof rejectionOf>[1]): Judgement => ({
    usable: false,
    rejection: rejectionOf(candidate, why),
  })
  const { status, superseded, validFrom, validTo } = candidate
  if (candidate.type !== type.certificateType) return reject({ code: 'CERTIFICATE_OTHER_TYPE' })
  if (!candidate.holders.some((holder) => holders.includes(holder)))
    return reject({ code: 'CERTIFICATE_OTHER_HOLDER' })
  if (!isUsable(status)) return reject({ code: 'CERTIFICATE_NOT_USABLE', status })
  if (superseded) {
    const { id: by, at } = superseded
    return reject(endedBy({ code: 'CERTIFICATE_SUPERSEDED', by, at }))
  }
  if (time < validFrom) return reject({ code: 'CERTIFICATE_NOT_YET_VALID', from: dayAt(validFrom) })
  if (validTo === undefined) return { usable: true }
  const until = dayAt(validTo)
  return time < validTo
    ? { usable: true, until }
    : reject({ code: 'CERTIFICATE_EXPIRED', on: until })
}

function endedBy({ code, by, at }: NonNullable<MaterialCandidate['ended']>) {
  return {
    code,
    ...(by !== undefined && { by }),
    ...(at !== undefined && { on: dayOf(Date.parse(at)) }),
  }
}

/** @param seconds since 1970 */
function dayAt(seconds: number): Day {
  return dayOf(seconds * 1000)
}
