import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import { isSpentFor } from '../core/catalogue/singleUse.ts'
import type { Spent } from '../core/catalogue/singleUse.ts'
import { LedgerError } from '../core/errors.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { Turns } from '../core/turns.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import type { MaterialTypes } from './soundness.ts'
import { Spendings } from './spendings.ts'

export interface SingleUsesParts {
  readonly ledger: Pick<Ledger, 'openStatement'>
  readonly terms: TermIndex
  readonly types: MaterialTypes
  /** The case, and those that share what it was given. */
  readonly casesWith: (caseCode: string) => Promise<ReadonlySet<string>>
  /** The case that a use of this material is being counted for. Unless given, none is. */
  readonly promisedTo?: (material: string) => Promise<string | undefined>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Material = Pick<MaterialSubmitted, 'id' | 'type'>

/**
 * Lets what serves once serve once, by the version of its type that is in force on the day. Whoever would spend
 * something waits here for whoever is about to: uses and benefits of a node share this.
 */
export class SingleUses {
  readonly spendings: Spendings
  readonly #parts: SingleUsesParts
  readonly #turns = new Turns()

  constructor(parts: SingleUsesParts) {
    this.#parts = parts
    this.spendings = new Spendings(parts.ledger, parts.terms)
  }

  /** Runs a step alone with whatever of these materials serves once, and at once where there is none. */
  inTurn<T>(
    materials: readonly Material[],
    step: () => Promise<T>,
    day = this.#today(),
  ): Promise<T> {
    const single = materials.filter(({ type }) => this.#servesOnce(type, day))
    return this.#turns.take(
      single.map(({ id }) => id),
      step,
    )
  }

  /**
   * That no use and no benefit spent any of these, in turn.
   *
   * @throws LedgerError unavailable/MATERIAL_BEING_USED {id}: a use of it is being counted
   */
  async areUnspent(materials: readonly Material[], day: Day): Promise<boolean> {
    const single = materials.filter(({ type }) => this.#servesOnce(type, day))
    for (const { id } of single)
      if ((await this.#parts.promisedTo?.(id)) !== undefined) throw beingUsed(id)
    return (await this.spendings.findAll(single)).every((spent) => spent === undefined)
  }

  /**
   * That a material may be used for a case.
   *
   * @throws LedgerError conflict/MATERIAL_SINGLE_USE_SPENT {id, by}: without `by`, it was handed in for another case
   * @throws LedgerError unavailable/MATERIAL_BEING_USED {id}: a use of it is being counted for another case
   */
  async require(material: MaterialSubmitted, caseCode: string): Promise<void> {
    const { id, type } = material
    if (!this.#servesOnce(type, this.#today())) return
    const spent = await this.spendings.find(material)
    const promised = spent ?? (await this.#promised(id))
    if (promised === undefined || !isSpentFor(await this.casesWith(caseCode), promised)) return
    if (spent === undefined) throw beingUsed(id)
    const { by } = spent
    throw new LedgerError('conflict', 'MATERIAL_SINGLE_USE_SPENT', { id, ...(by && { by }) })
  }

  casesWith(caseCode: string): Promise<ReadonlySet<string>> {
    return this.#parts.casesWith(caseCode)
  }

  async #promised(id: string): Promise<Spent | undefined> {
    const caseCode = await this.#parts.promisedTo?.(id)
    return caseCode === undefined ? undefined : { caseCode }
  }

  /** Of a type that nobody published nobody has said so. */
  #servesOnce(type: string, day: Day): boolean {
    return this.#parts.types.find('materialType', type, day)?.reusable === false
  }

  #today(): Day {
    return dayOf(this.#parts.now())
  }
}

function beingUsed(id: string): LedgerError {
  return new LedgerError('unavailable', 'MATERIAL_BEING_USED', { id })
}
