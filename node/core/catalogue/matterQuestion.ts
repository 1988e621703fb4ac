import * as z from 'zod'
import { shownText } from '../statements/parts.ts'
import { fieldName } from './parts.ts'

/** What a matter asks about a material in the place of having it handed in 数据核验; on the day of the case. */
export const MatterQuestion = z
  .discriminatedUnion('kind', [
    /** Whether it could be used. */
    z.strictObject({ kind: z.literal('validOn') }),
    /** Full years, of whoever's birthday or citizen number is in the field. */
    z.strictObject({
      kind: z.literal('ageAtLeast'),
      field: fieldName,
      years: z.int().min(0).max(150),
    }),
    /** Whether the field says this; of a list, whether it names this. */
    z.strictObject({
      kind: z.literal('is'),
      field: fieldName,
      value: z.union([shownText(1000), z.int(), z.boolean()]),
    }),
  ])
  .meta({ id: 'MatterQuestion' })
export type MatterQuestion = z.infer<typeof MatterQuestion>
