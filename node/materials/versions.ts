import { isDeepStrictEqual } from 'node:util'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { withdrawalIdOf } from '../core/statements/material.ts'
import { successorTerm } from '../core/terms/materials.ts'
import type { TermIndex } from '../store/terms.ts'
import type { MaterialReader, ReadLedger } from './reader.ts'

export interface Successor {
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** Undefined once erased: what it took the place of does not come back. */
  readonly statement: MaterialSubmitted | undefined
}

/** A material that says which earlier one it takes the place of. */
export type LaterVersion = MaterialSubmitted & { readonly supersedes: string }

/** Which material took the place of which: one of each, and the newest is the one that counts. */
export class Versions {
  readonly #ledger: ReadLedger
  readonly #reader: MaterialReader
  readonly #terms: TermIndex

  constructor(ledger: ReadLedger, reader: MaterialReader, terms: TermIndex) {
    this.#ledger = ledger
    this.#reader = reader
    this.#terms = terms
  }

  /** Whether something took the place of each. */
  async areSuperseded(ids: readonly string[]): Promise<boolean[]> {
    const successors = await this.#terms.findNewest(ids.map(successorTerm))
    return successors.map((index) => index !== undefined)
  }

  /** What took the place of a material. */
  async successorOf(id: string): Promise<Successor | undefined> {
    const [index] = await this.#terms.findNewest([successorTerm(id)])
    if (index === undefined) return undefined
    const { at, kind } = parseEntry(await this.#ledger.getEntry(index))
    if (kind === 'material.erased') return this.#erasedSuccessor(index)
    return { at, statement: (await this.#reader.findAt(index))?.statement }
  }

  /** Of one that was erased, its erasure alone still says so. */
  async #erasedSuccessor(erasure: number): Promise<Successor> {
    const { statement } = await this.#ledger.openStatement(erasure)
    if (statement.kind !== 'material.erased')
      throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index: erasure })
    const { at } = parseEntry(await this.#ledger.getEntry(statement.index))
    return { at, statement: undefined }
  }

  /**
   * That a material may take the place that it says. Only while nothing else may happen to the earlier one.
   *
   * @param chosen its id, where that was not given by the ledger
   * @returns its id, or that of the same that was said before
   * @throws LedgerError notFound/MATERIAL_NOT_FOUND, MATERIAL_ERASED
   * @throws LedgerError conflict/MATERIAL_SUPERSEDES_OTHER {part}, MATERIAL_WITHDRAWN, MATERIAL_SUPERSEDED {by}
   */
  async require(later: LaterVersion, chosen: string | undefined): Promise<string> {
    const { supersedes } = later
    const successor = await this.successorOf(supersedes)
    const known = successor?.statement
    if (known && isSame(later, known) && (chosen ?? known.id) === known.id) return known.id
    // The ledger compares what has the same id, and refuses what differs.
    if (known && known.id === chosen) return known.id
    const { statement: earlier } = await this.#reader.require(supersedes)
    // What belongs to nobody has no later version either: anybody could push it out of its place.
    if (earlier.holder === undefined || !isDeepStrictEqual(earlier.holder, later.holder))
      throw new LedgerError('conflict', 'MATERIAL_SUPERSEDES_OTHER', { part: 'holder' })
    // Who else has something newer hands it in beside the earlier one, and cannot push that out of its place.
    if (earlier.submitter !== later.submitter)
      throw new LedgerError('conflict', 'MATERIAL_SUPERSEDES_OTHER', { part: 'submitter' })
    if (earlier.type !== later.type)
      throw new LedgerError('conflict', 'MATERIAL_SUPERSEDES_OTHER', { part: 'type' })
    if (successor !== undefined) {
      const details = { material: supersedes, ...(known && { by: known.id }) }
      throw new LedgerError('conflict', 'MATERIAL_SUPERSEDED', details)
    }
    if ((await this.#ledger.findIndex(withdrawalIdOf(supersedes))) !== undefined)
      throw new LedgerError('conflict', 'MATERIAL_WITHDRAWN', { material: supersedes })
    return later.id
  }
}

/** Whether the same was said, whatever id it got and by whichever version of its type it was judged. */
function isSame(later: MaterialSubmitted, known: MaterialSubmitted): boolean {
  const { id, catalogue, recognised } = known
  const judged = { id, catalogue, recognised }
  return isDeepStrictEqual({ ...later, ...judged }, { ...known, ...judged })
}
