import type { Spent } from '../core/catalogue/singleUse.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Write } from '../store/keyValueStore.ts'
import type { Term, TermIndex } from '../store/terms.ts'

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

  /** For the batch of the statement that spends them, whether they serve once or more often: their types may change. */
  writes(materials: readonly string[], index: number): Write[] {
    const spent = materials.map(spentTerm)
    return [...this.#terms.writes(spent, index), ...this.#terms.marks(spent)]
  }

  async find(material: Pick<MaterialSubmitted, 'id' | 'caseCode'>): Promise<Spent | undefined> {
    return (await this.findAll([material]))[0]
  }

  /** In their order; undefined what went to nothing yet. */
  async findAll(
    materials: readonly Pick<MaterialSubmitted, 'id' | 'caseCode'>[],
  ): Promise<(Spent | undefined)[]> {
    const touched = await this.#touchedOf(materials)
    return Promise.all(
      materials.map(async ({ id, caseCode }) => {
        if (caseCode !== undefined) return { caseCode }
        return touched.has(id) ? this.#read(id) : undefined
      }),
    )
  }

  /** Ids of those that something was said to have spent; what was handed in for a case says so itself. */
  async #touchedOf(
    materials: readonly Pick<MaterialSubmitted, 'id' | 'caseCode'>[],
  ): Promise<ReadonlySet<string>> {
    const ids = materials.flatMap(({ id, caseCode }) => (caseCode === undefined ? [id] : []))
    const marked = await this.#terms.areMarked(ids.map(spentTerm))
    return new Set(ids.filter((_, i) => marked[i]))
  }

  async #read(id: string): Promise<Spent | undefined> {
    // Whatever came later was for the same case.
    const [index] = await this.#terms.find(spentTerm(id), { limit: 1 })
    if (index === undefined) return undefined
    const { statement } = await this.#ledger.openStatement(index)
    const isUse = statement.kind === 'use.released'
    return { by: statement.id, ...(isUse && { caseCode: statement.context.case }) }
  }
}

function spentTerm(material: string): Term {
  return { kind: 'material.spent', value: material }
}
