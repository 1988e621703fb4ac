import type { Hex } from '../chain/chain.ts'
import { hasRights } from '../core/parties/accreditation.ts'
import type { DepartmentReader } from '../core/parties/accreditation.ts'
import type { Role } from '../core/parties/roles.ts'
import type { DepartmentProfile, MirroredDepartments, Page, PageRequest } from './mirror.ts'
import { readPage } from './pages.ts'
import { bare, covers, latestBy, NO_ADDRESS } from './records.ts'
import type { DepartmentRecord, Terms } from './records.ts'
import type { MirrorState } from './state.ts'

export class Departments implements MirroredDepartments {
  readonly #state: MirrorState

  constructor(state: MirrorState) {
    this.#state = state
  }

  find(department: Hex): DepartmentProfile | undefined {
    const record = this.#record(department)
    return record && profileOf(department, record)
  }

  authority(): Hex | undefined {
    return this.#state.get('about', 'authority') as Hex | undefined
  }

  below(department: Hex, page: PageRequest): Promise<Page<DepartmentProfile>> {
    return readPage(this.#state, ['departmentBelow', bare(department)], page, (below) =>
      this.find(below as Hex),
    )
  }

  isAccredited(
    department: Hex,
    role: Role | undefined,
    certificateType: Hex | undefined,
    at: number,
  ): boolean {
    return hasRights(department, role, certificateType, at, this.#asOf(at))
  }

  accountAs(department: Hex, role: Role, certificateType?: Hex, at = 0): Hex | undefined {
    const now = Math.max(at, this.#state.block?.timestamp ?? 0)
    return this.isAccredited(department, role, certificateType, now)
      ? this.accountOf(department)
      : undefined
  }

  accountOf(department: Hex): Hex {
    return this.#record(department)?.accounts.at(-1)?.account ?? department
  }

  accountOfAt(department: Hex, at: number): Hex {
    return latestBy(this.#record(department)?.accounts ?? [], at)?.account ?? department
  }

  ofAccount(account: Hex): readonly Hex[] {
    return this.#state.get('departmentsOfAccount', bare(account)) ?? []
  }

  /** What was recorded by then; of a time to come, what is recorded now. */
  #asOf(at: number): DepartmentReader {
    return {
      departmentOf: (department) => {
        const record = this.#record(department)
        const terms = record && latestBy(record.terms, at)
        return terms && { ...terms, accreditor: accreditorOf(record) }
      },
      isPermitted: (department, certificateType, time) =>
        this.#record(department)?.types[certificateType]?.some((one) => covers(one, time)) ?? false,
    }
  }

  #record(department: Hex): DepartmentRecord | undefined {
    return this.#state.get('department', bare(department))
  }
}

function accreditorOf({ accreditor }: DepartmentRecord): Hex | undefined {
  return accreditor === NO_ADDRESS ? undefined : accreditor
}

function profileOf(department: Hex, record: DepartmentRecord): DepartmentProfile {
  const { rights, standing, notBefore, notAfter } = record.terms.at(-1) as Terms
  const types = Object.entries(record.types).filter(([, periods]) => periods.at(-1)?.until === 0)
  return {
    department,
    accreditor: accreditorOf(record),
    rights,
    standing,
    notBefore,
    notAfter,
    account: record.accounts.at(-1)?.account ?? department,
    rekeyings: record.accounts.length,
    types: types.map(([type]) => type as Hex),
    accredited: record.accredited,
  }
}
