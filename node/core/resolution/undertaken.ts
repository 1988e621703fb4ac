import type { Day } from '../catalogue/day.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { UndertakingResult } from '../statements/undertaking.ts'
import { dueOf } from '../undertakings/words.ts'
import { placeOf } from './asking.ts'
import type { Asking } from './asking.ts'
import type { ResolvedMaterial } from './document.ts'
import type { Required } from './required.ts'

/** What was undertaken in the place of materials. */
export interface Undertakings {
  /** Of the case: days count from it until the materials have to come. */
  readonly from: Day
  /** For the case, by `placeOf`. */
  readonly given: ReadonlyMap<string, GivenUndertaking>
  /** By holder id, the statement id of one that the holder broke, in whatever case. */
  readonly broken: ReadonlyMap<Hex, string>
}

export interface GivenUndertaking {
  /** Statement id. */
  readonly id: string
  /** Of the newest check. */
  readonly result?: UndertakingResult
  readonly due?: Day
}

/** By which way a material comes that may be undertaken, and that nobody handed in. */
export type Committing = Pick<ResolvedMaterial, 'way' | 'state' | 'undertaking' | 'closed'>

/**
 * Who broke an undertaking is taken at its word no more, in no case, and hands in what is asked for; so does who lets
 * the day go by on which the material was due.
 */
export function judgeCommitment(
  required: Required,
  { undertakings, parties, day }: Pick<Asking, 'undertakings' | 'parties' | 'day'>,
): Committing {
  const given = undertakings?.given.get(placeOf(required))
  if (given !== undefined) return standingOf(given, day)
  const party = parties[required.holder] ?? []
  const [broken] = party.flatMap((holder) => undertakings?.broken.get(holder) ?? [])
  if (broken !== undefined) return closed({ code: 'UNDERTAKING_BROKEN', undertaking: broken })
  const due = undertakings && latestDue(required, undertakings.from)
  return due !== undefined && due < day
    ? closed({ code: 'UNDERTAKING_OVERDUE' })
    : { way: 'commitment', state: 'open' }
}

function standingOf({ id, result, due }: GivenUndertaking, day: Day): Committing {
  const undertaking = { id, state: result ?? 'given', ...(due !== undefined && { due }) } as const
  if (result === 'broken')
    return { ...closed({ code: 'UNDERTAKING_BROKEN', undertaking: id }), undertaking }
  if (result === undefined && due !== undefined && due < day)
    return { ...closed({ code: 'UNDERTAKING_OVERDUE', undertaking: id }), undertaking }
  return { way: 'commitment', state: 'committed', undertaking }
}

function closed(why: NonNullable<ResolvedMaterial['closed']>): Committing {
  return { way: 'mustSubmit', state: 'open', closed: why }
}

function latestDue({ askedBy }: Required, from: Day): Day | undefined {
  const [due] = askedBy.map((asked) => dueOf(asked, from)).filter((one) => one !== '')
  return due
}
