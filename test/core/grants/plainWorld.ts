import { encode0x, type Hex } from '../../../node/core/ethereum/hex.ts'
import type { Binding, GrantState, GrantWorld } from '../../../node/core/grants/world.ts'
import { hasRights, type DepartmentReader } from '../../../node/core/parties/accreditation.ts'
import { rightTo, type Role } from '../../../node/core/parties/roles.ts'
import type { PlainWorld } from '../../reference/grants.ts'

/** The lists of a vector, as the rules ask for them. */
export class ListedWorld implements GrantWorld, DepartmentReader {
  readonly #world: PlainWorld
  readonly #authority: string

  constructor(world: PlainWorld, authority: string) {
    this.#world = world
    this.#authority = authority
  }

  get time(): number {
    return this.#world.time
  }

  epochOf(account: Hex): number {
    return this.#world.epochs.find((known) => known.account === account)?.epoch ?? 0
  }

  stateOf(grant: Hex): GrantState {
    const known = this.#world.states.find((state) => state.grant === grant)
    const lastUse = encode0x(new Uint8Array(16))
    return { registeredAt: 0, revokedAt: 0, used: 0, ...known, lastUse }
  }

  bindingOf(holder: Hex, account: Hex): Binding {
    const known = this.#world.bindings.find(
      (binding) => binding.holder === holder && binding.account === account,
    )
    return { from: 0, until: 0, grantsEndedAt: 0, ...known }
  }

  accountAs(department: Hex, role: Role): Hex | undefined {
    return hasRights(department, role, undefined, this.time, this)
      ? this.accountOf(department)
      : undefined
  }

  accountOf(department: Hex): Hex {
    return (this.#find(department)?.account ?? department) as Hex
  }

  departmentOf(department: Hex) {
    if (department === this.#authority) {
      const end = 2 ** 40 - 1
      return {
        accreditor: undefined,
        rights: rightTo('user'),
        standing: 0,
        notBefore: 0,
        notAfter: end,
      }
    }
    const known = this.#find(department)
    return known && { ...known, accreditor: known.accreditor as Hex }
  }

  isPermitted(): boolean {
    return false
  }

  #find(department: Hex) {
    return this.#world.departments.find((known) => known.department === department)
  }
}
