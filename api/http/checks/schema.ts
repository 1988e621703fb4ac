import { z } from 'zod'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { UseContext } from '../../../node/core/grants/use.ts'
import { Question } from '../../../node/core/checks/questions.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { next, position } from '../registered/schema.ts'

export const Check = z
  .strictObject({
    id: StatementId,
    index: position.meta({ description: 'Position in the log' }),
    at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
    subject: z.strictObject({
      kind: z.enum(['certificate', 'material']),
      id: StatementId,
      type: z.string(),
    }),
    holders: z.array(HexHash),
    user: HexAddress.meta({ description: 'The department' }),
    context: UseContext.omit({ salt: true }),
    questions: z.array(Question),
    answers: z.array(z.boolean()).meta({ description: 'In the order of the questions' }),
  })
  .meta({ id: 'RecordedCheck' })
export type Check = z.infer<typeof Check>

export const CheckPage = z.strictObject({ checks: z.array(Check), next }).meta({ id: 'CheckPage' })
export type CheckPage = z.infer<typeof CheckPage>
