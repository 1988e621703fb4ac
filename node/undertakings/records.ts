import type { Term } from '../core/terms/term.ts'
import {
  brokenTerm,
  caseTerm,
  checkTerm,
  departmentTerm,
  holderTerm,
} from '../core/terms/undertakings.ts'
import type { Logged } from '../cases/cases.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { UndertakingChecked } from '../core/statements/undertaking.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import { stateOf } from './undertakings.ts'
import type { UndertakingPage, UndertakingRecord } from './undertakings.ts'

export interface UndertakingRecordsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
}

/** Materials that a matter asks for, at most. */
const MOST_OF_CASE = 100
/** Checks of one undertaking, and broken ones of one holder, that are looked at. */
const MOST_CHECKS = 64

/** What was undertaken and found of it, read again. */
export class UndertakingRecords {
  readonly #parts: UndertakingRecordsParts

  constructor(parts: UndertakingRecordsParts) {
    this.#parts = parts
  }

  async find(id: string): Promise<UndertakingRecord | undefined> {
    const index = await this.#parts.ledger.findIndex(id)
    return index === undefined ? undefined : this.#read(index)
  }

  /** @throws LedgerError notFound/UNDERTAKING_NOT_FOUND */
  async get(id: string): Promise<UndertakingRecord> {
    const found = await this.find(id)
    if (found === undefined)
      throw new LedgerError('notFound', 'UNDERTAKING_NOT_FOUND', { undertaking: id })
    return found
  }

  async ofCase(code: string): Promise<readonly UndertakingRecord[]> {
    return (await this.#list(caseTerm(code), { limit: MOST_OF_CASE })).items
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<UndertakingPage> {
    return this.#list(holderTerm(holder), page)
  }

  ofDepartment(department: Hex, page: PageRequest): Promise<UndertakingPage> {
    return this.#list(departmentTerm(department), page)
  }

  /** As `Undertakings.brokenBy`. */
  async brokenBy(holders: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
    const found = await Promise.all(
      holders.map(async (holder) => [holder, await this.#brokenBy(holder)] as const),
    )
    return new Map(found.flatMap(([holder, id]) => (id === undefined ? [] : [[holder, id]])))
  }

  async #brokenBy(holder: Hex): Promise<string | undefined> {
    const checked = await this.#parts.terms.find(brokenTerm(holder), { limit: MOST_CHECKS })
    const ids = new Set<string>()
    for (const index of checked) {
      const check = await this.#checkAt(index)
      if (check !== undefined) ids.add(check.statement.undertaking)
    }
    for (const id of ids) if (stateOf(await this.get(id)) === 'broken') return id
    return undefined
  }

  #list(term: Term, page: PageRequest): Promise<UndertakingPage> {
    return this.#parts.terms.readPage(term, page, (index) => this.#read(index))
  }

  /** Undefined where another kind of statement has that place. */
  async #read(index: number): Promise<UndertakingRecord | undefined> {
    const { ledger, terms } = this.#parts
    const { at, kind } = parseEntry(await ledger.getEntry(index))
    if (kind !== 'undertaking.given') return undefined
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'undertaking.given') return undefined
    const found = await terms.find(checkTerm(statement.id), { limit: MOST_CHECKS })
    const checks = await Promise.all(found.map((one) => this.#checkAt(one)))
    return { index, at, statement, checks: checks.filter((check) => check !== undefined) }
  }

  async #checkAt(index: number): Promise<Logged<UndertakingChecked> | undefined> {
    const { ledger } = this.#parts
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'undertaking.checked') return undefined
    return { index, at: parseEntry(await ledger.getEntry(index)).at, statement }
  }
}
