import type { Hex } from '../ethereum/hex.ts'
import type { DepartmentDescribed, HolderRegistered } from '../statements/party.ts'
import type { Holder } from '../statements/parts.ts'
import type { FoundBy, Term } from './term.ts'

export function foundDepartment({ department }: DepartmentDescribed): FoundBy {
  return { leads: [departmentTerm(department)], newest: [], blocks: [] }
}

export function foundHolder(statement: HolderRegistered): FoundBy {
  return { leads: [holderTerm(statement.holder), codeTerm(statement)], newest: [], blocks: [] }
}

export function departmentTerm(department: string): Term {
  return { kind: 'department', value: department }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'holder', value: holder }
}

/** Finds every id that somebody with this code has. */
export function codeTerm({ codeType, code }: Holder): Term {
  return { kind: 'holder.code', value: `${codeType} ${code}` }
}
