import type { MaterialType } from '../catalogue/materialType.ts'
import type { Hex } from '../ethereum/hex.ts'
import { firstBits } from '../grants/mask.ts'
import { canonicalize } from '../json.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import type { Asking } from './asking.ts'
import type { Choice } from './choose.ts'
import type { GrantProposal, MissingGrant } from './document.ts'
import { findAllowances } from './granted.ts'
import { grantors, neededUse } from './offers.ts'
import type { Taken } from './offers.ts'
import { findRequest } from './requested.ts'

/** Seconds. */
const DAY = 24 * 60 * 60
/** A grant that is asked for lasts so many days, or twice as long as the matter takes. */
const SHORTEST = 30

/**
 * What is missing, each with what was asked of its holder for the case; of a request that was approved, what stops that
 * very grant: the holder may have granted less.
 */
export function missingOf(
  { required, type }: Pick<Choice, 'required' | 'type'>,
  taken: Taken | undefined,
  asking: Asking,
): MissingGrant[] {
  const { requests = [], parties, time } = asking
  if (taken === undefined) return []
  const { missing } = taken
  const needed = neededUse(required, type, taken.candidate, asking)
  const owners = grantors(taken.candidate, parties[required.holder] ?? [])
  return missing.map((one) => {
    // Somebody may be known by several ids, and was asked by any of them.
    const ids = owners.find((each) => each.includes(one.holder)) ?? [one.holder]
    const found = findRequest(requests, ids, needed, time)
    if (found === undefined) return one
    const { id, state, expires, grant } = found
    const granted = ids.flatMap((holder) => asking.grants.get(holder) ?? [])
    const answer = granted.filter((held) => held.grant === grant)
    const stopped =
      answer.length === 0 ? one : { holder: one.holder, ...findAllowances(answer, needed).missing }
    return { ...stopped, request: { id, state, until: expires } }
  })
}

/**
 * What each holder whose grant is missing would have to sign, and was not asked for yet: straight to the department,
 * not to be passed on, and no more often than the case needs it. Who wants it to go through others may make it so, as
 * deep as the matter allows. Once a case is decided, nobody is asked any more.
 */
export function proposeGrants(choices: readonly Choice[], asking: Asking): GrantProposal[] {
  if (asking.isDecided) return []
  const lacking = choices
    .flatMap(({ required, type, taken, instead }) =>
      [taken, instead].flatMap((one) => (one ? [{ required, type, taken: one }] : [])),
    )
    .flatMap((one) =>
      missingOf(one, one.taken, asking)
        .filter(({ request }) => request?.state !== 'pending')
        .map(({ holder }) => ({ holder, lacking: one })),
    )
  return [...Map.groupBy(lacking, ({ holder }) => holder)].map(([holder, found]) =>
    propose(
      holder,
      found.map((one) => one.lacking),
      asking,
    ),
  )
}

/** A required material, and what is to be granted for it. */
interface Lacking extends Pick<Choice, 'required' | 'type'> {
  readonly taken: Taken
}

function propose(holder: Hex, choices: readonly Lacking[], asking: Asking): GrantProposal {
  const { department, time, matters } = asking
  const items = distinct(choices.flatMap((one) => itemOf(one, asking)))
  const asked = choices.flatMap(({ required }) => required.askedBy.map(({ matter }) => matter))
  const purposes: ScopePurpose[] = [...new Set(asked)].map((matter) => ({ matter, department }))
  const slowest = Math.max(0, ...matters.map(({ workingDays = 0 }) => workingDays))
  return {
    holder,
    materials: [...new Set(choices.map(({ required }) => required.material))],
    items,
    purposes,
    draft: {
      holder,
      grantee: department,
      items: firstBits(items.length),
      purposes: firstBits(purposes.length),
      notBefore: time,
      notAfter: time + Math.max(SHORTEST, 2 * slowest) * DAY,
      depth: 0,
      // Each material is a use of its own.
      uses: choices.length,
    },
  }
}

function itemOf({ required, type, taken }: Lacking, asking: Asking): ScopeItem[] {
  const needed = neededUse(required, type, taken.candidate, asking)
  const { subject, manner } = needed
  const fields = needed.questions ? fieldsToTell(needed.fields, type) : needed.fields
  const more = { ...plainOf(required, fields), may: manner }
  if (subject.kind === 'certificate')
    return [{ certificateType: subject.type, fields: [...fields], ...more }]
  return [{ material: subject.id, ...(fields.length > 0 && { fields: [...fields] }), ...more }]
}

/**
 * To ask whether a material is valid takes none of its fields, and a grant of none is one of all: the least of them.
 */
function fieldsToTell(asked: readonly string[], { fields }: MaterialType): readonly string[] {
  if (asked.length > 0) return asked
  const [least] = fields.toSorted((a, b) => (a.sensitivity < b.sensitivity ? -1 : 1))
  return least === undefined ? [] : [least.name]
}

/** What the matters need in clear, be it sensitive or not. */
function plainOf({ askedBy }: Choice['required'], fields: readonly string[]): { plain?: string[] } {
  const wanted = askedBy.flatMap(({ plain = [] }) => plain)
  const plain = [...new Set(wanted)].filter((name) => fields.length === 0 || fields.includes(name))
  return plain.length === 0 ? {} : { plain: plain.toSorted() }
}

/** A list that says a thing twice is no scope. */
function distinct(items: readonly ScopeItem[]): ScopeItem[] {
  return [...new Map(items.map((item) => [canonicalize(item), item])).values()]
}
