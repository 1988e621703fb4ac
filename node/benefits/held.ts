import { isLedgerError } from '../core/errors.ts'
import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Materials } from '../materials/materials.ts'
import type { MaterialState } from '../materials/standing.ts'
import { typeTerm } from '../materials/terms.ts'
import type { TermIndex } from '../store/terms.ts'
import type { HeldMaterial, HeldMaterials } from './evidence.ts'
import { spentTerm } from './spent.ts'

export interface HeldParts {
  readonly ledger: Pick<Ledger, 'openStatement'>
  readonly terms: TermIndex
  readonly materials: Pick<Materials, 'get'>
}

/** Of one type and holder; what is older is not looked at. */
const MOST = 256

/** Why a material is not to be used, whatever its type says. */
const ENDED: Readonly<Record<MaterialState, string | undefined>> = {
  current: undefined,
  superseded: 'MATERIAL_SUPERSEDED',
  withdrawn: 'MATERIAL_WITHDRAWN',
  quarantined: 'MATERIAL_QUARANTINED',
  rejected: 'MATERIAL_REJECTED',
  erased: 'MATERIAL_ERASED',
}

/** What this ledger's material bank has of holders. */
export class LedgerHeldMaterials implements HeldMaterials {
  readonly #parts: HeldParts

  constructor(parts: HeldParts) {
    this.#parts = parts
  }

  async ofType(holder: Holder, type: string): Promise<HeldMaterial[]> {
    const indexes = await this.#parts.terms.find(typeTerm(holder, type), { limit: MOST })
    const opened = await Promise.all(indexes.map((index) => this.#open(index)))
    const held = opened.filter((material) => material !== undefined)
    return Promise.all(held.map((material) => this.#describe(material)))
  }

  async #describe({ id, fields, caseCode }: MaterialSubmitted): Promise<HeldMaterial> {
    const { terms, materials } = this.#parts
    const { at, standing } = await materials.get(id)
    const because = ENDED[standing.state]
    // What came in for a case serves that case; what a benefit was given for serves no other.
    const spent = (await terms.find(spentTerm(id), { limit: 1 }))[0]
    const usedBy = spent === undefined ? caseCode : `entry ${spent}`
    return {
      id,
      at,
      ...(fields && { fields }),
      ...(because !== undefined && { because }),
      ...(usedBy !== undefined && { usedBy }),
    }
  }

  async #open(index: number): Promise<MaterialSubmitted | undefined> {
    try {
      const { statement } = await this.#parts.ledger.openStatement(index)
      return statement.kind === 'material.submitted' ? statement : undefined
    } catch (error) {
      // What was erased shows nothing any more.
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }
}
