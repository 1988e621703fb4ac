import type { Hex } from '../ethereum/hex.ts'
import { EVERY_TYPE, rightTo } from './roles.ts'
import type { Role } from './roles.ts'

/** Departments stand at most so far below the authority, as in Departments.sol. */
export const MAX_LEVELS = 8

/** What a department was given; what those above it may do is a question of its own. */
export interface AccreditedDepartment {
  /** Undefined for the authority alone. */
  readonly accreditor: Hex | undefined
  /** See `rightTo` and EVERY_TYPE. */
  readonly rights: number
  /** 0 good, 1 suspended, 2 withdrawn. */
  readonly standing: number
  /** Seconds since 1970, both included. */
  readonly notBefore: number
  readonly notAfter: number
}

/** What is known of departments: now, at a past moment or in a block; a mirror answers it, and so do proven slots. */
export interface DepartmentReader {
  /** Undefined for an address that nobody accredited. */
  departmentOf(department: Hex): AccreditedDepartment | undefined
  /** Whether the department was permitted this certificate type by name at `time`, seconds since 1970. */
  isPermitted(department: Hex, certificateType: Hex, time: number): boolean
}

/**
 * Whether a department may do this at `time`, seconds since 1970: each department from it up to the authority is in
 * good standing, in its window, with the role and the type. The rule of `_hasRights` in Departments.sol.
 *
 * @param role undefined asks for good standing alone
 * @param certificateType undefined asks for the role alone
 */
export function hasRights(
  department: Hex,
  role: Role | undefined,
  certificateType: Hex | undefined,
  time: number,
  reader: DepartmentReader,
): boolean {
  const right = role === undefined ? 0 : rightTo(role)
  let at = department
  // A count, not the end of the line, ends the walk: a reader that was lied to may know departments in a circle.
  for (let level = 0; level <= MAX_LEVELS; level++) {
    const known = reader.departmentOf(at)
    if (known === undefined) return false
    if (known.accreditor === undefined) return true
    if (!isInForce(known, time) || (known.rights & right) !== right) return false
    if (certificateType !== undefined && !mayIssue(at, known, certificateType, time, reader))
      return false
    at = known.accreditor
  }
  return false
}

function isInForce({ standing, notBefore, notAfter }: AccreditedDepartment, time: number): boolean {
  return standing === 0 && time >= notBefore && time <= notAfter
}

function mayIssue(
  department: Hex,
  { rights }: AccreditedDepartment,
  certificateType: Hex,
  time: number,
  reader: DepartmentReader,
): boolean {
  return (rights & EVERY_TYPE) !== 0 || reader.isPermitted(department, certificateType, time)
}
