import { parseEntry } from '../core/entry.ts'
import type { Holder } from '../core/statement.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { MaterialReader } from '../materials/reader.ts'
import { Spendings } from '../materials/spendings.ts'
import { ENDED } from '../materials/states.ts'
import { Standings } from '../materials/standing.ts'
import type { LoggedMaterial } from '../materials/standing.ts'
import { typeTerm } from '../materials/terms.ts'
import type { TermIndex } from '../store/terms.ts'
import type { HeldMaterial, HeldMaterials } from './evidence.ts'

export interface HeldParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
}

/** Of one type and holder; what is older is not looked at. */
const MOST = 256

/** What this ledger's material bank has of holders. */
export class LedgerHeldMaterials implements HeldMaterials {
  readonly #parts: HeldParts
  readonly #reader: MaterialReader
  readonly #standings: Standings
  readonly #spendings: Spendings

  constructor(parts: HeldParts) {
    const { ledger, terms } = parts
    this.#parts = parts
    this.#reader = new MaterialReader(ledger)
    this.#standings = new Standings(ledger, terms)
    this.#spendings = new Spendings(ledger, terms)
  }

  async ofType(holder: Holder, type: string): Promise<HeldMaterial[]> {
    const indexes = await this.#parts.terms.find(typeTerm(holder, type), { limit: MOST })
    const found = await Promise.all(indexes.map((index) => this.#find(index)))
    const held = found.filter((material) => material !== undefined)
    const [standings, spendings] = await Promise.all([
      this.#standings.ofAll(held),
      this.#spendings.findAll(held.map(({ statement }) => statement)),
    ])
    return held.map(({ at, statement: { id, fields } }, i) => {
      const because = ENDED[standings[i]?.state ?? 'current']
      const usedBy = spendings[i]?.by ?? spendings[i]?.caseCode
      return {
        id,
        at,
        ...(fields && { fields }),
        ...(because !== undefined && { because }),
        ...(usedBy !== undefined && { usedBy }),
      }
    })
  }

  /** What was erased shows nothing any more. */
  async #find(index: number): Promise<LoggedMaterial | undefined> {
    const opened = await this.#reader.findAt(index)
    if (opened === undefined) return undefined
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    return { at, statement: opened.statement }
  }
}
