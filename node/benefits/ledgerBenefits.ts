import { randomUUID } from 'node:crypto'
import { reasonsOf } from '../core/benefits/finding.ts'
import type { BenefitFinding } from '../core/benefits/finding.ts'
import { fieldsRead, judgeBenefit, judgeTarget } from '../core/benefits/judge.ts'
import { overlap, periodOf } from '../core/benefits/period.ts'
import type { Period } from '../core/benefits/period.ts'
import { requireNoUpload } from '../core/benefits/uploads.ts'
import type { Benefit } from '../core/catalogue/benefit.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { EntryOf } from '../core/catalogue/entry.ts'
import { requireHolderCode } from '../core/checks/holder.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import type { BenefitConfirmed, BenefitGranted } from '../core/statements/benefit.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { Page, Term, TermIndex } from '../store/terms.ts'
import { inBatches } from './batches.ts'
import type {
  BatchLine,
  BenefitPage,
  BenefitRecord,
  BenefitRun,
  Benefits,
  BenefitStatement,
  CheckedSubject,
  Confirming,
  GrantedSubject,
} from './benefits.ts'
import type { EvidenceReader } from './evidence.ts'
import { spentTerm } from './spent.ts'

/** The catalogue, by what is in force on a day. */
export interface BenefitCatalogue {
  /** @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE */
  get<Kind extends 'benefit' | 'materialType'>(kind: Kind, code: string, day: Day): EntryOf<Kind>
}

export interface BenefitsParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  /** Names what is said once without saying whom it is about. */
  readonly ring: Pick<KeyRing, 'blind'>
  readonly catalogue: BenefitCatalogue
  readonly evidence: EvidenceReader
  readonly directory: Pick<PartyDirectory, 'holderOf'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** More grants of one benefit nobody has. */
const MOST_GRANTS = 1000

/** Benefits on top of the ledger: a statement for each look, confirmation and grant. */
export class LedgerBenefits implements Benefits {
  readonly #parts: BenefitsParts
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(parts: BenefitsParts) {
    this.#parts = parts
  }

  async check(run: BenefitRun, subject: Holder): Promise<CheckedSubject> {
    return this.#check(run, this.#open(run), subject)
  }

  async grant(run: BenefitRun, subject: Holder): Promise<GrantedSubject> {
    return this.#grantInTurn(run, this.#open(run), subject)
  }

  checkAll(
    run: BenefitRun,
    subjects: Iterable<Holder> | AsyncIterable<Holder>,
  ): AsyncGenerator<BatchLine<CheckedSubject>, void> {
    return inBatches(subjects, this.#open(run), (opened, subject) =>
      this.#check(run, opened, subject),
    )
  }

  grantAll(
    run: BenefitRun,
    subjects: Iterable<Holder> | AsyncIterable<Holder>,
  ): AsyncGenerator<BatchLine<GrantedSubject>, void> {
    return inBatches(subjects, this.#open(run), (opened, subject) =>
      this.#grantInTurn(run, opened, subject),
    )
  }

  async confirm(code: string, { ...confirming }: Confirming): Promise<Appended> {
    const { benefit, period } = this.#inForce(code)
    if (confirming.way === 'department') requireOwner(benefit, confirming.by)
    if (benefit.mode === 'DIRECT')
      throw new LedgerError('invalid', 'BENEFIT_TAKES_NO_CONFIRMATION', { benefit: code })
    const { subject, confirmation } = await this.#confirmedBy(confirming)
    const statement: BenefitConfirmed = {
      v: 1,
      id: this.#idOf('benefit', benefit, subject, period),
      kind: 'benefit.confirmed',
      benefit: versionOf(benefit),
      subject,
      period,
      confirmation,
    }
    try {
      return await this.#append(statement, [subjectTerm(subject)])
    } catch (error) {
      if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
      throw new LedgerError(
        'conflict',
        'BENEFIT_ALREADY_CONFIRMED',
        { confirmed: statement.id, period },
        { cause: error },
      )
    }
  }

  async get(id: string): Promise<BenefitRecord> {
    const found = await this.#find(id)
    if (found === undefined) throw new LedgerError('notFound', 'BENEFIT_RECORD_NOT_FOUND', { id })
    return found
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { ledger } = this.#parts
    const { index } = await this.get(id)
    return wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index)
  }

  ofSubject(subject: Holder, page: Page): Promise<BenefitPage> {
    return this.#list(subjectTerm(subject), page)
  }

  async granted(code: string, by: Hex, page: Page): Promise<BenefitPage> {
    requireOwner(this.#inForce(code).benefit, by)
    return this.#list({ kind: 'benefit.granted', value: code }, page)
  }

  /** What is wrong with a run, whoever it is for. */
  #open({ benefit: code, by, uploads = [] }: BenefitRun): Opened {
    const opened = this.#inForce(code)
    requireOwner(opened.benefit, by)
    requireNoUpload(opened.benefit, uploads)
    return opened
  }

  #inForce(code: string): Opened {
    const day = dayOf(this.#parts.now())
    const benefit = this.#parts.catalogue.get('benefit', code, day)
    return { benefit, day, period: periodOf(benefit.period, day) }
  }

  async #check(run: BenefitRun, opened: Opened, subject: Holder): Promise<CheckedSubject> {
    requireHolderCode(subject, this.#parts.now())
    return this.#state(run, opened, subject, await this.#judge(opened, subject))
  }

  async #state(
    { by, officer, batch }: BenefitRun,
    { benefit, day, period }: Opened,
    subject: Holder,
    finding: BenefitFinding,
  ): Promise<CheckedSubject> {
    const id = `benefit-${randomUUID()}`
    const { index } = await this.#append(
      {
        v: 1,
        id,
        kind: 'benefit.checked',
        benefit: versionOf(benefit),
        subject,
        period,
        day,
        by,
        officer,
        batch,
        finding,
      },
      [subjectTerm(subject)],
    )
    return { id, index, period, finding }
  }

  /** What one subject has is looked at by one grant at a time: of two that want the same invoice, the second finds it spent. */
  async #grantInTurn(run: BenefitRun, opened: Opened, subject: Holder): Promise<GrantedSubject> {
    requireHolderCode(subject, this.#parts.now())
    const whose = `${subject.codeType} ${subject.code}`
    const before = this.#last.get(whose) ?? Promise.resolve()
    const turn = before.then(
      () => this.#grant(run, opened, subject),
      () => this.#grant(run, opened, subject),
    )
    this.#last.set(whose, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(whose) === turn) this.#last.delete(whose)
    }
  }

  async #grant(run: BenefitRun, opened: Opened, subject: Holder): Promise<GrantedSubject> {
    const { benefit, day, period } = opened
    const known = await this.#findGranted(opened, subject)
    if (known !== undefined) return this.#again(known, run)
    const finding = await this.#judge(opened, subject)
    if (!finding.qualifies) {
      // The look was made, whatever came of it.
      const { id } = await this.#state(run, opened, subject, finding)
      const reasons = reasonsOf(finding)
      throw new LedgerError('forbidden', 'BENEFIT_NOT_QUALIFIED', { reasons, checked: id, finding })
    }
    const confirmed = await this.#requireConfirmed(run, opened, subject, finding)
    const statement: BenefitGranted = {
      v: 1,
      id: this.#idOf('payout', benefit, subject, period),
      kind: 'benefit.granted',
      benefit: versionOf(benefit),
      subject,
      period,
      day,
      by: run.by,
      officer: run.officer,
      batch: run.batch,
      finding,
      ...(confirmed !== undefined && { confirmed }),
    }
    try {
      const { id, index, created, evidence } = await this.#append(statement, termsOf(statement))
      return { id, index, created, evidence, period, finding }
    } catch (error) {
      if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
      // Another writer of this log was first.
      return this.#again(await this.get(statement.id), run, error)
    }
  }

  async #again(
    { id, index, statement }: BenefitRecord,
    { batch }: BenefitRun,
    cause?: unknown,
  ): Promise<GrantedSubject> {
    if (statement.kind !== 'benefit.granted' || statement.batch !== batch) {
      const details = { granted: id, period: statement.period }
      throw new LedgerError('conflict', 'BENEFIT_ALREADY_GRANTED', details, { cause })
    }
    const { period, finding } = statement
    const evidence = await this.#parts.ledger.evidence(index)
    return { id, index, created: false, evidence, period, finding }
  }

  /** In this period, also where an earlier version of the benefit counted by longer or shorter ones. */
  async #findGranted(
    { benefit, period }: Opened,
    subject: Holder,
  ): Promise<BenefitRecord | undefined> {
    const indexes = await this.#parts.terms.find(givenTerm(benefit.code, subject), {
      limit: MOST_GRANTS,
    })
    for (const index of indexes) {
      const record = await this.#read(index)
      if (overlap(record.statement.period, period)) return record
    }
    return undefined
  }

  async #requireConfirmed(
    run: BenefitRun,
    opened: Opened,
    subject: Holder,
    finding: BenefitFinding,
  ): Promise<string | undefined> {
    const { benefit, period } = opened
    if (benefit.mode === 'DIRECT') return undefined
    const id = this.#idOf('benefit', benefit, subject, period)
    if ((await this.#find(id))?.statement.kind === 'benefit.confirmed') return id
    const { id: checked } = await this.#state(run, opened, subject, finding)
    throw new LedgerError('forbidden', 'BENEFIT_CONFIRMATION_MISSING', { period, checked })
  }

  async #judge({ benefit, day }: Opened, subject: Holder): Promise<BenefitFinding> {
    const checked = { benefit, subject, day }
    // Of whom it is not for, nothing is looked at.
    const untargeted = judgeTarget(checked)
    if (untargeted !== undefined) return untargeted
    const { catalogue, evidence } = this.#parts
    const candidates = await Promise.all(
      benefit.evidence.map(async (code) => {
        const type = catalogue.get('materialType', code, day)
        const fields = fieldsRead(benefit.conditions, code)
        return [code, await evidence.find({ subject, type, fields, day })] as const
      }),
    )
    return judgeBenefit(checked, new Map(candidates))
  }

  async #confirmedBy(confirming: Confirming) {
    if (confirming.way === 'department') {
      const { subject, ...confirmation } = confirming
      requireHolderCode(subject, this.#parts.now())
      return { subject, confirmation }
    }
    const known = await this.#parts.directory.holderOf(confirming.holder)
    if (known === undefined) throw new LedgerError('notFound', 'BENEFIT_SUBJECT_UNKNOWN')
    const { codeType, code } = known
    return { subject: { codeType, code }, confirmation: confirming }
  }

  /**
   * The same benefit, subject and period are the same id, so that of two the log takes one. Blinded by the key ring: by a
   * plain hash, whoever sees the id could find out whose code it is.
   */
  #idOf(prefix: string, { code }: Benefit, subject: Holder, period: Period): string {
    const what = JSON.stringify([code, subject.codeType, subject.code, period])
    return `${prefix}-${this.#parts.ring.blind(`${prefix}/once`, what)}`
  }

  #append(statement: BenefitStatement, found: readonly Term[]): Promise<Appended> {
    const { ledger, terms } = this.#parts
    return ledger.append({ statement, writes: (index) => terms.writes(found, index) })
  }

  async #find(id: string): Promise<BenefitRecord | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    return kind.startsWith('benefit.') ? this.#read(index) : undefined
  }

  async #read(index: number): Promise<BenefitRecord> {
    const { ledger } = this.#parts
    const { at } = parseEntry(await ledger.getEntry(index))
    const { statement } = await ledger.openStatement(index)
    if (!isBenefitStatement(statement))
      throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
    return { id: statement.id, index, at, statement }
  }

  async #list(term: Term, { before, limit }: Page): Promise<BenefitPage> {
    const found = await this.#parts.terms.find(term, {
      limit: limit + 1,
      ...(before !== undefined && { before }),
    })
    const items = await Promise.all(found.slice(0, limit).map((index) => this.#read(index)))
    const last = items.at(-1)
    return found.length > limit && last ? { items, next: last.index } : { items }
  }
}

/** A benefit as it is in force on the day of a run. */
interface Opened {
  readonly benefit: Benefit
  readonly day: Day
  readonly period: Period
}

function requireOwner({ code, owner }: Benefit, by: Hex): void {
  if (owner !== by)
    throw new LedgerError('forbidden', 'BENEFIT_NOT_OWNED', { benefit: code, owner })
}

function versionOf({ code, version }: Benefit) {
  return { code, version }
}

function isBenefitStatement(statement: { readonly kind: string }): statement is BenefitStatement {
  return statement.kind.startsWith('benefit.')
}

function subjectTerm({ codeType, code }: Holder): Term {
  return { kind: 'benefit.subject', value: `${codeType} ${code}` }
}

function givenTerm(benefit: string, { codeType, code }: Holder): Term {
  return { kind: 'benefit.given', value: `${benefit} ${codeType} ${code}` }
}

function termsOf({ benefit, subject, finding }: BenefitGranted): Term[] {
  const used = finding.evidence.flatMap(({ source }) =>
    source?.kind === 'material' ? [spentTerm(source.id)] : [],
  )
  return [
    subjectTerm(subject),
    givenTerm(benefit.code, subject),
    { kind: 'benefit.granted', value: benefit.code },
    ...used,
  ]
}
