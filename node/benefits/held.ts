import { parseEntry } from '../core/entry.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import { quarantineIdOf, withdrawalIdOf } from '../core/statements/material.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { typeTerm } from '../materials/terms.ts'
import type { TermIndex } from '../store/terms.ts'
import type { HeldMaterial, HeldMaterials } from './evidence.ts'
import { spentTerm } from './spent.ts'

export interface HeldParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
}

/** Of one type and holder; what is older is not looked at. */
const MOST = 256

/** What this ledger's material bank has of holders. */
export class LedgerHeldMaterials implements HeldMaterials {
  readonly #parts: HeldParts

  constructor(parts: HeldParts) {
    this.#parts = parts
  }

  async ofType(holder: Holder, type: string): Promise<HeldMaterial[]> {
    const indexes = await this.#parts.terms.find(typeTerm(holder, type), { limit: MOST })
    const opened = await Promise.all(indexes.map((index) => this.#open(index)))
    const materials = opened.filter((material) => material !== undefined)
    // Only a later one of the same holder and type takes another's place, so that it is found with it.
    const later = new Map(
      materials.flatMap(({ id, supersedes }) =>
        supersedes === undefined ? [] : [[supersedes, id] as const],
      ),
    )
    return Promise.all(materials.map((material) => this.#describe(material, later)))
  }

  async #describe(
    { id, at, fields, caseCode, quarantine }: Opened,
    later: ReadonlyMap<string, string>,
  ): Promise<HeldMaterial> {
    const { terms } = this.#parts
    const supersededBy = later.get(id)
    const withdrawnBy = await this.#said(withdrawalIdOf(id), 'material.withdrawn')
    const quarantined = quarantine && (await this.#quarantineOf(id))
    // What came in for a case serves that case; what a benefit was given for serves no other.
    const spent = (await terms.find(spentTerm(id), { limit: 1 }))[0]
    const usedBy = spent === undefined ? caseCode : `entry ${spent}`
    return {
      id,
      at,
      ...(fields && { fields }),
      ...(supersededBy !== undefined && { supersededBy }),
      ...(withdrawnBy !== undefined && { withdrawnBy }),
      ...(quarantined && { quarantined }),
      ...(usedBy !== undefined && { usedBy }),
    }
  }

  async #open(index: number): Promise<Opened | undefined> {
    const { ledger } = this.#parts
    try {
      const { statement } = await ledger.openStatement(index)
      if (statement.kind !== 'material.submitted') return undefined
      return { ...statement, at: parseEntry(await ledger.getEntry(index)).at }
    } catch (error) {
      // What was erased shows nothing any more.
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }

  async #quarantineOf(id: string): Promise<HeldMaterial['quarantined']> {
    const decision = quarantineIdOf(id)
    if ((await this.#said(decision, 'material.released')) !== undefined) return undefined
    const rejected = await this.#said(decision, 'material.rejected')
    return rejected === undefined ? 'MATERIAL_QUARANTINED' : 'MATERIAL_REJECTED'
  }

  /** The id, where a statement of that id and kind was made. */
  async #said(id: string, kind: string): Promise<string | undefined> {
    const index = await this.#parts.ledger.findIndex(id)
    if (index === undefined) return undefined
    return parseEntry(await this.#parts.ledger.getEntry(index)).kind === kind ? id : undefined
  }
}

type Opened = MaterialSubmitted & { readonly at: string }
