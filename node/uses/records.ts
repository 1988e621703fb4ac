import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { UseReleased } from '../core/statements/use.ts'
import { parseDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { Term } from '../core/terms/term.ts'
import { holderTerm, userTerm } from '../core/terms/uses.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ByteRange, Materials } from '../materials/materials.ts'
import type { Reception } from '../materials/reception.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { UsePage, UseRecord } from './uses.ts'

export interface UseRecordsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly reception: Pick<Reception, 'read'>
  readonly materials: Pick<Materials, 'openContent'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Answers that were given, read again, with the copies that were handed out for them. */
export class UseRecords {
  readonly #parts: UseRecordsParts

  constructor(parts: UseRecordsParts) {
    this.#parts = parts
  }

  /** @throws LedgerError notFound/USE_NOT_FOUND */
  async get(id: string): Promise<UseRecord> {
    const index = await this.#parts.ledger.findIndex(id)
    if (index === undefined) throw new LedgerError('notFound', 'USE_NOT_FOUND', { id })
    return this.getAt(index)
  }

  /** @throws LedgerError notFound/USE_NOT_FOUND: another kind of statement has that place */
  async getAt(index: number): Promise<UseRecord> {
    const { statement } = await this.#parts.ledger.openStatement(index)
    if (statement.kind !== 'use.released' && statement.kind !== 'use.refused')
      throw new LedgerError('notFound', 'USE_NOT_FOUND', { index })
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    return { id: statement.id, index, at, statement }
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<UsePage> {
    return this.#list(holderTerm(holder), page)
  }

  ofUser(user: Hex, page: PageRequest): Promise<UsePage> {
    return this.#list(userTerm(user), page)
  }

  /** As `Uses.openCopy`. */
  async openCopy(id: string): Promise<Readable> {
    const { index, statement } = await this.get(id)
    this.#requireLive(statement)
    try {
      return await this.#readCopy(index)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // It may have moved, with its segment, since its location was read.
      return this.#readCopy(index)
    }
  }

  /** As `Uses.openContent`. */
  async openContent(id: string, range?: ByteRange): Promise<Readable> {
    const { statement } = await this.get(id)
    const { subject } = this.#requireLive(statement)
    // The copy says what was released: of what is sensitive, fields alone.
    const { material } = parseDerivedCopy(await buffer(await this.openCopy(id)))
    if (material === undefined) throw new LedgerError('notFound', 'USE_WITHOUT_CONTENT', { id })
    return this.#parts.materials.openContent(subject.id, range)
  }

  #list(term: Term, page: PageRequest): Promise<UsePage> {
    return this.#parts.terms.readPage(term, page, (index) => this.getAt(index))
  }

  async #readCopy(index: number): Promise<Readable> {
    const { location, dataKey } = await this.#parts.ledger.openStatement(index)
    if (location === undefined) throw new LedgerError('corrupt', 'CONTENT_MISSING', { index })
    return this.#parts.reception.read(location, dataKey)
  }

  #requireLive(statement: UseRecord['statement']): UseReleased {
    const { id } = statement
    if (statement.kind === 'use.refused')
      throw new LedgerError('notFound', 'USE_NOTHING_RELEASED', { id })
    if (this.#parts.now() / 1000 >= statement.expires)
      throw new LedgerError('forbidden', 'DERIVED_COPY_EXPIRED', { expires: statement.expires })
    return statement
  }
}
