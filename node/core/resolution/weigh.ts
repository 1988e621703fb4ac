import type { Rule } from '../catalogue/matter.ts'
import type { Asking, FieldsOf } from './asking.ts'
import { isWithinReach, optionsOf, spendFor } from './offers.ts'
import type { Offer, Sought, SpentUses, Taken } from './offers.ts'
import { holds, judgeRule } from './rules.ts'
import { sourceOf } from './sources.ts'

/** For each of what is sought, in its order, what is taken; undefined where there is nothing to take. */
export type Selection = readonly (Taken | undefined)[]

/**
 * So often another candidate is tried in a place, at most: all pairs of 32 of one material and 32 of another are half
 * as many, and whatever cannot pass more than the best so far is not tried. It bounds an answer to some ten
 * milliseconds; beyond it the best that was found is taken, which is no worse than the newest of each.
 */
const MOST_TRIES = 2_048

/** The newest of each, of what is equally near at hand, whatever rules say. */
export function selectNewest(sought: readonly Sought[]): Selection {
  let spent: SpentUses = new Map()
  return sought.map((one) => {
    const taken = firstOf(optionsOf(one, spent))
    if (taken) spent = spendFor(taken, spent)
    return taken
  })
}

/**
 * Of all selections the one that passes the most rules. Among equals the newest: what comes first by the order of the
 * matter decides. What came in for the case goes before what may be used, and that before what nobody granted, whatever
 * the rules say: a paper was handed in for a reason, and of what is not granted nobody learns how rules go.
 */
export function weigh(sought: readonly Sought[], asking: Asking, fieldsOf: FieldsOf): Selection {
  const search = new Search(sought, asking, fieldsOf)
  search.visit([], new Map(), 0)
  return search.best
}

/** Which rules another one in a place would no longer pass, in their order. */
export function lostBy(
  selection: Selection,
  instead: { readonly place: number; readonly taken: Taken },
  sought: readonly Sought[],
  asking: Asking,
  fieldsOf: FieldsOf,
): { readonly matter: string; readonly id: string }[] {
  const changed = selection.with(instead.place, instead.taken)
  return bind(sought, asking)
    .filter(({ left, right }) => left === instead.place || right === instead.place)
    .filter((bound) => {
      const passes = (some: Selection) => isPassed(bound, some, asking, fieldsOf)
      return passes(selection) && !passes(changed)
    })
    .map(({ matter, rule }) => ({ matter, id: rule.id }))
}

/** A rule with the places of what it looks at. */
interface Bound {
  readonly matter: string
  readonly rule: Rule
  readonly left: number
  /** Undefined: the case. */
  readonly right: number | undefined
}

function bind(sought: readonly Sought[], { matters }: Pick<Asking, 'matters'>): Bound[] {
  return matters.flatMap(({ code: matter, rules }) =>
    rules.map((rule) => ({
      matter,
      rule,
      left: placeIn(sought, rule.left.material),
      right: 'case' in rule.right ? undefined : placeIn(sought, rule.right.material),
    })),
  )
}

/** Where two parts bring the same material, rules look at the first. */
function placeIn(sought: readonly Sought[], material: string): number {
  return sought.findIndex(({ required }) => required.material === material)
}

function isPassed(
  { rule, left, right }: Bound,
  selection: Selection,
  asking: Asking,
  fieldsOf: FieldsOf,
): boolean {
  const at = (material: string) => selection[material === rule.left.material ? left : (right ?? -1)]
  return judgeRule(rule, sourceOf(at, asking, fieldsOf)).result === 'pass'
}

/** Depth first, newest first; what cannot be better than the best so far is left out. */
class Search {
  readonly #sought: readonly Sought[]
  readonly #asking: Asking
  readonly #fieldsOf: FieldsOf
  readonly #rules: readonly Bound[]
  /** Places that rules look at: of all others the newest is taken. */
  readonly #looked: ReadonlySet<number>
  readonly #couldPass = new Map<string, boolean>()
  #best: { readonly passed: number; readonly selection: Selection } | undefined
  #tries = 0

  constructor(sought: readonly Sought[], asking: Asking, fieldsOf: FieldsOf) {
    this.#sought = sought
    this.#asking = asking
    this.#fieldsOf = fieldsOf
    this.#rules = bind(sought, asking)
    this.#looked = new Set(this.#rules.flatMap(({ left, right = left }) => [left, right]))
  }

  get best(): Selection {
    return this.#best?.selection ?? []
  }

  /** @param passed rules that the selection so far passes */
  visit(selection: Selection, spent: SpentUses, passed: number): void {
    const place = selection.length
    const one = this.#sought[place]
    if (one === undefined) {
      if (passed > (this.#best?.passed ?? -1)) this.#best = { passed, selection }
      return
    }
    const options = optionsOf(one, spent)
    const first = firstOf(options)
    this.#try(first, selection, spent, passed)
    if (first === undefined || !this.#looked.has(place)) return
    for (const taken of options) {
      if (++this.#tries > MOST_TRIES) return
      this.#try(taken, selection, spent, passed)
    }
  }

  #try(taken: Taken | undefined, before: Selection, spent: SpentUses, passed: number): void {
    const selection = [...before, taken]
    const place = before.length
    const decided = this.#rules.filter((rule) => lastOf(rule) === place)
    const now =
      passed +
      decided.filter((rule) => isPassed(rule, selection, this.#asking, this.#fieldsOf)).length
    if (this.#best !== undefined && now + this.#possible(selection) <= this.#best.passed) return
    this.visit(selection, taken ? spendFor(taken, spent) : spent, now)
  }

  /** Rules that are still open and could be passed, at most. */
  #possible(selection: Selection): number {
    return this.#rules.filter((rule) => {
      if (lastOf(rule) < selection.length) return false
      const { left, right } = rule
      return this.#couldBePassed(
        rule,
        selection[left]?.candidate.index,
        right === undefined ? undefined : selection[right]?.candidate.index,
      )
    }).length
  }

  /** @param left index of what is taken there; undefined: anything that is offered */
  #couldBePassed(bound: Bound, left: number | undefined, right: number | undefined): boolean {
    const key = `${this.#rules.indexOf(bound)} ${left} ${right}`
    const known = this.#couldPass.get(key)
    if (known !== undefined) return known
    const { rule } = bound
    const values = (place: number, index: number | undefined, field: string) =>
      offersAt(this.#sought, place, index).map(
        ({ candidate }) => this.#fieldsOf(candidate)?.[field],
      )
    const place = rule.right
    const rights =
      'case' in place
        ? [this.#asking.fields?.[place.case]]
        : values(bound.right ?? -1, right, place.field)
    const could = values(bound.left, left, rule.left.field).some(
      (a) => a !== undefined && rights.some((b) => b !== undefined && holds(rule.kind, a, b)),
    )
    this.#couldPass.set(key, could)
    return could
  }
}

function lastOf({ left, right = left }: Bound): number {
  return Math.max(left, right)
}

function offersAt(
  sought: readonly Sought[],
  place: number,
  index: number | undefined,
): readonly Offer[] {
  const offers = (sought[place]?.offers ?? []).filter(isWithinReach)
  return index === undefined ? offers : offers.filter(({ candidate }) => candidate.index === index)
}

function firstOf(options: Iterator<Taken, void>): Taken | undefined {
  const { value } = options.next()
  return value ?? undefined
}
