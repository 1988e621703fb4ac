import type { Hex } from '../ethereum/hex.ts'
import { isLedgerError } from '../errors.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import { verifyPurpose } from '../grants/use.ts'
import { verifyItems } from '../uses/decide.ts'
import type { Manner } from '../uses/documents.ts'
import type { MissingGrant } from './document.ts'

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
  /** Codes of the matters: each has to be a purpose of the grant. */
  readonly matters: readonly string[]
  readonly department: Hex
  /** Of the department, 6 digits. */
  readonly region: string | undefined
  /** Grants of a chain, at most. */
  readonly maxDepth: number
}

export type Permission =
  | {
      readonly grant: Hex
      /** Fields that it shows; undefined: all. */
      readonly fields: readonly string[] | undefined
    }
  | { readonly missing: Omit<MissingGrant, 'holder'> }

/**
 * The first grant by which the holder allows a use; else what stops the one that comes nearest.
 *
 * @param spent uses that other materials of the case need already, by grant
 */
export function findPermission(
  grants: readonly HeldGrant[],
  needed: NeededUse,
  spent: ReadonlyMap<Hex, number>,
): Permission {
  let nearest: { readonly rank: number; readonly missing: Omit<MissingGrant, 'holder'> } = {
    rank: -1,
    missing: { code: 'GRANT_MISSING' },
  }
  for (const held of grants) {
    const stopped = stoppedBy(held, needed, spent.get(held.grant) ?? 0)
    if (stopped === undefined) return { grant: held.grant, fields: shownBy(held, needed) }
    const { rank, code, hop } = stopped
    if (rank > nearest.rank)
      nearest = {
        rank,
        missing: { code, grant: held.grant, ...(hop !== undefined && { hop }) },
      }
  }
  return { missing: nearest.missing }
}

/** The later a grant is stopped, the nearer it comes: one about something else tells nobody anything. */
function stoppedBy(
  { opened, dead, length, left }: HeldGrant,
  needed: NeededUse,
  spent: number,
): { readonly rank: number; readonly code: string; readonly hop?: number } | undefined {
  if (opened === undefined) return { rank: 0, code: 'GRANT_VIEW_NOT_KEPT' }
  const { items, purposes } = opened
  const item = codeOf(() => verifyItems(items, needed))
  if (item === 'USE_SUBJECT_NOT_GRANTED') return { rank: -1, code: item }
  if (item !== undefined) return { rank: 2, code: item }
  for (const matter of needed.matters) {
    const purpose = purposeCode(purposes, matter, needed)
    if (purpose !== undefined) return { rank: 1, code: purpose }
  }
  if (length > needed.maxDepth) return { rank: 3, code: 'GRANT_TOO_DEEP_FOR_MATTER' }
  if (dead !== undefined) return { rank: 4, ...dead }
  return left > spent ? undefined : { rank: 5, code: 'GRANT_USES_EXHAUSTED' }
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
