import type { Day } from '../catalogue/day.ts'
import type { Matter } from '../catalogue/matter.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Fields } from '../statements/parts.ts'
import type * as z from 'zod'
import { idOf, isHandedIn, judgeCandidate, rejectionOf } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import type { MissingGrant, Rejection, ResolvedMaterial } from './document.ts'
import { findPermission } from './granted.ts'
import type { HeldGrant, NeededUse } from './granted.ts'
import { neededFields, requiredOf } from './required.ts'
import type { Required } from './required.ts'

/** Everything that a resolution follows from. */
export interface Asking {
  /** One, or those of a theme, each in the version of the case's day. */
  readonly matters: readonly Matter[]
  /** Every type that they ask for, by code, as in force on the case's day. */
  readonly types: ReadonlyMap<string, MaterialType>
  /** Of the decision: what is expired then is. */
  readonly day: Day
  /** Seconds since 1970, of the same moment. */
  readonly time: number
  /** The case, and others of the same theme; none where there is no case yet. */
  readonly caseCodes: ReadonlySet<string>
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
}

export interface FoundCandidates {
  readonly items: readonly Candidate[]
  /** Handed in by somebody's hand, to be looked at besides. */
  readonly considered?: readonly Candidate[]
  /** There are older ones. */
  readonly more: boolean
}

/** What a required material came to. */
export interface Choice {
  readonly required: Required
  readonly type: MaterialType
  readonly way: ResolvedMaterial['way']
  readonly state: ResolvedMaterial['state']
  readonly taken?: Taken
  readonly rejected: readonly Rejection[]
  readonly missing: readonly MissingGrant[]
  readonly more: boolean
}

export interface Taken {
  readonly candidate: Candidate
  readonly until?: Day
  readonly grants: readonly { readonly holder: Hex; readonly grant: Hex }[]
  readonly missing: readonly MissingGrant[]
  /** Fields that the grants show; undefined: all. */
  readonly shown: readonly string[] | undefined
}

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

/** For each required material the way that it comes, and what is taken. */
export function chooseCandidates(asking: Asking): Choice[] {
  const isActedFor = (asking.parties['AGENT'] ?? []).length > 0
  const spent = new Map<Hex, number>()
  return requiredOf(asking.matters, isActedFor).map((required) => {
    const choice = choose(required, asking, spent)
    for (const { grant } of choice.taken?.grants ?? [])
      spent.set(grant, (spent.get(grant) ?? 0) + 1)
    return choice
  })
}

function choose(required: Required, asking: Asking, spent: ReadonlyMap<Hex, number>): Choice {
  const type = asking.types.get(required.material)
  if (type === undefined) throw new TypeError('a type that the matter asks for is missing')
  const { exemption, holder } = required
  const common = { required, type, rejected: [], missing: [], more: false }
  if (holder === 'AGENT' && (asking.parties['AGENT'] ?? []).length === 0)
    return { ...common, way: exemption, state: 'notNeeded' }
  if (asking.parties[holder] === undefined)
    return {
      ...common,
      way: exemption,
      state: exemption === 'mustSubmit' ? 'open' : 'partyUnknown',
    }
  const found = asking.candidates.get(placeOf(required)) ?? { items: [], more: false }
  const { good, rejected } = judgeAll(required, type, found, asking)
  const taken = take(required, type, good, asking, spent)
  const seen = { ...common, more: found.more, rejected: [...rejected, ...others(good, taken)] }
  const sorted = { ...seen, rejected: seen.rejected.toSorted((a, b) => b.index - a.index) }
  if (taken === undefined)
    return { ...sorted, way: exemption === 'commitment' ? exemption : 'mustSubmit', state: 'open' }
  if (isHandedIn(taken.candidate, asking.caseCodes))
    return {
      ...sorted,
      way: exemption === 'commitment' ? exemption : 'mustSubmit',
      state: 'handedIn',
      taken,
    }
  const { missing } = taken
  const state = missing.length === 0 ? 'ready' : 'grantMissing'
  return { ...sorted, way: exemption, state, taken, missing }
}

interface Good {
  readonly candidate: Candidate
  readonly until?: Day
}

function judgeAll(
  { holder }: Required,
  type: MaterialType,
  { items, considered = [] }: FoundCandidates,
  { parties, caseCodes, day, time }: Asking,
): { readonly good: Good[]; readonly rejected: Rejection[] } {
  const known = new Set(items.map(({ index }) => index))
  const all = [...items, ...considered.filter(({ index }) => !known.has(index))]
  const wanted = { type, holders: parties[holder] ?? [], caseCodes, day, time }
  const good: Good[] = []
  const rejected: Rejection[] = []
  for (const candidate of all) {
    const judged = judgeCandidate(candidate, wanted)
    if (!judged.usable) rejected.push(judged.rejection)
    else good.push({ candidate, ...(judged.until !== undefined && { until: judged.until }) })
  }
  return { good: good.toSorted((a, b) => b.candidate.index - a.candidate.index), rejected }
}

/** What came in for the case; else the newest that may be used; else the newest that somebody has to grant. */
function take(
  required: Required,
  type: MaterialType,
  good: readonly Good[],
  asking: Asking,
  spent: ReadonlyMap<Hex, number>,
): Taken | undefined {
  const own = good.find(({ candidate }) => isHandedIn(candidate, asking.caseCodes))
  if (own) return { ...own, grants: [], missing: [], shown: undefined }
  if (['mustSubmit', 'commitment'].includes(required.exemption)) return undefined
  let first: Taken | undefined
  for (const one of good) {
    const permitted = { ...one, ...permit(required, type, one.candidate, asking, spent) }
    if (permitted.missing.length === 0) return permitted
    first ??= permitted
  }
  return first
}

function permit(
  required: Required,
  type: MaterialType,
  candidate: Candidate,
  asking: Asking,
  spent: ReadonlyMap<Hex, number>,
): Omit<Taken, 'candidate' | 'until'> {
  const needed = neededUse(required, type, candidate, asking)
  const grants: { holder: Hex; grant: Hex }[] = []
  const missing: MissingGrant[] = []
  let shown: readonly string[] | undefined
  for (const ids of grantors(candidate, asking.parties[required.holder] ?? [])) {
    const found = permitBy(ids, needed, asking.grants, spent)
    if ('missing' in found) missing.push(found.missing)
    else {
      grants.push({ holder: found.holder, grant: found.grant })
      shown = shared(shown, found.fields)
    }
  }
  return { grants, missing, shown }
}

type PermittedBy =
  | { readonly holder: Hex; readonly grant: Hex; readonly fields: readonly string[] | undefined }
  | { readonly missing: MissingGrant }

/** @param ids of one holder */
function permitBy(
  ids: readonly Hex[],
  needed: NeededUse,
  grants: Asking['grants'],
  spent: ReadonlyMap<Hex, number>,
): PermittedBy {
  let nearest: MissingGrant | undefined
  for (const holder of ids) {
    const found = findPermission(grants.get(holder) ?? [], needed, spent)
    if (!('missing' in found)) return { holder, ...found }
    if (nearest?.grant === undefined) nearest = { holder, ...found.missing }
  }
  if (nearest === undefined) throw new TypeError('whatever is good has a holder')
  return { missing: nearest }
}

/** Every holder of a certificate has to grant; of a material's, who may be known by several ids, any of them. */
function grantors(candidate: Candidate, party: readonly Hex[]): readonly (readonly Hex[])[] {
  if (candidate.kind === 'certificate') return candidate.holders.map((holder) => [holder])
  return [candidate.material?.holders.filter((holder) => party.includes(holder)) ?? []]
}

/** What the use of a candidate would ask for. */
export function neededUse(
  required: Required,
  type: MaterialType,
  candidate: Candidate,
  { department, region }: Pick<Asking, 'department' | 'region'>,
): NeededUse {
  const { kind } = candidate
  const subjectType = kind === 'certificate' ? candidate.type : type.code
  return {
    subject: { kind, id: idOf(candidate) ?? '', type: subjectType },
    fields: neededFields(required, type),
    manner: required.exemption === 'dataCheck' ? 'read' : 'copy',
    matters: required.askedBy.map(({ matter }) => matter),
    department,
    region,
    maxDepth: required.maxDepth,
  }
}

/** Why good ones were not taken all the same. */
function others(good: readonly Good[], taken: Taken | undefined): Rejection[] {
  const by = taken && idOf(taken.candidate)
  return good.flatMap(({ candidate }) => {
    if (candidate === taken?.candidate) return []
    // The matter takes nothing but what comes in for the case.
    if (taken === undefined) return [rejectionOf(candidate, { code: 'CANDIDATE_NOT_ACCEPTED' })]
    // A newer one was passed over for want of a grant, unless what came in for the case went before it.
    const isOlder = candidate.index < taken.candidate.index || taken.grants.length === 0
    const code = isOlder ? 'CANDIDATE_OLDER' : 'CANDIDATE_NOT_GRANTED'
    return [rejectionOf(candidate, { code, ...(by !== undefined && { by }) })]
  })
}

/** What is shown by every grant. */
function shared(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): readonly string[] | undefined {
  if (some === undefined) return others
  return others === undefined ? some : some.filter((name) => others.includes(name))
}
