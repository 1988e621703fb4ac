import { randomUUID } from 'node:crypto'
import { materialsOf } from '../core/benefits/finding.ts'
import type { BenefitFinding } from '../core/benefits/finding.ts'
import { fieldsRead, judgeBenefit, judgeTarget } from '../core/benefits/judge.ts'
import { periodOf } from '../core/benefits/period.ts'
import type { Period } from '../core/benefits/period.ts'
import { reasonsOf } from '../core/benefits/reasons.ts'
import { requireNoUpload } from '../core/benefits/uploads.ts'
import type { Benefit } from '../core/catalogue/benefit.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { EntryOf } from '../core/catalogue/entry.ts'
import { requireHolderCode } from '../core/identifiers/holder.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import type { BenefitConfirmed, BenefitGranted } from '../core/statements/benefit.ts'
import { Turns } from '../core/turns.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { PageRequest } from '../store/pages.ts'
import type {
  BenefitPage,
  BenefitRecord,
  BenefitRun,
  Benefits,
  BenefitSubjects,
  CheckedSubject,
  Confirming,
  GrantedSubject,
} from './benefits.ts'
import type { EvidenceReader } from './evidence.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import { BenefitRecords } from './records.ts'
import type { BenefitRecordsParts } from './records.ts'

/** The catalogue, by what is in force on a day. */
export interface BenefitCatalogue {
  /** @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE */
  get<Kind extends 'benefit' | 'materialType'>(kind: Kind, code: string, day: Day): EntryOf<Kind>
}

export interface BenefitsParts extends BenefitRecordsParts {
  /** One for all that spends materials. */
  readonly singles: SingleUses
  readonly catalogue: BenefitCatalogue
  readonly evidence: EvidenceReader
  readonly directory: Pick<PartyDirectory, 'holderOf'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Benefits on top of the ledger: a statement for each look, confirmation and grant. */
export class LedgerBenefits implements Benefits {
  readonly #parts: BenefitsParts
  readonly #records: BenefitRecords
  readonly #turns = new Turns()

  constructor(parts: BenefitsParts) {
    this.#parts = parts
    this.#records = new BenefitRecords(parts)
  }

  begin(run: BenefitRun): BenefitSubjects {
    const opened = this.#inForce(run.benefit)
    requireOwner(opened.benefit, run.by)
    requireNoUpload(opened.benefit, run.uploads ?? [])
    return {
      benefit: opened.benefit,
      check: (subject) => this.#check(run, opened, subject),
      grant: (subject) => this.#grantInTurn(run, opened, subject),
    }
  }

  async confirm(code: string, { ...confirming }: Confirming): Promise<Appended> {
    const { benefit, period } = this.#inForce(code)
    if (confirming.way === 'department') requireOwner(benefit, confirming.by)
    if (benefit.mode === 'DIRECT')
      throw new LedgerError('invalid', 'BENEFIT_TAKES_NO_CONFIRMATION', { benefit: code })
    const { subject, confirmation } = await this.#confirmedBy(confirming)
    const statement: BenefitConfirmed = {
      v: 1,
      id: this.#records.idOf('benefit', benefit, subject, period),
      kind: 'benefit.confirmed',
      benefit: versionOf(benefit),
      subject,
      period,
      confirmation,
    }
    try {
      return await this.#records.append(statement)
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
    const found = await this.#records.find(id)
    if (found === undefined) throw new LedgerError('notFound', 'BENEFIT_RECORD_NOT_FOUND', { id })
    return found
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { ledger } = this.#parts
    const { index } = await this.get(id)
    return wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index)
  }

  ofSubject(subject: Holder, page: PageRequest): Promise<BenefitPage> {
    return this.#records.ofSubject(subject, page)
  }

  async granted(code: string, by: Hex, page: PageRequest): Promise<BenefitPage> {
    requireOwner(this.#inForce(code).benefit, by)
    return this.#records.granted(code, page)
  }

  async ofBatch(code: string, batch: string, by: Hex, page: PageRequest): Promise<BenefitPage> {
    requireOwner(this.#inForce(code).benefit, by)
    return this.#records.ofBatch(code, batch, page)
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
    const { index } = await this.#records.append({
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
    })
    return { id, index, period, finding }
  }

  /**
   * What one subject has is looked at by one grant at a time: of two that want the same invoice, the second finds it
   * spent.
   */
  async #grantInTurn(run: BenefitRun, opened: Opened, subject: Holder): Promise<GrantedSubject> {
    requireHolderCode(subject, this.#parts.now())
    const whose = `${subject.codeType} ${subject.code}`
    return this.#turns.take(whose, () => this.#grant(run, opened, subject))
  }

  async #grant(run: BenefitRun, opened: Opened, subject: Holder): Promise<GrantedSubject> {
    const { benefit, period } = opened
    const known = await this.#records.findGrant(benefit, subject, period)
    if (known !== undefined) return this.#again(known, run)
    const { singles } = this.#parts
    for (;;) {
      const finding = await this.#judge(opened, subject)
      const evidence = materialsOf(finding)
      // A use may have taken it since; then something else is found, or nothing.
      const grant = async () =>
        (await singles.areUnspent(evidence, opened.day))
          ? this.#grantBy(finding, run, opened, subject)
          : undefined
      const granted = await singles.inTurn(evidence, grant, opened.day)
      if (granted !== undefined) return granted
    }
  }

  async #grantBy(
    finding: BenefitFinding,
    run: BenefitRun,
    opened: Opened,
    subject: Holder,
  ): Promise<GrantedSubject> {
    const { benefit, day, period } = opened
    if (!finding.qualifies) {
      // The look was made, whatever came of it.
      const { id } = await this.#state(run, opened, subject, finding)
      const reasons = reasonsOf(finding, benefit.conditions)
      throw new LedgerError('forbidden', 'BENEFIT_NOT_QUALIFIED', { reasons, checked: id, finding })
    }
    const confirmed = await this.#requireConfirmed(run, opened, subject, finding)
    const statement: BenefitGranted = {
      v: 1,
      id: this.#records.idOf('payout', benefit, subject, period),
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
      const { id, index, created, evidence } = await this.#records.append(statement)
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

  async #requireConfirmed(
    run: BenefitRun,
    opened: Opened,
    subject: Holder,
    finding: BenefitFinding,
  ): Promise<string | undefined> {
    const { benefit, period } = opened
    if (benefit.mode === 'DIRECT') return undefined
    const id = this.#records.idOf('benefit', benefit, subject, period)
    if ((await this.#records.find(id))?.statement.kind === 'benefit.confirmed') return id
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
