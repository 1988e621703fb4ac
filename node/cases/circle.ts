import type { Hex } from '../core/ethereum/hex.ts'
import type { GrantWorld } from '../core/grants/world.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { holdersByRole } from './roles.ts'
import type { HoldersByRole } from './roles.ts'

/** Who has a part in a case. */
export interface InCase {
  readonly departments: readonly Hex[]
  readonly parties: HoldersByRole
}

/** Those whom a case names and who handle it. @param department that would use something for it */
export function inCase(opened: CaseOpened, department: Hex): InCase {
  const { acceptedBy, decidedBy } = opened
  return { departments: [department, acceptedBy, decidedBy], parties: holdersByRole(opened) }
}

/** The first grantee of a chain that has no part in a case. */
export interface Outsider {
  readonly account: Hex
  /** Its place in the chain, from the root, 0. */
  readonly hop: number
}

/**
 * By whose hands what is used for a case may have come: its parties, its agents and those who handle it. Agents are
 * those whom the matter takes, see `requireAgents`. Resolutions foresee by it what uses are then held to.
 */
export class CaseCircle {
  readonly #departments: readonly Hex[]
  readonly #holders: readonly Hex[]
  readonly #directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>
  readonly #world: Pick<GrantWorld, 'bindingOf'>
  #ids: Promise<Hex[]> | undefined

  /** @param world says whose an account is */
  constructor(
    { departments, parties }: InCase,
    directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode'>,
    world: Pick<GrantWorld, 'bindingOf'>,
  ) {
    this.#departments = departments
    this.#holders = [...new Set(Object.values(parties).flatMap((ids = []) => ids))]
    this.#directory = directory
    this.#world = world
  }

  /** @param grantees of a chain of grants, the root's first */
  async findOutsider(grantees: readonly Hex[]): Promise<Outsider | undefined> {
    for (const [hop, account] of grantees.entries())
      if (!(await this.#holds(account))) return { account, hop }
    return undefined
  }

  async #holds(account: Hex): Promise<boolean> {
    if (this.#departments.includes(account) || this.#isOneOf(this.#holders, account)) return true
    this.#ids ??= this.#everyId()
    return this.#isOneOf(await this.#ids, account)
  }

  #isOneOf(holders: readonly Hex[], account: Hex): boolean {
    return holders.some((holder) => {
      const { from, until } = this.#world.bindingOf(holder, account)
      return from !== 0 && until === 0
    })
  }

  /** Somebody may be known by several ids, and act by any of them. */
  async #everyId(): Promise<Hex[]> {
    const ids = this.#holders.map(async (id) => {
      const known = await this.#directory.holderOf(id)
      return known === undefined ? [] : this.#directory.holdersWithCode(known)
    })
    return (await Promise.all(ids)).flat().map(({ holder }) => holder)
  }
}
