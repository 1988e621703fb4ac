import { z } from 'zod'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { CaseOpened, Outcome, Stage } from '../../../node/core/statements/case.ts'
import { Problem } from '../schema.ts'
import { indexCursor, limit, next, position } from '../registered/schema.ts'

const at = z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' })

export const CaseStage = z
  .strictObject({
    stage: Stage,
    index: position.meta({ description: 'Position in the log' }),
    at,
    by: HexAddress.meta({ description: 'The department' }),
    outcome: Outcome.optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'CaseStage' })

export const Case = CaseOpened.omit({ v: true, id: true, kind: true })
  .extend({
    index: position.meta({ description: 'Position in the log' }),
    at,
    stages: z.array(CaseStage).meta({ description: 'In their order' }),
    next: Stage.optional().meta({ description: 'What may follow; absent where it is closed' }),
  })
  .meta({ id: 'Case' })
export type Case = z.infer<typeof Case>

export const CasePage = z.strictObject({ cases: z.array(Case), next }).meta({ id: 'CasePage' })
export type CasePage = z.infer<typeof CasePage>

export const CaseQuery = z
  .strictObject({
    holder: HexHash.optional(),
    department: HexAddress.optional(),
    limit,
    cursor: indexCursor,
  })
  .refine(
    ({ holder, department }) => (holder === undefined) !== (department === undefined),
    'needs either holder or department',
  )

const crossing = z
  .strictObject({ department: z.boolean(), level: z.boolean(), region: z.boolean() })
  .meta({
    description: 'Whether it came from another department, level or region 跨部门、层级、地区',
  })

/** Of each material the receipt, or why not. */
export const ReusedMaterials = z
  .strictObject({
    materials: z.array(
      z.discriminatedUnion('result', [
        z.strictObject({
          material: z.string(),
          result: z.literal('released'),
          use: StatementId.meta({
            description: 'See `/v1/uses/{id}`: its copy, document, evidence',
          }),
          index: position,
          created: z.boolean().meta({ description: 'Not released before' }),
          answers: z.array(z.boolean()).optional().meta({
            description:
              'Of a data check 数据核验, in the order of its questions: nothing was shown',
          }),
          crossing,
        }),
        z.strictObject({ material: z.string(), result: z.literal('refused'), problem: Problem }),
      ]),
    ),
  })
  .meta({ id: 'ReusedMaterials' })
export type ReusedMaterials = z.infer<typeof ReusedMaterials>

export const CaseEvidenceQuery = z.strictObject({
  stage: Stage.optional().meta({
    description: 'That it came there; that it was opened unless given',
  }),
  wait: z.literal('anchored').optional(),
})
