import { isEndless, formatTime } from '../../../node/core/acts/phrases.ts'
import type { Department } from '../../http/departments/schema.ts'
import { paint } from '../context.ts'

export function formatDepartment(department: Department): string {
  const { address, name, region, rights, everyType, types, standing, account, notAfter, inForce } =
    department
  const state = inForce.is ? paint('green', 'in force') : paint('red', `not in force (${standing})`)
  return [
    `${address}  ${name ?? 'without a name'}  ${state}`,
    `  rights   ${rights.join(', ') || 'none'}; in force: ${inForce.roles.join(', ') || 'none'}`,
    `  types    ${everyType ? 'every certificate type' : types.join(', ') || 'none'}`,
    `  account  ${account}`,
    `  until    ${isEndless(notAfter, 40) ? 'no end' : formatTime(notAfter, 8)}`,
    ...(region === undefined ? [] : [`  region   ${region}`]),
  ].join('\n')
}
