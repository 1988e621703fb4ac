import type { Spent } from '../core/catalogue/singleUse.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { spentTerm } from '../core/terms/materials.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'

/**
 * What materials went to: the case that one was handed in for, as it says itself; the uses that were released of it and
 * the benefits that were granted by it. Only of those that serve once does it matter.
 */
export class Spendings {
  readonly #ledger: Pick<Ledger, 'openStatement'>
  readonly #terms: TermIndex

  constructor(ledger: Pick<Ledger, 'openStatement'>, terms: TermIndex) {
    this.#ledger = ledger
    this.#terms = terms
  }

  async find(material: Pick<MaterialSubmitted, 'id' | 'caseCode'>): Promise<Spent | undefined> {
    return (await this.findAll([material]))[0]
  }

  /** In their order; undefined what went to nothing yet. */
  async findAll(
    materials: readonly Pick<MaterialSubmitted, 'id' | 'caseCode'>[],
  ): Promise<(Spent | undefined)[]> {
    const spent = await this.#terms.findNewest(materials.map(({ id }) => spentTerm(id)))
    return Promise.all(
      materials.map(async ({ caseCode }, i) => {
        // What was handed in for a case says so itself.
        if (caseCode !== undefined) return { caseCode }
        const index = spent[i]
        return index === undefined ? undefined : this.#read(index)
      }),
    )
  }

  /** The newest says it for all: whatever came later was for the same case. */
  async #read(index: number): Promise<Spent | undefined> {
    const { statement } = await this.#ledger.openStatement(index)
    const isUse = statement.kind === 'use.released'
    return { by: statement.id, ...(isUse && { caseCode: statement.context.case }) }
  }
}
