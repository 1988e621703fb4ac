import { placesOf } from '../catalogue/matter.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import type { Asking, FieldsOf } from './asking.ts'
import { idOf, rejectionOf } from './candidates.ts'
import type { MissingGrant, Rejection, RuleResult } from './document.ts'
import { findOffers, nearestOf, spendFor, takeUnder } from './offers.ts'
import type { Offer, Sought, SpentUses, Taken } from './offers.ts'
import type { Required } from './required.ts'
import { judgeRule } from './rules.ts'
import { sourceOf } from './sources.ts'
import type { TakenOf } from './sources.ts'
import { judgeCommitment } from './undertaken.ts'
import type { Committing } from './undertaken.ts'
import { lostBy, selectNewest, weigh } from './weigh.ts'
import type { Selection } from './weigh.ts'

/** What a required material came to. */
export interface Choice extends Committing {
  readonly required: Required
  readonly type: MaterialType
  readonly taken?: Taken
  /** Nobody granted it yet, and a rule fails with what is taken. */
  readonly instead?: Taken
  readonly rejected: readonly Rejection[]
  readonly missing: readonly MissingGrant[]
  readonly more: boolean
}

/**
 * For each required material the way that it comes, and what is taken: the candidates that pass the most rules, the
 * newest among equals; see `weigh`.
 *
 * @param fieldsOf what is written on candidates; without it the newest are taken, whatever the rules say
 */
export function chooseCandidates(asking: Asking, fieldsOf?: FieldsOf): Choice[] {
  const sought = findOffers(asking)
  const selection = fieldsOf ? weigh(sought, asking, fieldsOf) : selectNewest(sought)
  const failing = fieldsOf ? failingWith(sought, selection, asking, fieldsOf) : NONE
  let spent: SpentUses = new Map()
  return sought.map((one, place) => {
    const taken = selection[place]
    const why = whyNot({ place, sought, selection, spent, asking, fieldsOf })
    const rejected = [...one.rejected, ...one.offers.flatMap(why)]
    const choice = present(one, taken, rejected, asking)
    const isAsked = failing.has(place) && (choice.state === 'ready' || choice.state === 'used')
    const instead = isAsked ? nearestOf(one, spent) : undefined
    if (taken) spent = spendFor(taken, spent)
    return { ...choice, ...(instead && { instead }) }
  })
}

const NONE: ReadonlySet<number> = new Set()

/**
 * Places of what fails a rule. Something else may be asked for there, and that this one fails says nothing of what the
 * other would do.
 */
function failingWith(
  sought: readonly Sought[],
  selection: Selection,
  asking: Asking,
  fieldsOf: FieldsOf,
): ReadonlySet<number> {
  if (asking.isDecided) return NONE
  const place = (code: string) => sought.findIndex(({ required }) => required.material === code)
  const source = sourceOf((code) => selection[place(code)], asking, fieldsOf)
  const failing = asking.matters
    .flatMap(({ rules }) => rules)
    .filter((rule) => judgeRule(rule, source).result === 'fail')
  return new Set(failing.flatMap(placesOf).map(({ material }) => place(material)))
}

/** What was taken, by the code of the material; of two parts that bring the same, of the first. */
export function takenIn(choices: readonly Choice[]): TakenOf {
  return (material) => choices.find(({ required }) => required.material === material)?.taken
}

/** What no other candidate helps against: there is none, nobody granted it, or the case does not say. */
const BEYOND: ReadonlySet<RuleResult['because']> = new Set([
  'MATERIAL_MISSING',
  'GRANT_MISSING',
  'CASE_FIELD_MISSING',
] as const)

/**
 * Codes of the materials of which other candidates might pass a rule that the newest do not. Where there are none,
 * weighing would choose the newest too.
 *
 * @param newest chosen without fields
 */
export function worthWeighing(
  newest: readonly Choice[],
  asking: Asking,
  fieldsOf: FieldsOf,
): ReadonlySet<string> {
  const source = sourceOf(takenIn(newest), asking, fieldsOf)
  const unsettled = asking.matters
    .flatMap(({ rules }) => rules)
    .filter((rule) => {
      const { result, because } = judgeRule(rule, source)
      return result !== 'pass' && !BEYOND.has(because)
    })
  return new Set(unsettled.flatMap(placesOf).map(({ material }) => material))
}

function present(
  { required, type, party, more }: Sought,
  taken: Taken | undefined,
  rejected: readonly Rejection[],
  asking: Asking,
): Choice {
  const { exemption } = required
  const newestFirst = rejected.toSorted((a, b) => b.index - a.index)
  const common = { required, type, rejected: newestFirst, missing: [], more }
  if (party === 'none') return { ...common, way: exemption, state: 'notNeeded' }
  if (party === 'unknown') return { ...common, way: exemption, state: 'partyUnknown' }
  if (taken?.isHandedIn) return { ...common, way: 'mustSubmit', state: 'handedIn', taken }
  if (exemption === 'commitment') return { ...common, ...judgeCommitment(required, asking) }
  if (taken === undefined) return { ...common, way: 'mustSubmit', state: 'open' }
  if (taken.used) return { ...common, way: exemption, state: 'used', taken }
  const { missing } = taken
  const state = missing.length === 0 ? 'ready' : 'grantMissing'
  return { ...common, way: exemption, state, taken, missing }
}

interface Chosen {
  readonly place: number
  readonly sought: readonly Sought[]
  readonly selection: Selection
  /** By what was taken in the places before. */
  readonly spent: SpentUses
  readonly asking: Asking
  readonly fieldsOf: FieldsOf | undefined
}

/** Why good ones were not taken all the same. */
function whyNot(chosen: Chosen): (offer: Offer) => Rejection[] {
  const { place, selection, spent } = chosen
  const taken = selection[place]
  const by = taken && idOf(taken.candidate)
  return (offer) => {
    const { candidate } = offer
    if (candidate === taken?.candidate) return []
    // The matter takes nothing but what comes in for the case.
    if (taken === undefined) return [rejectionOf(candidate, { code: 'CANDIDATE_NOT_ACCEPTED' })]
    const instead = { ...(by !== undefined && { by }) }
    // What the case has goes before what it has not, be it newer or not.
    const isBehind =
      (taken.isHandedIn && !offer.isHandedIn) || (taken.used !== undefined && !offer.used)
    const isOlder = candidate.index < taken.candidate.index && !offer.used
    if (isBehind || isOlder)
      return [rejectionOf(candidate, { code: 'CANDIDATE_OLDER', ...instead })]
    return [rejectionOf(candidate, { ...passedOver(takeUnder(offer, spent), chosen), ...instead })]
  }
}

/** A newer one was passed over for want of a grant, or for a rule that it fails and the older one passes. */
function passedOver(
  taken: Taken,
  { place, sought, selection, asking, fieldsOf }: Chosen,
): Pick<Rejection, 'code' | 'grant' | 'rule'> {
  const code = 'CANDIDATE_NOT_GRANTED'
  const [missing] = taken.missing
  if (missing !== undefined) return { code, grant: missing.code }
  const [rule] =
    fieldsOf === undefined ? [] : lostBy(selection, { place, taken }, sought, asking, fieldsOf)
  // Without a rule of its own, another material needs what is left of its grant, and passes more with it.
  return rule === undefined
    ? { code, grant: 'GRANT_USES_EXHAUSTED' }
    : { code: 'CANDIDATE_RULE_FAILED', rule }
}
