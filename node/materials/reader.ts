import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { MaterialSubmitted, Statement } from '../core/statement.ts'
import type { Ledger, OpenedStatement } from '../ledger/ledger.ts'

export interface OpenedMaterial extends OpenedStatement {
  readonly statement: MaterialSubmitted
  readonly index: number
}

/** What is left of an erased material is its entry. */
export interface FoundMaterial {
  readonly index: number
  readonly opened: OpenedMaterial | undefined
}

export type ReadLedger = Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>

/** Materials by their ids, as the ledger holds them. */
export class MaterialReader {
  readonly #ledger: ReadLedger

  constructor(ledger: ReadLedger) {
    this.#ledger = ledger
  }

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND */
  async find(id: string): Promise<FoundMaterial> {
    const index = await this.#ledger.findIndex(id)
    if (index === undefined) throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
    const { kind } = parseEntry(await this.#ledger.getEntry(index))
    if (kind !== 'material.submitted')
      throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
    return { index, opened: await this.findAt(index) }
  }

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND, MATERIAL_ERASED */
  async require(id: string): Promise<OpenedMaterial> {
    const { opened } = await this.find(id)
    if (opened === undefined) throw new LedgerError('notFound', 'MATERIAL_ERASED', { id })
    return opened
  }

  /** The material of an entry; undefined once erased. */
  async findAt(index: number): Promise<OpenedMaterial | undefined> {
    try {
      const opened = await this.#ledger.openStatement(index)
      if (opened.statement.kind !== 'material.submitted')
        throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
      return { ...opened, statement: opened.statement, index }
    } catch (error) {
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }

  /** Any statement by its id; undefined where there is none, or it was erased. */
  async findStatement(id: string): Promise<{ index: number; statement: Statement } | undefined> {
    const index = await this.#ledger.findIndex(id)
    if (index === undefined) return undefined
    try {
      return { index, statement: (await this.#ledger.openStatement(index)).statement }
    } catch (error) {
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }
}
