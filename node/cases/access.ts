import type { Hex } from '../core/ethereum/hex.ts'
import { MAX_LEVELS } from '../core/parties/accreditation.ts'
import type { CaseOpened } from '../core/statements/case.ts'

/** Who asks, as the chain has it at this moment. */
export interface Asker {
  /** The department that the account acts for. */
  readonly department?: Hex | undefined
  /** Whether the account is bound to one of these holders now. */
  isOneOf(holders: readonly Hex[]): boolean
}

/** The department above; undefined for the authority. */
export type FindAbove = (department: Hex) => Hex | undefined

/** Its parties 当事人: the applicant, and whoever acts for it. Others whose materials it takes are none. */
export function partiesOf({ applicant, agents = [] }: CaseOpened): Hex[] {
  return [applicant, ...agents]
}

export function isHandler({ acceptedBy, decidedBy }: CaseOpened, department: Hex): boolean {
  return department === acceptedBy || department === decidedBy
}

/** Whether somebody may read a case: its parties, those who handle it, and the departments above these. */
export function mayReadCase(opened: CaseOpened, asker: Asker, above: FindAbove): boolean {
  if (asker.isOneOf(partiesOf(opened))) return true
  const { department } = asker
  if (department === undefined) return false
  return [opened.acceptedBy, opened.decidedBy].some((handler) =>
    isAtOrAbove(department, handler, above),
  )
}

/** A count, not the end of the line, ends the walk. */
export function isAtOrAbove(department: Hex, of: Hex, above: FindAbove): boolean {
  let at: Hex | undefined = of
  for (let level = 0; level <= MAX_LEVELS && at !== undefined; level++) {
    if (at === department) return true
    at = above(at)
  }
  return false
}
