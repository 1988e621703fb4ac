import { z } from 'zod'
import { EvidenceDocument } from '../../../node/core/evidence.ts'
import { MaterialSubmission, MaterialSubmitted, StatementId } from '../../../node/core/statement.ts'
import { HexHash } from '../../../node/core/ethereum/hex.ts'
import { shownText, typeCode } from '../../../node/core/statements/parts.ts'
import { MATERIAL_STATES } from '../../../node/materials/states.ts'
import { indexCursor, limit, next } from '../registered/schema.ts'
import { Problem } from '../schema.ts'

export const NDJSON_TYPE = 'application/x-ndjson'
/** A batch with contents: for each its length in bytes, a space, the submission, a line feed, and the content. */
export const MATERIALS_TYPE = 'application/vnd.onceledger.materials'

/** A submission whose content comes along: the type of the content may be left to its own Content-Type. */
export const SubmissionWithContent = MaterialSubmission.extend({
  content: MaterialSubmission.shape.content.partial({ mediaType: true }).optional(),
}).meta({ id: 'SubmissionWithContent' })
export type ContentSubmission = z.infer<typeof SubmissionWithContent>

const index = z.int().min(0).meta({ description: 'Position in the log' })

const at = z.iso.datetime({ precision: 3 })

export const MaterialStanding = z
  .strictObject({
    state: z.enum(MATERIAL_STATES).meta({ description: 'Only what is `current` may be used' }),
    by: StatementId.optional().meta({
      description:
        'The statement that ended its use: the newer material, the withdrawal, the rejection',
    }),
    since: at.optional().meta({ description: 'When that was logged' }),
    code: z.string().optional().meta({ description: 'What is wrong with one in quarantine' }),
  })
  .meta({ id: 'MaterialStanding' })
export type MaterialStanding = z.infer<typeof MaterialStanding>

export const MaterialDecision = z
  .strictObject({
    id: StatementId.meta({ description: 'Of the statement that says so' }),
    kind: z.enum(['material.withdrawn', 'material.released', 'material.rejected']),
    at: at.meta({ description: 'When the ledger logged it, UTC' }),
    by: z.string().meta({ description: 'Name of whoever decided' }),
    reason: z.string(),
  })
  .meta({ id: 'MaterialDecision' })
export type MaterialDecision = z.infer<typeof MaterialDecision>

export const Material = z
  .strictObject({
    id: StatementId,
    index,
    at: at.meta({ description: 'When the ledger logged it, UTC' }),
    erased: z.boolean(),
    standing: MaterialStanding,
    statement: MaterialSubmitted.optional().meta({ description: 'Absent once erased' }),
    submitterName: z.string().optional().meta({
      description: 'Name of the department that handed it in, where it is registered',
    }),
    decisions: z.array(MaterialDecision).min(1).optional().meta({
      description:
        'What was decided about it, in the order of the log; absent where nothing was, in lists, and once erased',
    }),
  })
  .meta({ id: 'Material' })
export type Material = z.infer<typeof Material>

export const MaterialPage = z
  .strictObject({ materials: z.array(Material), next })
  .meta({ id: 'MaterialPage' })
export type MaterialPage = z.infer<typeof MaterialPage>

export const MaterialsQuery = z.strictObject({
  limit,
  cursor: indexCursor,
  of: z
    .enum(['held', 'handedIn', 'every'])
    .optional()
    .meta({
      description:
        '`held`: what the holders of the account have; `handedIn`: what the caller handed in; `every`: all there is, for ' +
        'auditors, masked. Unless given, what the caller is there for',
    }),
  holder: HexHash.optional().meta({
    description:
      'Id of one holder that the account is bound to; all that it is bound to unless given',
  }),
  type: typeCode.optional().meta({ description: 'Code of a material type' }),
  state: z.enum(MATERIAL_STATES).exclude(['erased']).optional(),
})
export type MaterialsQuery = z.infer<typeof MaterialsQuery>

export const QuarantinePage = z
  .strictObject({
    materials: z.array(
      z.strictObject({ id: StatementId, index, at, statement: MaterialSubmitted }),
    ),
    next,
  })
  .meta({ id: 'QuarantinePage' })
export type QuarantinePage = z.infer<typeof QuarantinePage>

export const QuarantineQuery = z.strictObject({ limit, cursor: indexCursor })

const reason = shownText(500)

/** Why something is decided about a material; logged for good, shown with it, and must not name the holder. */
export const DecisionRequest = z.strictObject({ reason }).meta({ id: 'DecisionRequest' })
export type DecisionRequest = z.infer<typeof DecisionRequest>

/** Why a material is erased; both are logged for good and must not name the holder. */
export const ErasureRequest = z
  .strictObject({ reason, legalBasis: reason })
  .meta({ id: 'ErasureRequest' })
export type ErasureRequest = z.infer<typeof ErasureRequest>

/** One line of a batch that was taken. `line` counts from 1. */
export const BatchTaken = z
  .strictObject({
    line: z.int().min(1),
    status: z.union([z.literal(200), z.literal(201)]),
    id: StatementId,
    index,
    quarantine: z.string().optional().meta({ description: 'What is wrong with it, as a code' }),
    evidence: EvidenceDocument.optional(),
  })
  .meta({ id: 'BatchTaken' })
export type BatchTaken = z.infer<typeof BatchTaken>

/** One line of a batch that was refused. */
export const BatchRefused = z
  .strictObject({ line: z.int().min(1), status: z.int().min(400).max(599), problem: Problem })
  .meta({ id: 'BatchRefused' })
export type BatchRefused = z.infer<typeof BatchRefused>
