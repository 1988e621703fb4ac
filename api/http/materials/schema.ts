import { z } from 'zod'
import { EvidenceDocument } from '../../../node/core/evidence.ts'
import { MaterialSubmission, MaterialSubmitted, StatementId } from '../../../node/core/statement.ts'
import { Problem } from '../schema.ts'

export const NDJSON_TYPE = 'application/x-ndjson'

/** A submission whose content comes along: the type of the content may be left to its own Content-Type. */
export const SubmissionWithContent = MaterialSubmission.extend({
  content: MaterialSubmission.shape.content.partial({ mediaType: true }).optional(),
}).meta({ id: 'SubmissionWithContent' })
export type ContentSubmission = z.infer<typeof SubmissionWithContent>

const index = z.int().min(0).meta({ description: 'Position in the log' })

export const Material = z
  .strictObject({
    id: StatementId,
    index,
    at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
    erased: z.boolean(),
    statement: MaterialSubmitted.optional().meta({ description: 'Absent once erased' }),
  })
  .meta({ id: 'Material' })
export type Material = z.infer<typeof Material>

/** Why a material is erased; both are logged for good and must not name the holder. */
export const ErasureRequest = z
  .strictObject({
    reason: z.string().regex(/^\P{Cc}{1,500}$/u, 'not 1 to 500 printable characters'),
    legalBasis: z.string().regex(/^\P{Cc}{1,500}$/u, 'not 1 to 500 printable characters'),
  })
  .meta({ id: 'ErasureRequest' })
export type ErasureRequest = z.infer<typeof ErasureRequest>

/** One line of a batch that was taken. `line` counts from 1. */
export const BatchTaken = z
  .strictObject({
    line: z.int().min(1),
    status: z.union([z.literal(200), z.literal(201)]),
    id: StatementId,
    index,
    evidence: EvidenceDocument.optional(),
  })
  .meta({ id: 'BatchTaken' })
export type BatchTaken = z.infer<typeof BatchTaken>

/** One line of a batch that was refused. */
export const BatchRefused = z
  .strictObject({ line: z.int().min(1), status: z.int().min(400).max(599), problem: Problem })
  .meta({ id: 'BatchRefused' })
export type BatchRefused = z.infer<typeof BatchRefused>
