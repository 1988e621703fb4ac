import * as z from 'zod'
import { Day } from '../core/catalogue/day.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { HexAddress } from '../core/ethereum/hex.ts'
import { NamedHolder } from '../core/parties/namedHolder.ts'
import { holdersAs, openedCase, Outcome, partiesAs, Stage } from '../core/statements/case.ts'
import type { CaseOpened, CaseStaged } from '../core/statements/case.ts'
import { shownText, typeCode } from '../core/statements/parts.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/** Cases 办件: opened by departments, brought from stage to stage, each with its evidence. */
export interface Cases {
  /**
   * Binds a case to the version of its matter that is in force on its day. The same twice is the same entry.
   *
   * @param by the department that accepts it
   * @throws LedgerError conflict/CASE_CODE_TAKEN: another case has this code
   * @throws LedgerError invalid/CASE_DAY_IN_FUTURE {today}
   * @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE: matter or theme
   * @throws LedgerError conflict/CASE_MATTER_VERSION_OTHER {inForce}
   * @throws LedgerError invalid/CASE_THEME_OTHER: the theme does not hold the matter
   * @throws LedgerError forbidden/CASE_TARGET_OTHER {matter, serviceTarget}: see `requireTarget`
   * @throws LedgerError of a bundle 一件事: as `requireBundle`
   * @throws LedgerError invalid/CASE_ROLE_NOT_ASKED {role, roles}: the matter asks nothing of that part
   * @throws LedgerError notFound/CASE_HOLDER_UNKNOWN {role}: nobody registered that holder
   * @throws LedgerError of a holder named by a code, {role}: as `PartyDirectory.idOf`
   * @throws LedgerError invalid/CASE_MALFORMED: a holder twice, by id and by code
   * @throws LedgerError forbidden/AGENT_NOT_ALLOWED, AGENT_KIND_NOT_ALLOWED, AGENT_TOO_DEEP; see `verifyAgency`
   * @throws LedgerError invalid/CASE_AGENT_IS_APPLICANT
   * @throws LedgerError forbidden/CASE_DEPARTMENT_NOT_ACCREDITED {department}
   * @throws LedgerError forbidden/CASE_REGION_NOT_SERVED: the matter is not for those of other provinces
   */
  open(opening: CaseOpening, by: Hex): Promise<Appended>

  /**
   * Brings a case to its next stage. The same twice is the same entry.
   *
   * @throws LedgerError notFound/CASE_NOT_FOUND; conflict/CASE_STAGE_TAKEN: it came there with other words
   * @throws LedgerError as `verifyStage`
   */
  stage(code: string, staging: CaseStaging, by: Hex): Promise<Appended>

  /** Undefined where this ledger has no such case. */
  find(code: string): Promise<CaseRecord | undefined>

  /** How it was decided; undefined as long as it was not, and of a case that is not known. */
  findDecision(code: string): Promise<Logged<CaseStaged> | undefined>

  /** @throws LedgerError notFound/CASE_NOT_FOUND; so does all below that takes a code */
  get(code: string): Promise<CaseRecord>

  /** Where it is the applicant or acts for it, newest first. */
  ofHolder(holder: Hex, page: PageRequest): Promise<CasePage>

  /** The case with this code, if it is part of a theme, and those that were filed with it. */
  ofBundle(code: string): Promise<readonly CaseRecord[]>

  /** What the department accepts or decides, newest first. */
  ofDepartment(department: Hex, page: PageRequest): Promise<CasePage>

  /**
   * Evidence JSON that it was opened, or came to a stage.
   *
   * @throws LedgerError notFound/CASE_STAGE_NOT_REACHED {stage}
   */
  evidence(
    code: string,
    stage?: Stage,
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array>
}

/** What a department sends to open a case; its statement has the ids of those who are named by a code. */
export const CaseOpening = z
  .strictObject({
    ...openedCase,
    applicant: NamedHolder,
    agents: holdersAs(NamedHolder).optional(),
    parties: partiesAs(NamedHolder).optional(),
    matter: z.strictObject({
      code: typeCode,
      version: z.int().min(1).optional().meta({
        description: 'Refused unless it is the one in force; without it that one is taken',
      }),
    }),
    day: Day.optional().meta({ description: 'Today unless given; never later' }),
    decidedBy: HexAddress.optional().meta({
      description: 'The department that decides; the owner of the matter unless given',
    }),
  })
  .meta({ id: 'CaseOpening' })
export type CaseOpening = z.infer<typeof CaseOpening>

/** What a department sends to bring a case to a stage. */
export const CaseStaging = z
  .strictObject({
    stage: Stage,
    outcome: Outcome.optional(),
    note: shownText(500).optional(),
  })
  .refine(({ stage, outcome }) => (stage === 'decided') === (outcome !== undefined), {
    path: ['outcome'],
    error: 'an outcome of what is no decision, or a decision without one',
  })
  .meta({ id: 'CaseStaging' })
export type CaseStaging = z.infer<typeof CaseStaging>

export interface CaseRecord extends Logged<CaseOpened> {
  /** In their order. */
  readonly stages: readonly Logged<CaseStaged>[]
}

export interface Logged<Statement> {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: Statement
}

export type CasePage = Page<CaseRecord>
