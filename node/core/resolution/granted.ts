import type { Hex } from '../ethereum/hex.ts'
import { isLedgerError } from '../errors.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import { verifyPurpose } from '../grants/use.ts'
import { isAbout, verifyItems } from '../uses/decide.ts'
import type { Manner } from '../uses/documents.ts'
import type { MissingGrant } from './document.ts'
import type { Question } from '../checks/questions.ts'

/** A grant of a holder to somebody who could use it in this case, with what it opens of the holder's lists. */
export interface HeldGrant {
  readonly grant: Hex
  /** How many grants its chain has, itself included. */
  readonly length: number
  /** Undefined where nobody left here what it opens. */
  readonly opened?: {
    readonly items: readonly ScopeItem[]
    readonly purposes: readonly ScopePurpose[]
  }
  /** Uses that are left along its chain; Infinity where nothing is limited. */
  readonly left: number
  /** Place in its chain, from the root, 0, of the first grantee that has no part in the case. */
  readonly outside?: number
  /** Why nothing can be used under it now. */
  readonly dead?: { readonly code: string; readonly hop?: number }
}

/** What is to be used. */
export interface NeededUse {
  readonly subject: {
    readonly kind: 'certificate' | 'material'
    readonly id: string
    readonly type: string
  }
  /** None: the whole material. */
  readonly fields: readonly string[]
  readonly manner: Manner
  /** To be answered, where it is checked and not shown. */
  readonly questions?: readonly Question[]
  /** Codes of the matters: each has to be a purpose of the grant. */
  readonly matters: readonly string[]
  readonly department: Hex
  /** Of the department, 6 digits. */
  readonly region: string | undefined
  /** Grants of a chain, at most. */
  readonly maxDepth: number
  /** Its case needs nothing any more. */
  readonly isDecided?: boolean
}

/** A grant by which the holder allows a use, as long as it has uses left. */
export interface Allowance {
  readonly grant: Hex
  readonly left: number
  /** Fields that it shows; undefined: all. */
  readonly fields: readonly string[] | undefined
}

/** All by which a holder allows a use; and what stops the grant that comes nearest where none does. */
export interface Allowances {
  readonly allowing: readonly Allowance[]
  readonly missing: Omit<MissingGrant, 'holder'>
}

export function findAllowances(grants: readonly HeldGrant[], needed: NeededUse): Allowances {
  const allowing: Allowance[] = []
  let nearest: { readonly rank: number; readonly missing: Omit<MissingGrant, 'holder'> } = {
    rank: -1,
    missing: { code: 'GRANT_MISSING' },
  }
  for (const held of grants) {
    const { grant, left } = held
    const stopped = stoppedBy(held, needed)
    if (stopped === undefined) allowing.push({ grant, left, fields: shownBy(held, needed) })
    else if (stopped.rank > nearest.rank) {
      const { rank, code, hop } = stopped
      nearest = { rank, missing: { code, grant, ...(hop !== undefined && { hop }) } }
    }
  }
  const [used] = allowing
  // None comes nearer than one that was used up.
  if (used !== undefined)
    return { allowing, missing: { code: 'GRANT_USES_EXHAUSTED', grant: used.grant } }
  return { allowing, missing: nearest.missing }
}

/**
 * The first of them that has uses left.
 *
 * @param spent uses that other materials of the case need already, by grant
 */
export function allowedBy(
  { allowing }: Allowances,
  spent: ReadonlyMap<Hex, number>,
): Allowance | undefined {
  return allowing.find(({ grant, left }) => left > (spent.get(grant) ?? 0))
}

/** The later a grant is stopped, the nearer it comes: one about something else tells nobody anything. */
function stoppedBy(
  { opened, dead, length, outside }: HeldGrant,
  needed: NeededUse,
): { readonly rank: number; readonly code: string; readonly hop?: number } | undefined {
  if (opened === undefined) return { rank: 0, code: 'GRANT_VIEW_NOT_KEPT' }
  const beyond = beyondScope(opened, needed)
  if (beyond !== undefined) return beyond
  if (length > needed.maxDepth) return { rank: 3, code: 'GRANT_TOO_DEEP_FOR_MATTER' }
  if (outside !== undefined) return { rank: 3, code: 'GRANTEE_NOT_IN_CASE', hop: outside }
  if (dead !== undefined) return { rank: 4, ...dead }
  return needed.isDecided ? { rank: 5, code: 'CASE_DECIDED' } : undefined
}

/** Whether lists of items and purposes allow a use. */
export function isWithinScope(lists: NonNullable<HeldGrant['opened']>, needed: NeededUse): boolean {
  return beyondScope(lists, needed) === undefined
}

function beyondScope(
  { items, purposes }: NonNullable<HeldGrant['opened']>,
  needed: NeededUse,
): { readonly rank: number; readonly code: string } | undefined {
  // Most grants are about something else: that is told without an error for each.
  if (!items.some((item) => isAbout(item, needed.subject)))
    return { rank: -1, code: 'USE_SUBJECT_NOT_GRANTED' }
  // A grant that is for something else wants another grant, however little or much it shows.
  for (const matter of needed.matters) {
    const purpose = purposeCode(purposes, matter, needed)
    if (purpose !== undefined) return { rank: 1, code: purpose }
  }
  const item = codeOf(() => verifyItems(items, needed))
  return item === undefined ? undefined : { rank: 2, code: item }
}

/** A use names one purpose: one of them has to fit the matter wholly. */
function purposeCode(
  purposes: readonly ScopePurpose[],
  matter: string,
  { department, region }: NeededUse,
): string | undefined {
  const codes = purposes.map((purpose) =>
    codeOf(() => verifyPurpose(purpose, { matter, department, region })),
  )
  if (codes.includes(undefined)) return undefined
  return codes.find((code) => code !== 'USE_PURPOSE_OTHER_MATTER') ?? 'USE_PURPOSE_OTHER_MATTER'
}

/** One item has to show all of it, as when it is used. */
function shownBy({ opened }: HeldGrant, needed: NeededUse): readonly string[] | undefined {
  if (needed.questions !== undefined) return []
  const item = opened?.items.find((one) => codeOf(() => verifyItems([one], needed)) === undefined)
  return item?.fields
}

function codeOf(verify: () => void): string | undefined {
  try {
    verify()
    return undefined
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return error.code
  }
}
