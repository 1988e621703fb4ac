import { z } from 'zod'

export const AuditFinding = z
  .strictObject({
    code: z.string().meta({ description: 'Stable' }),
    level: z.enum(['fault', 'unknown', 'note']).meta({
      description:
        'fault: the ledger does not hold what it should; unknown: could not be checked now; ' +
        'note: worth knowing, nothing is wrong',
    }),
    where: z.string().meta({ description: 'The very record, in words' }),
    index: z.int().min(0).optional().meta({ description: 'Of the entry that it concerns' }),
    details: z.record(z.string(), z.unknown()).optional(),
    message: z.string(),
  })
  .meta({ id: 'AuditFinding' })
export type AuditFinding = z.infer<typeof AuditFinding>

const count = z.int().min(0)

/** The last line: without it the audit did not come to its end. */
export const AuditEnd = z
  .strictObject({
    end: z.literal(true),
    result: z.enum(['pass', 'fail', 'unknown']),
    size: count.meta({ description: 'Entries of the log that was audited' }),
    root: z.string().regex(/^[0-9a-f]{64}$/),
    statements: count,
    erased: count,
    contents: z.strictObject({ count, bytes: count }),
    anchors: count,
    faults: count,
    unknown: count,
    notes: count,
  })
  .meta({ id: 'AuditEnd' })
export type AuditEnd = z.infer<typeof AuditEnd>

export const AuditLine = z.union([AuditFinding, AuditEnd])
export type AuditLine = z.infer<typeof AuditLine>
