import { findCertificateType } from '../../../node/core/acts/certificateType.ts'
import { EVERY_TYPE, ROLES, rightTo } from '../../../node/core/parties/roles.ts'
import type { DepartmentProfile, Mirror } from '../../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { Department } from './schema.ts'

export interface PresentParts {
  readonly mirror: Pick<Mirror, 'departments'>
  readonly directory: Pick<PartyDirectory, 'departmentOf'>
}

const STANDINGS = ['good', 'suspended', 'withdrawn'] as const

/** @param at seconds since 1970 */
export async function presentDepartment(
  profile: DepartmentProfile,
  at: number,
  { mirror: { departments }, directory }: PresentParts,
): Promise<Department> {
  const { department, accreditor, rights, standing, notBefore, notAfter, account, types } = profile
  const { time, block, transaction } = profile.accredited
  const described = await directory.departmentOf(department)
  const { name, region, code } = described ?? {}
  return {
    address: department,
    ...(name !== undefined && { name }),
    ...(region !== undefined && { region }),
    ...(code !== undefined && { code }),
    ...(accreditor !== undefined && { accreditor }),
    account,
    rights: ROLES.filter((role) => (rights & rightTo(role)) !== 0),
    everyType: (rights & EVERY_TYPE) !== 0,
    types: types.map((type) => findCertificateType(type) ?? type),
    standing: STANDINGS[standing] ?? 'withdrawn',
    notBefore,
    notAfter,
    accredited: { time, block, transaction },
    inForce: {
      at,
      is: departments.isAccredited(department, undefined, undefined, at),
      roles: ROLES.filter((role) => departments.isAccredited(department, role, undefined, at)),
      account: departments.accountOfAt(department, at),
    },
  }
}
