import { z } from 'zod'
import { reasonCode } from '../../../node/core/benefits/finding.ts'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { Holder, StatementId } from '../../../node/core/statement.ts'
import {
  BenefitChecked,
  BenefitConfirmed,
  BenefitGranted,
  BenefitPeriod,
} from '../../../node/core/statements/benefit.ts'
import { shownText, typeCode } from '../../../node/core/statements/parts.ts'
import { indexCursor, limit, next, position } from '../registered/schema.ts'
import { Problem } from '../schema.ts'

const officer = shownText(100).meta({ description: 'Who looks, in the department' })
const batch = StatementId.meta({
  description: 'Names what is run together; within one, the same subject is granted once and again',
})
const format = z.enum(['json', 'csv']).optional().meta({
  description: 'In place of `Accept`; a table has all of it, not a page',
})

export const BenefitReason = z
  .strictObject({
    code: reasonCode,
    material: typeCode.optional().meta({ description: 'Evidence that is missing or unusable' }),
    condition: z.string().optional().meta({ description: 'Condition that does not hold' }),
  })
  .meta({ id: 'BenefitReason' })

/** One subject. */
export const BenefitRunRequest = z
  .strictObject({
    subject: Holder,
    officer,
    batch: batch.optional(),
    uploads: z.array(typeCode).max(100).optional().meta({
      description: 'Material types that somebody would have to hand in: refused',
    }),
  })
  .meta({ id: 'BenefitRunRequest' })

/** By an account that is bound to the holder, or by the department that owns the benefit. */
export const BenefitConfirmationRequest = z
  .union([
    z.strictObject({ holder: HexHash }),
    z.strictObject({
      subject: Holder,
      officer,
      reference: shownText(100).meta({
        description: 'Id of the person’s confirmation where the department keeps it',
      }),
    }),
  ])
  .meta({ id: 'BenefitConfirmationRequest' })
export type BenefitConfirmationRequest = z.infer<typeof BenefitConfirmationRequest>

export const BenefitRecord = z
  .strictObject({
    id: StatementId,
    index: position.meta({ description: 'Position in the log' }),
    at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
    statement: z.discriminatedUnion('kind', [BenefitChecked, BenefitConfirmed, BenefitGranted]),
    reasons: z.array(BenefitReason).optional().meta({
      description: 'Of a check: all that speaks against it; none where the subject qualifies',
    }),
  })
  .meta({ id: 'BenefitRecord' })
export type BenefitRecord = z.infer<typeof BenefitRecord>

export const BenefitRecordPage = z
  .strictObject({ records: z.array(BenefitRecord), next })
  .meta({ id: 'BenefitRecordPage' })
export type BenefitRecordPage = z.infer<typeof BenefitRecordPage>

const line = z.int().min(1)

/** What became of one line of a batch. */
export const BenefitLineDone = z
  .strictObject({
    line,
    status: z.union([z.literal(200), z.literal(201)]),
    subject: Holder,
    result: z.enum(['qualified', 'unqualified', 'granted']),
    reasons: z.array(BenefitReason),
    period: BenefitPeriod,
    id: StatementId,
    index: position,
  })
  .meta({ id: 'BenefitLineDone' })
export type BenefitLineDone = z.infer<typeof BenefitLineDone>

export const BenefitLineRefused = z
  .strictObject({
    line,
    status: z.int().min(400).max(599),
    subject: Holder.optional(),
    problem: Problem,
  })
  .meta({ id: 'BenefitLineRefused' })
export type BenefitLineRefused = z.infer<typeof BenefitLineRefused>

export const BatchQuery = z.strictObject({ officer, batch, format })

export const RecordsQuery = z.strictObject({ limit, cursor: indexCursor, format })

export const HolderQuery = z.strictObject({ holder: HexHash, limit, cursor: indexCursor })
