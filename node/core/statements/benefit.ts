import * as z from 'zod'
import { BenefitFinding } from '../benefits/finding.ts'
import { Day } from '../catalogue/day.ts'
import { HexAddress, HexHash } from '../ethereum/hex.ts'
import { head, Holder, shownText, StatementId, typeCode } from './parts.ts'

/** `once`, `2023`, `2023-Q3` or `2023-08`. */
export const BenefitPeriod = z
  .string()
  .regex(/^(?:once|\d{4}(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?)$/, 'not a period')

/** What is checked, for whom, and by whom. */
const about = {
  benefit: z.strictObject({ code: typeCode, version: z.int().min(1) }),
  /** By its code: somebody may have several holder ids, and gets a benefit once. */
  subject: Holder,
  period: BenefitPeriod,
}

const run = {
  /** Of the check. */
  day: Day,
  /** The department that owns the benefit. */
  by: HexAddress,
  /** Who looked, in that department. */
  officer: shownText(100),
  /** Names what was run together. */
  batch: StatementId,
  finding: BenefitFinding,
}

/** A department looked at what somebody has, to see whether it qualifies for a benefit 政策体检. */
export const BenefitChecked = z
  .strictObject({ ...head, kind: z.literal('benefit.checked'), ...about, ...run })
  .meta({ id: 'BenefitChecked' })
export type BenefitChecked = z.infer<typeof BenefitChecked>

/** How somebody said yes: by its own account, or to the department. */
export const Confirmation = z
  .discriminatedUnion('way', [
    z.strictObject({
      way: z.literal('account'),
      /** Holder id that the account was bound to. */
      holder: HexHash,
      account: HexAddress,
    }),
    z.strictObject({
      way: z.literal('department'),
      by: HexAddress,
      officer: shownText(100),
      /** Id of the person's confirmation where the department keeps it. */
      reference: shownText(100),
    }),
  ])
  .meta({ id: 'BenefitConfirmation' })
export type Confirmation = z.infer<typeof Confirmation>

/** Somebody wants a benefit of a period 一键确认. */
export const BenefitConfirmed = z
  .strictObject({
    ...head,
    kind: z.literal('benefit.confirmed'),
    ...about,
    confirmation: Confirmation,
  })
  .meta({ id: 'BenefitConfirmed' })
export type BenefitConfirmed = z.infer<typeof BenefitConfirmed>

/** A department gives a benefit, once in its period 兑现. Payment is elsewhere. */
export const BenefitGranted = z
  .strictObject({
    ...head,
    kind: z.literal('benefit.granted'),
    ...about,
    ...run,
    /** Statement id of the confirmation, where the benefit takes one. */
    confirmed: StatementId.optional(),
  })
  .refine(({ finding }) => finding.qualifies, 'granted to somebody who does not qualify')
  .meta({ id: 'BenefitGranted' })
export type BenefitGranted = z.infer<typeof BenefitGranted>
