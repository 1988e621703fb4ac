import { dayOf } from '../catalogue/day.ts'
import type { Day } from '../catalogue/day.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
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
    /** Statement id of the one that it takes the place of. */
    readonly supersedes?: string
  }
  readonly withdrawn?: { readonly id: string; readonly at: string }
  /** Somebody has yet to look at what is wrong with it, or has looked and said no. */
  readonly quarantine?: 'held' | 'rejected'
  /** By one that is not among the candidates. */
  readonly superseded?: { readonly id: string; readonly at: string }
  /** Another case that it was used for. */
  readonly usedBy?: string
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
export function judgeCandidate(
  candidate: Candidate,
  wanted: Wanted,
  among: readonly Candidate[],
): Judgement {
  return candidate.kind === 'material'
    ? judgeMaterial(candidate, wanted, among)
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
  among: readonly Candidate[],
): Judgement {
  const reject = (why: Parameters<typeof rejectionOf>[1]): Judgement => ({
    usable: false,
    rejection: rejectionOf(candidate, why),
  })
  const { material, withdrawn, quarantine } = candidate
  if (material === undefined) return reject({ code: 'MATERIAL_ERASED' })
  if (material.type !== type.code) return reject({ code: 'MATERIAL_OTHER_TYPE' })
  // Nothing is said of whose it is: whoever holds a digest in hand is not to learn that.
  if (!material.holders.some((holder) => holders.includes(holder)))
    return reject({ code: 'MATERIAL_OTHER_HOLDER' })
  if (quarantine === 'held') return reject({ code: 'MATERIAL_QUARANTINED' })
  if (quarantine === 'rejected') return reject({ code: 'MATERIAL_REJECTED' })
  const successor = candidate.superseded ?? successorOf(material.id, among)
  if (withdrawn) return reject(endedBy('MATERIAL_WITHDRAWN', withdrawn))
  if (successor) return reject(endedBy('MATERIAL_SUPERSEDED', successor))
  const found = validityOn(
    type,
    keptAs(candidate.at, material, servedBy(candidate, caseCodes)),
    day,
  )
  // Who has a reason may hand in a copy of a certificate: for the case, and for nothing else.
  const isCopy = !found.usable && found.code === 'MATERIAL_CERTIFICATE_DECIDES'
  if (isCopy && isHandedIn(candidate, caseCodes)) return { usable: true }
  if (found.usable) return { usable: true, ...(found.on !== undefined && { until: found.on }) }
  return reject({
    code: found.code,
    ...('on' in found && { on: found.on }),
    ...('from' in found && { from: found.from }),
  })
}

function keptAs(
  at: string,
  { fields }: NonNullable<MaterialCandidate['material']>,
  usedBy: string | undefined,
): KeptMaterial {
  return { at, ...(fields && { fields }), ...(usedBy !== undefined && { usedBy }) }
}

/** Another case that it was handed in or used for. */
function servedBy(
  { material, usedBy }: MaterialCandidate,
  caseCodes: ReadonlySet<string>,
): string | undefined {
  return [usedBy, material?.caseCode].find((code) => code !== undefined && !caseCodes.has(code))
}

/** Only the same holder's material of the same type takes another's place, so that it is found with it. */
function successorOf(
  id: string,
  among: readonly Candidate[],
): { readonly id: string; readonly at: string } | undefined {
  for (const other of among)
    if (other.kind === 'material' && other.material?.supersedes === id)
      return { id: other.material.id, at: other.at }
  return undefined
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
  if (superseded) return reject(endedBy('CERTIFICATE_SUPERSEDED', superseded))
  if (time < validFrom) return reject({ code: 'CERTIFICATE_NOT_YET_VALID', from: dayAt(validFrom) })
  if (validTo === undefined) return { usable: true }
  const until = dayAt(validTo)
  return time < validTo
    ? { usable: true, until }
    : reject({ code: 'CERTIFICATE_EXPIRED', on: until })
}

function endedBy(code: string, { id, at }: { readonly id: string; readonly at: string }) {
  return { code, by: id, on: dayOf(Date.parse(at)) }
}

/** @param seconds since 1970 */
function dayAt(seconds: number): Day {
  return dayOf(seconds * 1000)
}
