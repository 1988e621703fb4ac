import * as z from 'zod'
import { fieldName } from '../catalogue/parts.ts'
import { StatementId, typeCode } from '../statements/parts.ts'

// What was found when somebody was checked for a benefit: names of fields, and never what stands in them.

export const reasonCode = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'not a code')

export const EvidenceFinding = z
  .strictObject({
    /** Code of the material type. */
    material: typeCode,
    /** `unusable`: there is some, and none of it counts on the day. */
    standing: z.enum(['valid', 'unusable', 'missing']),
    /** What was looked at. */
    source: z
      .strictObject({ kind: z.enum(['certificate', 'material']), id: StatementId })
      .optional(),
    /** Fields of it that conditions read. */
    fields: z.array(fieldName).max(200).optional(),
    /** Why it does not count. */
    because: reasonCode.optional(),
  })
  .meta({ id: 'BenefitEvidenceFinding' })
export type EvidenceFinding = z.infer<typeof EvidenceFinding>

export const BenefitFinding = z
  .strictObject({
    qualifies: z.boolean(),
    /** Why nothing was looked at: the benefit is not for subjects of this kind. */
    because: reasonCode.optional(),
    /** In the order of the benefit. */
    evidence: z.array(EvidenceFinding).max(100),
    /** One for each condition, in the order of the benefit. */
    conditions: z.array(z.enum(['pass', 'fail', 'unknown'])).max(50),
  })
  .meta({ id: 'BenefitFinding' })
export type BenefitFinding = z.infer<typeof BenefitFinding>

/** What a finding goes by, and a grant spends. */
export function materialsOf({ evidence }: BenefitFinding): { id: string; type: string }[] {
  return evidence.flatMap(({ material, standing, source }) =>
    standing === 'valid' && source?.kind === 'material' ? [{ id: source.id, type: material }] : [],
  )
}
