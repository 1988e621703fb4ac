import type { Benefit } from '../core/catalogue/benefit.ts'
import { overlap } from '../core/benefits/period.ts'
import type { Period } from '../core/benefits/period.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Holder } from '../core/statement.ts'
import { batchTerm, givenTerm, grantedTerm, subjectTerm } from '../core/terms/benefits.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Term } from '../core/terms/term.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { BenefitPage, BenefitRecord, BenefitStatement } from './benefits.ts'

export interface BenefitRecordsParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  /** Names what is said once without saying whom it is about. */
  readonly ring: Pick<KeyRing, 'blind'>
}

/** More grants of one benefit nobody has. */
const MOST_GRANTS = 1000

/** What was said of benefits: how it is named, kept and found again. */
export class BenefitRecords {
  readonly #parts: BenefitRecordsParts

  constructor(parts: BenefitRecordsParts) {
    this.#parts = parts
  }

  /**
   * The same benefit, subject and period are the same id, so that of two the log takes one. Blinded by the key ring: by
   * a plain hash, whoever sees the id could find out whose code it is.
   *
   * @param prefix `benefit` of a confirmation, `payout` of a grant
   */
  idOf(
    prefix: 'benefit' | 'payout',
    { code }: Pick<Benefit, 'code'>,
    subject: Holder,
    period: Period,
  ): string {
    const what = JSON.stringify([code, subject.codeType, subject.code, period])
    return `${prefix}-${this.#parts.ring.blind(`${prefix}/once`, what)}`
  }

  /** @throws LedgerError conflict/STATEMENT_ID_TAKEN where other words were said under this id */
  append(statement: BenefitStatement): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const found = foundBy(statement)
    return ledger.append({ statement, writes: (index) => terms.writesOf(found, index) })
  }

  async find(id: string): Promise<BenefitRecord | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    return kind.startsWith('benefit.') ? this.#read(index) : undefined
  }

  /** In this period, also where an earlier version of the benefit counted by longer or shorter ones. */
  async findGrant(
    { code }: Pick<Benefit, 'code'>,
    subject: Holder,
    period: Period,
  ): Promise<BenefitRecord | undefined> {
    const indexes = await this.#parts.terms.find(givenTerm(code, subject), { limit: MOST_GRANTS })
    for (const index of indexes) {
      const record = await this.#read(index)
      if (overlap(record.statement.period, period)) return record
    }
    return undefined
  }

  ofSubject(subject: Holder, page: PageRequest): Promise<BenefitPage> {
    return this.#list(subjectTerm(subject), page)
  }

  granted(code: string, page: PageRequest): Promise<BenefitPage> {
    return this.#list(grantedTerm(code), page)
  }

  ofBatch(code: string, batch: string, page: PageRequest): Promise<BenefitPage> {
    return this.#list(batchTerm(code, batch), page)
  }

  #list(term: Term, page: PageRequest): Promise<BenefitPage> {
    return this.#parts.terms.readPage(term, page, (index) => this.#read(index))
  }

  async #read(index: number): Promise<BenefitRecord> {
    const { ledger } = this.#parts
    const { at } = parseEntry(await ledger.getEntry(index))
    const { statement } = await ledger.openStatement(index)
    if (!isBenefitStatement(statement))
      throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
    return { id: statement.id, index, at, statement }
  }
}

function isBenefitStatement(statement: { readonly kind: string }): statement is BenefitStatement {
  return statement.kind.startsWith('benefit.')
}
