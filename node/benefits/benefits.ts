import type { Benefit } from '../core/catalogue/benefit.ts'
import type { BenefitFinding } from '../core/benefits/finding.ts'
import type { Period } from '../core/benefits/period.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import type {
  BenefitChecked,
  BenefitConfirmed,
  BenefitGranted,
  Confirmation,
} from '../core/statements/benefit.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/**
 * Benefits without application 免申即享: whoever owns one checks what subjects have, and gives it to those who qualify,
 * once in each period. Nobody hands anything in; every look is logged, and its subject sees it.
 */
export interface Benefits {
  /**
   * What is wrong with a run, whoever it is for, is thrown before anything is looked at.
   *
   * @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE
   * @throws LedgerError forbidden/BENEFIT_NOT_OWNED {owner}
   * @throws LedgerError invalid/BENEFIT_TAKES_NO_UPLOAD
   */
  begin(run: BenefitRun): BenefitSubjects

  /**
   * Somebody wants the benefit of this period. The same twice is the same entry.
   *
   * @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE, BENEFIT_SUBJECT_UNKNOWN
   * @throws LedgerError forbidden/BENEFIT_NOT_OWNED {owner}: of what a department records
   * @throws LedgerError invalid/BENEFIT_TAKES_NO_CONFIRMATION: it is given without
   * @throws LedgerError conflict/BENEFIT_ALREADY_CONFIRMED: in another way
   */
  confirm(benefit: string, confirming: Confirming): Promise<Appended>

  /** @throws LedgerError notFound/BENEFIT_RECORD_NOT_FOUND; so does all that takes an id */
  get(id: string): Promise<BenefitRecord>

  evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array>

  /** Every look, confirmation and grant that concerns somebody, newest first. */
  ofSubject(subject: Holder, page: PageRequest): Promise<BenefitPage>

  /** What was granted of a benefit, newest first. @throws LedgerError forbidden/BENEFIT_NOT_OWNED */
  granted(benefit: string, by: Hex, page: PageRequest): Promise<BenefitPage>

  /** What was found and granted in one batch, newest first. @throws LedgerError forbidden/BENEFIT_NOT_OWNED */
  ofBatch(benefit: string, batch: string, by: Hex, page: PageRequest): Promise<BenefitPage>
}

/** What is done for one subject after the other, or for many at once. */
export interface BenefitSubjects {
  /** As it is in force on the day of the run. */
  readonly benefit: Benefit

  /**
   * Whether somebody qualifies on the day of the run.
   *
   * @throws LedgerError of the subject's code as `requireHolderCode`
   */
  readonly check: (subject: Holder) => Promise<CheckedSubject>

  /**
   * Gives the benefit of the period. Within one batch the same subject is the same entry, so that a batch that broke
   * off is run again; another batch is refused.
   *
   * @throws LedgerError as `check`
   * @throws LedgerError forbidden/BENEFIT_NOT_QUALIFIED {reasons}: what was found is logged before
   * @throws LedgerError forbidden/BENEFIT_CONFIRMATION_MISSING
   * @throws LedgerError conflict/BENEFIT_ALREADY_GRANTED {granted, period}
   */
  readonly grant: (subject: Holder) => Promise<GrantedSubject>
}

export interface BenefitRun {
  /** Code in the catalogue. */
  readonly benefit: string
  /** The department that runs it. */
  readonly by: Hex
  readonly officer: string
  /** Names what is run together; see `BenefitSubjects.grant`. */
  readonly batch: string
  /** Material types that somebody would have to hand in: refused, see `requireNoUpload`. */
  readonly uploads?: readonly string[]
}

export interface CheckedSubject {
  /** Of the statement. */
  readonly id: string
  readonly index: number
  readonly period: Period
  readonly finding: BenefitFinding
}

export interface GrantedSubject extends CheckedSubject {
  /** False when this very batch granted it before. */
  readonly created: boolean
  readonly evidence: Uint8Array
}

/** `account`: by a holder id that the account is bound to, which is for the caller to check. */
export type Confirming =
  | Extract<Confirmation, { way: 'account' }>
  | (Extract<Confirmation, { way: 'department' }> & { readonly subject: Holder })

export interface BenefitRecord {
  readonly id: string
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: BenefitStatement
}

export type BenefitStatement = BenefitChecked | BenefitConfirmed | BenefitGranted

export type BenefitPage = Page<BenefitRecord>
