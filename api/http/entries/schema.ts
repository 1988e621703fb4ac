import { z } from 'zod'
import { EntryDocument } from '../../../node/core/entry.ts'

/** Plain decimal, one spelling per value, as it stands in a path. */
export const PathNumber = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/, 'not a whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'too large')
  .meta({ override: { type: 'integer', minimum: 0 } })

export const LoggedEntry = z
  .strictObject({
    index: z.int().min(0),
    entry: EntryDocument,
    leafHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256(0x00 ‖ entry in its canonical form)' }),
    proof: z.string().meta({
      description: 'C2SP tlog-proof: index, inclusion proof and the newest signed checkpoint',
    }),
  })
  .meta({ id: 'LoggedEntry' })
export type LoggedEntry = z.infer<typeof LoggedEntry>
