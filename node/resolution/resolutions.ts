import * as z from 'zod'
import type { Asker } from '../cases/access.ts'
import { Day } from '../core/catalogue/day.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { HexHash } from '../core/ethereum/hex.ts'
import { Considered } from '../core/resolution/document.ts'
import type { Resolution } from '../core/resolution/document.ts'
import type { Holder } from '../core/statement.ts'
import { openedCase } from '../core/statements/case.ts'
import { Fields, typeCode } from '../core/statements/parts.ts'

/** What cases need, and how much of it is there. Nothing is logged: whoever then takes something makes a use of it. */
export interface Resolutions {
  /**
   * @param department that would use what is found; who may ask is for the caller to check
   * @throws LedgerError notFound/CASE_NOT_FOUND, CASE_HOLDER_UNKNOWN {role}; invalid/CASE_ROLE_NOT_ASKED {role, roles}
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  ofCase(code: string, department: Hex, asked?: CaseResolving): Promise<Resolution>

  /**
   * For a party of the case, as the department that decides it would be told: see `viewFor`.
   *
   * @throws LedgerError as `ofCase`
   */
  ofParty(code: string, asker: Pick<Asker, 'isOneOf'>): Promise<Resolution>

  /**
   * As if there were a case: what it would take, and what is there of what the asker has itself. Whoever asks is told
   * of nobody else's materials; a department, of what the matter takes alone.
   *
   * @param asker its department is the one that would use what is found; the owner of the matter where there is none
   * @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_NOT_IN_FORCE, CASE_HOLDER_UNKNOWN {role}
   * @throws LedgerError forbidden/CASE_TARGET_OTHER {matter, serviceTarget}: it is for others than the applicant
   * @throws LedgerError of agents whom one of the matters does not take: as `requireAgents`
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  dryRun(request: ResolutionRequest, asker: Asker): Promise<Resolution>

  /**
   * That a material is not handed in for a case that could be exempted, unless with a reason, which is to be stated.
   * A case that is not known here asks for nothing.
   *
   * @throws LedgerError conflict/MATERIAL_EXEMPTED {material, way, candidate}
   */
  requireReason(upload: Upload): Promise<void>
}

export interface Upload {
  readonly caseCode: string
  /** Code of the material type. */
  readonly type: string
  readonly holder?: Holder | undefined
  readonly reason?: string | undefined
}

const considered = z.array(Considered).max(50).optional()

/** What a department sends to resolve a case. Parties and fields come on top of what the case says. */
export const CaseResolving = z
  .strictObject({
    parties: openedCase.parties,
    fields: Fields.optional(),
    consider: considered.meta({
      description: 'Looked at besides what is found: why not this one?',
    }),
  })
  .meta({ id: 'CaseResolving' })
export type CaseResolving = z.infer<typeof CaseResolving>

/** What anyone sends to learn what a matter, or a theme, would need. */
export const ResolutionRequest = z
  .strictObject({
    matter: typeCode.optional(),
    theme: typeCode.optional(),
    /** Today unless given: on which the versions are in force. */
    day: Day.optional(),
    applicant: HexHash,
    agents: openedCase.agents,
    parties: openedCase.parties,
    fields: Fields.optional(),
    consider: considered,
  })
  .refine(
    ({ matter, theme }) => (matter === undefined) !== (theme === undefined),
    'needs either matter or theme',
  )
  .meta({ id: 'ResolutionRequest' })
export type ResolutionRequest = z.infer<typeof ResolutionRequest>
