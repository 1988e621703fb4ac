import type { Day } from '../catalogue/day.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import type { Hex } from '../ethereum/hex.ts'
import { idOf, isHandedIn, judgeCandidate, rejectionOf } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import type { Asking, FoundCandidates } from './asking.ts'
import { placeOf } from './asking.ts'
import type { MissingGrant, Rejection } from './document.ts'
import { allowedBy, findAllowances } from './granted.ts'
import type { Allowances, NeededUse } from './granted.ts'
import { fieldsToGrant, questionOn } from '../checks/questions.ts'
import { isPlayed, neededFields, requiredOf } from './required.ts'
import type { Required } from './required.ts'
import { findPastUse, isRefuted } from './used.ts'
import type { PastUse } from './used.ts'

/** A required material, and all that there is of it. */
export interface Sought {
  readonly required: Required
  readonly type: MaterialType
  /** Whether there is somebody whose it could be. */
  readonly party: 'known' | 'unknown' | 'none'
  /** Ids of whoever plays the part. */
  readonly holders: readonly Hex[]
  /** Good ones, newest first. */
  readonly offers: readonly Offer[]
  readonly rejected: readonly Rejection[]
  /** There are older ones that were not looked at. */
  readonly more: boolean
}

/** Something good, and what each of those whose it is says of its use. */
export interface Offer {
  readonly candidate: Candidate
  readonly until?: Day
  /** It came in for the case: nobody is asked. */
  readonly isHandedIn: boolean
  /** The department has it already. */
  readonly used?: PastUse
  /** Of everybody who has to grant, the ids by which they may have done so. */
  readonly holders: readonly (readonly (Allowances & { readonly holder: Hex })[])[]
}

/** A candidate with the grants by which it is used, or those that are missing. */
export interface Taken {
  readonly candidate: Candidate
  readonly until?: Day
  readonly isHandedIn: boolean
  /** The department has it already: no grant is needed any more. */
  readonly used?: PastUse
  readonly grants: readonly { readonly holder: Hex; readonly grant: Hex }[]
  readonly missing: readonly MissingGrant[]
  /** Fields that the grants show; undefined: all. */
  readonly shown: readonly string[] | undefined
}

/** Uses that the materials of a case need already, by grant. */
export type SpentUses = ReadonlyMap<Hex, number>

/** What the matters ask for, in their order, with what is good for it. */
export function findOffers(asking: Asking): Sought[] {
  const isActedFor = (asking.parties['AGENT'] ?? []).length > 0
  return requiredOf(asking.matters, isActedFor).map((required) => {
    const type = asking.types.get(required.material)
    if (type === undefined) throw new TypeError('a type that the matter asks for is missing')
    const party = partyOf(required, asking)
    const holders = asking.parties[required.holder] ?? []
    const common = { required, type, party, holders }
    if (party !== 'known') return { ...common, offers: [], rejected: [], more: false }
    return { ...common, ...judgeAll(required, type, asking) }
  })
}

/**
 * What may be taken, newest first, of what is equally near at hand: what came in for the case; else what the department
 * was given for it, and then what may be used now; else the one that somebody has to be asked for, see `nearestOf`.
 */
export function* optionsOf(
  sought: Pick<Sought, 'required' | 'offers' | 'holders'>,
  spent: SpentUses,
): Generator<Taken, void> {
  const { required, offers } = sought
  const own = offers.filter((offer) => offer.isHandedIn)
  if (own.length > 0) {
    for (const offer of own) yield takeUnder(offer, spent)
    return
  }
  if (!isTakenFromBank(required)) return
  let isAnyReady = false
  for (const offer of usedFirst(offers)) {
    const taken = takeUnder(offer, spent)
    if (taken.missing.length > 0) continue
    isAnyReady = true
    yield taken
  }
  const nearest = isAnyReady ? undefined : nearestOf(sought, spent)
  if (nearest !== undefined) yield nearest
}

/**
 * Of what is not granted, the one for which the fewest have to be asked that play no part in the case, who own it
 * beside whoever does; of several the newest. What is written on them nobody is told, and so it decides nothing.
 */
export function nearestOf(
  { offers, holders }: Pick<Sought, 'offers' | 'holders'>,
  spent: SpentUses,
): Taken | undefined {
  let nearest: { readonly taken: Taken; readonly strangers: number } | undefined
  for (const offer of offers) {
    const taken = takeUnder(offer, spent)
    if (taken.missing.length === 0) continue
    const strangers = taken.missing.filter(({ holder }) => !holders.includes(holder)).length
    if (nearest === undefined || strangers < nearest.strangers) nearest = { taken, strangers }
  }
  return nearest?.taken
}

/** Whether anything serves but what is handed in for the case. */
export function isTakenFromBank({ exemption }: Pick<Required, 'exemption'>): boolean {
  return exemption !== 'mustSubmit' && exemption !== 'commitment'
}

function usedFirst(offers: readonly Offer[]): Offer[] {
  return offers.toSorted((a, b) => Number(b.used !== undefined) - Number(a.used !== undefined))
}

export function takeUnder(
  { candidate, until, isHandedIn: handedIn, used, holders }: Offer,
  spent: SpentUses,
): Taken {
  const over = until === undefined ? {} : { until }
  if (used !== undefined) {
    const shown = used.answered ? [] : used.fields.length === 0 ? undefined : used.fields
    return { candidate, ...over, isHandedIn: handedIn, used, grants: [], missing: [], shown }
  }
  const grants: { holder: Hex; grant: Hex }[] = []
  const missing: MissingGrant[] = []
  let shown: readonly string[] | undefined
  for (const ids of holders) {
    const found = grantOf(ids, spent)
    if ('code' in found) missing.push(found)
    else {
      grants.push({ holder: found.holder, grant: found.grant })
      shown = shared(shown, found.fields)
    }
  }
  return { candidate, ...over, isHandedIn: handedIn, grants, missing, shown }
}

/** Handed in, used, or granted as long as there are uses left. */
export function isWithinReach({ isHandedIn: handedIn, used, holders }: Offer): boolean {
  if (handedIn || used !== undefined) return true
  return holders.every((ids) => ids.some(({ allowing }) => allowing.length > 0))
}

/** With the uses that this one needs. */
export function spendFor({ grants }: Taken, spent: SpentUses): SpentUses {
  if (grants.length === 0) return spent
  const all = new Map(spent)
  for (const { grant } of grants) all.set(grant, (all.get(grant) ?? 0) + 1)
  return all
}

/** What the use of a candidate would ask for. */
export function neededUse(
  required: Required,
  type: MaterialType,
  candidate: Candidate,
  {
    department,
    region,
    day,
    caseDay = day,
    isDecided = false,
  }: Pick<Asking, 'department' | 'region' | 'day' | 'caseDay' | 'isDecided'>,
): NeededUse {
  const { kind } = candidate
  const isChecked = required.exemption === 'dataCheck'
  const questions = required.questions.map((one) => questionOn(one, caseDay))
  const subjectType = kind === 'certificate' ? candidate.type : type.code
  return {
    subject: { kind, id: idOf(candidate) ?? '', type: subjectType },
    fields: isChecked ? fieldsToGrant(candidate, questions) : neededFields(required, type),
    manner: isChecked ? 'read' : 'copy',
    ...(isChecked && { questions }),
    matters: required.askedBy.map(({ matter }) => matter),
    department,
    region,
    maxDepth: required.maxDepth,
    isDecided,
  }
}

/**
 * Every holder of a certificate has to grant; of a material's, who may be known by several ids, any of them.
 *
 * @param party whoever is to be asked first, first
 */
export function grantors(candidate: Candidate, party: readonly Hex[]): readonly (readonly Hex[])[] {
  if (candidate.kind === 'certificate') return candidate.holders.map((holder) => [holder])
  const { holders = [] } = candidate.material ?? {}
  return [party.filter((holder) => holders.includes(holder))]
}

function partyOf(required: Required, { parties }: Asking): Sought['party'] {
  if (!isPlayed(required, (parties['AGENT'] ?? []).length > 0)) return 'none'
  return parties[required.holder] === undefined ? 'unknown' : 'known'
}

function judgeAll(
  required: Required,
  type: MaterialType,
  asking: Asking,
): Pick<Sought, 'offers' | 'rejected' | 'more'> {
  const { candidates, parties, caseCodes, uses = [], day, time } = asking
  const { items, considered = [], more } = candidates.get(placeOf(required)) ?? NOTHING
  const known = new Set(items.map(({ index }) => index))
  const all = [...items, ...considered.filter(({ index }) => !known.has(index))]
  const wanted = { type, holders: parties[required.holder] ?? [], caseCodes, day, time }
  const offers: Offer[] = []
  const rejected: Rejection[] = []
  for (const candidate of all) {
    const judged = judgeCandidate(candidate, wanted)
    if (!judged.usable) {
      rejected.push(judged.rejection)
      continue
    }
    const { until } = judged
    const handedIn = isHandedIn(candidate, caseCodes)
    const needed = neededUse(required, type, candidate, asking)
    const used = handedIn ? undefined : findPastUse(uses, needed, time)
    if (used && isRefuted(used, needed.questions)) {
      rejected.push(rejectionOf(candidate, { code: 'CANDIDATE_REFUTED', by: used.use }))
      continue
    }
    offers.push({
      candidate,
      ...(until !== undefined && { until }),
      isHandedIn: handedIn,
      ...(used && { used }),
      holders: handedIn ? [] : allowancesOf(required, needed, candidate, asking),
    })
  }
  const newestFirst = offers.toSorted((a, b) => b.candidate.index - a.candidate.index)
  return { offers: newestFirst, rejected, more }
}

const NOTHING: FoundCandidates = { items: [], more: false }

function allowancesOf(
  required: Required,
  needed: NeededUse,
  candidate: Candidate,
  asking: Asking,
): Offer['holders'] {
  return grantors(candidate, asking.parties[required.holder] ?? []).map((ids) =>
    ids.map((holder) => ({
      holder,
      ...findAllowances(asking.grants.get(holder) ?? [], needed),
    })),
  )
}

/** @param ids of one holder: where none of them granted it, the first is asked, whichever the nearest grant is of */
function grantOf(ids: Offer['holders'][number], spent: SpentUses) {
  const [first] = ids
  if (first === undefined) throw new TypeError('whatever is good has a holder')
  let nearest: Allowances['missing'] = first.missing
  for (const { holder, ...allowances } of ids) {
    const found = allowedBy(allowances, spent)
    if (found) return { holder, ...found }
    if (nearest.grant === undefined) nearest = allowances.missing
  }
  return { holder: first.holder, ...nearest }
}

/** What is shown by every grant. */
function shared(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): readonly string[] | undefined {
  if (some === undefined) return others
  return others === undefined ? some : some.filter((name) => others.includes(name))
}
