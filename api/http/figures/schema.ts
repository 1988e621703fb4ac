import { z } from 'zod'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import { Month } from '../../../node/core/figures/month.ts'

export const FiguresQuery = z.strictObject({
  month: Month.optional().meta({
    description: 'YYYY-MM of China; this month, as far as it has come, unless given',
  }),
  department: HexAddress.optional().meta({
    description: 'Of this one alone; an auditor gets all unless given, a department its own',
  }),
  format: z.enum(['json', 'csv']).optional().meta({ description: 'In place of `Accept`' }),
})
