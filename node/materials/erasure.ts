import { encodeHex, utf8 } from '../core/bytes.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { sha256 } from '../core/hash/hash.ts'
import type { MaterialErased } from '../core/statement.ts'
import { sharedNameOf } from '../core/statements/material.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Turns } from '../core/turns.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import type { Erasure } from './materials.ts'
import type { MaterialReader, OpenedMaterial } from './reader.ts'
import type { Reception, Resealed } from './reception.ts'
import type { SharedContents } from './sharing.ts'

export interface EraserParts {
  readonly ledger: Ledger
  readonly reception: Reception
  readonly terms: TermIndex
  readonly reader: MaterialReader
  readonly sharing: SharedContents
  readonly turns: Turns
  /** The room of a content may be reclaimed. */
  readonly onErased: () => void
}

/** Makes materials unreadable for good: the key of each dies, and nothing finds it any more by whose it was. */
export class MaterialEraser {
  readonly #parts: EraserParts

  constructor(parts: EraserParts) {
    this.#parts = parts
  }

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND, conflict/MATERIAL_ERASED: for another reason */
  erase(id: string, erasure: Erasure): Promise<Appended> {
    const { turns, reader } = this.#parts
    // No later version may come in meanwhile, and nobody may come to share its bytes.
    return turns.take(`version ${id}`, async () => {
      const { index, opened } = await reader.find(id)
      const name = opened && sharedNameOf(opened.statement)
      if (name === undefined) return this.#append(id, index, opened, erasure)
      return turns.take(`content ${name}`, async () => {
        // It may have inherited the bytes since.
        const { opened: now } = await reader.find(id)
        return this.#append(id, index, now, erasure)
      })
    })
  }

  async #append(
    id: string,
    index: number,
    opened: OpenedMaterial | undefined,
    erasure: Erasure,
  ): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const statement = await this.#state(id, index, opened, erasure)
    try {
      if (opened === undefined)
        return await ledger.append({
          statement,
          erases: { index, location: undefined },
          writes: (at) => terms.writesOf(foundBy(statement), at),
        })
      return await this.#erase(opened, statement)
    } catch (error) {
      // The same id with other words: it was erased before, for another reason.
      if (isLedgerError(error, 'STATEMENT_ID_TAKEN'))
        throw new LedgerError('conflict', 'MATERIAL_ERASED', { id }, { cause: error })
      throw error
    }
  }

  async #erase(opened: OpenedMaterial, statement: MaterialErased): Promise<Appended> {
    const { ledger, reception, sharing, terms, onErased } = this.#parts
    const { index, location } = opened
    const heir = await sharing.heirOf(opened)
    const inherited = heir && (await this.#reseal(opened, heir))
    try {
      const holdsContent = location !== undefined
      const { leads } = foundBy(opened.statement, { holdsContent, isUndecided: true })
      const appended = await ledger.append({
        statement,
        erases: { index, location },
        writes: (at) => [
          ...terms.deletions(leads, index),
          ...sharing.erasures(opened),
          ...(heir && inherited ? sharing.inheritance(heir, inherited.location) : []),
          ...terms.writesOf(foundBy(statement), at),
        ],
      })
      await inherited?.settle()
      if (location !== undefined) {
        await reception.remove(location)
        onErased()
      }
      return appended
    } catch (error) {
      if (heir && inherited) await this.#clearUp(heir, inherited)
      throw error
    }
  }

  #reseal({ location, dataKey }: OpenedMaterial, heir: OpenedMaterial): Promise<Resealed> {
    if (location === undefined) throw new TypeError('only an owner has an heir')
    return this.#parts.reception.reseal(location, dataKey, heir.dataKey)
  }

  /** The log decides what became of it: it may be there although something failed later. */
  async #clearUp(heir: OpenedMaterial, inherited: Resealed): Promise<void> {
    const now = await this.#parts.reader.findAt(heir.index)
    await (now?.location === undefined ? inherited.discard() : inherited.settle())
  }

  /** Follows from the material: two erasures for the same reason are the same entry. */
  async #state(
    id: string,
    index: number,
    opened: OpenedMaterial | undefined,
    erasure: Erasure,
  ): Promise<MaterialErased> {
    const statementId = `erasure-${encodeHex(sha256(utf8(id)).subarray(0, 24))}`
    const { reason, legalBasis, by } = erasure
    const supersedes =
      opened === undefined ? await this.#supersededBy(statementId) : opened.statement.supersedes
    return {
      v: 1,
      id: statementId,
      kind: 'material.erased',
      material: id,
      index,
      reason,
      legalBasis,
      by,
      ...(supersedes !== undefined && { supersedes }),
    }
  }

  /** What an erased material took the place of: its erasure alone still says so. */
  async #supersededBy(erasure: string): Promise<string | undefined> {
    const known = (await this.#parts.reader.findStatement(erasure))?.statement
    return known?.kind === 'material.erased' ? known.supersedes : undefined
  }
}
