import type { Head, Hex } from '../chain/chain.ts'
import type { Binding, GrantState } from '../core/grants/world.ts'
import type { Role } from '../core/parties/roles.ts'
import type { Certificates } from './certificates.ts'
import type { Departments } from './departments.ts'
import type { Grants } from './grants.ts'
import type { Holders } from './holders.ts'
import type { MirrorWorld } from './mirror.ts'

export interface WorldParts {
  readonly departments: Departments
  readonly holders: Holders
  readonly certificates: Certificates
  readonly grants: Grants
}

/** The mirror as rules see it. */
export class RegistryWorld implements MirrorWorld {
  readonly time: number
  readonly block: Head
  readonly #parts: WorldParts

  constructor(parts: WorldParts, block: Head, time: number) {
    this.#parts = parts
    this.block = block
    this.time = time
  }

  epochOf(account: Hex): number {
    return this.#parts.grants.epochOf(account)
  }

  stateOf(grant: Hex): GrantState {
    return this.#parts.grants.stateOf(grant)
  }

  bindingOf(holder: Hex, account: Hex): Binding {
    return this.#parts.holders.bindingOf(holder, account)
  }

  accountAs(department: Hex, role: Role): Hex | undefined {
    return this.#parts.departments.accountAs(department, role, undefined, this.time)
  }

  accountOf(department: Hex): Hex {
    return this.#parts.departments.accountOf(department)
  }

  isAccredited(department: Hex, role: Role, certificateType?: Hex): boolean {
    return (
      this.#parts.departments.accountAs(department, role, certificateType, this.time) !== undefined
    )
  }

  statusOf(certificate: Hex): number {
    return this.#parts.certificates.statusOf(certificate)
  }
}
