import * as z from 'zod'
import { HolderRole } from '../catalogue/matter.ts'
import { Day } from '../catalogue/day.ts'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { caseCode, Channel, Fields, head, shownText, typeCode } from './parts.ts'

/** 受理, 审查, 决定, 出证, 物流, in the order in which a case comes to them. */
export const STAGES = ['accepted', 'reviewed', 'decided', 'issued', 'delivered'] as const
export const Stage = z.enum(STAGES)
export type Stage = z.infer<typeof Stage>

/** How a decision went. */
export const Outcome = z.enum(['granted', 'refused'])
export type Outcome = z.infer<typeof Outcome>

/** Some holders, each once, as `holder` names one. */
export const holdersAs = <Named extends z.ZodType>(holder: Named) =>
  z
    .array(holder)
    .min(1)
    .max(8)
    .refine(
      (named) => new Set(named.map((one) => JSON.stringify(one))).size === named.length,
      'a holder twice',
    )

/** Holders by the part that they play in a case, beside the applicant and those who act for it: LANDLORD, … */
export const partiesAs = <Named extends z.ZodType>(holder: Named) =>
  z
    .partialRecord(HolderRole, holdersAs(holder))
    .refine((parties) => !('APPLICANT' in parties || 'AGENT' in parties), 'named elsewhere')
    .refine((parties) => Object.keys(parties).length <= 16, 'more than 16 parts')

/** By their ids. */
export const CaseParties = partiesAs(HexHash)
export type CaseParties = z.infer<typeof CaseParties>

/** What whoever opens a case says of it. */
export const openedCase = {
  /** 统一审批编码 */
  case: caseCode,
  /** Holder id. */
  applicant: HexHash,
  /** Holder ids: the applicant's own agent, that agent's agent, … */
  agents: holdersAs(HexHash).optional(),
  parties: CaseParties.optional(),
  channel: Channel,
  /** Code of the theme 一件事 that it is part of. */
  theme: typeCode.optional(),
  /** Code of the case of the same theme that was filed first: what one of them was given, all have. */
  bundle: caseCode.optional(),
  /** What is applied for, by name: what the matter's rules compare materials with. */
  fields: Fields.optional(),
}

/** A department opened a case 办件. What it takes is what the version of the matter says, whatever is published later. */
export const CaseOpened = z
  .strictObject({
    ...head,
    kind: z.literal('case.opened'),
    ...openedCase,
    matter: z.strictObject({ code: typeCode, version: z.int().min(1) }),
    /** On which the version was in force. */
    day: Day,
    acceptedBy: HexAddress,
    decidedBy: HexAddress,
  })
  .meta({ id: 'CaseOpened' })
export type CaseOpened = z.infer<typeof CaseOpened>

/** A case came to its next stage. */
export const CaseStaged = z
  .strictObject({
    ...head,
    kind: z.literal('case.staged'),
    case: caseCode,
    stage: Stage,
    /** The department that brought it there. */
    by: HexAddress,
    /** Of a decision, and of nothing else. */
    outcome: Outcome.optional(),
    note: shownText(500).optional(),
  })
  .refine(({ stage, outcome }) => (stage === 'decided') === (outcome !== undefined), {
    path: ['outcome'],
    error: 'an outcome of what is no decision, or a decision without one',
  })
  .meta({ id: 'CaseStaged' })
export type CaseStaged = z.infer<typeof CaseStaged>

/** Whoever opens a case twice, or brings it to a stage twice, says the same twice. */
export function caseIdOf(code: string, stage?: Stage): string {
  return stage === undefined ? `case-${code}` : `case-${code}-${stage}`
}
