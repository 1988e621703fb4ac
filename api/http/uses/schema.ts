import { z } from 'zod'
import { Use as UseMessage } from '../../../node/core/acts/acts.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { UseContext } from '../../../node/core/grants/use.ts'
import { Questions } from '../../../node/core/checks/questions.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { Authorization, FieldNames, Manner, UseRequest } from '../../../node/core/uses/documents.ts'
import { Reason } from '../grants/schema.ts'
import { indexCursor, limit, next, position, seconds, UseActPreview } from '../registered/schema.ts'

export const UsePreviewRequest = UseRequest.extend({
  authorizations: z
    .array(Authorization.pick({ chain: true, openings: true }))
    .min(1)
    .max(8)
    .meta({
      description:
        'Of each holder: the grants from the root down, and the items and the purpose asked for, laid open',
    }),
  questions: Questions.optional().meta({
    description: 'Of a data check; `fields` are those that they are about, and `manner` is `read`',
  }),
  notAfter: UseMessage.shape.notAfter.optional().meta({
    description:
      'Seconds since 1970, until which the request is good; ten minutes from now unless given',
  }),
}).meta({ id: 'UsePreviewRequest' })

export const UsePreview = z
  .strictObject({
    acts: z
      .array(
        UseActPreview.extend({
          counted: z.boolean().meta({
            description: 'The chain counts it, for good; otherwise it is told nothing',
          }),
        }),
      )
      .min(1)
      .meta({ description: 'One for each authorization; a second signer is the last grantee' }),
    reasons: z
      .array(Reason)
      .meta({ description: 'Why it would be refused now; none: it would not' }),
  })
  .meta({ id: 'UsePreview' })
export type UsePreview = z.infer<typeof UsePreview>

export const Use = z
  .strictObject({
    id: StatementId,
    index: position.meta({ description: 'Position in the log' }),
    at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
    result: z.enum(['released', 'refused']),
    subject: z.strictObject({
      kind: z.enum(['certificate', 'material']),
      id: StatementId,
      type: z.string().optional(),
    }),
    holders: z.array(HexHash),
    user: HexAddress.meta({ description: 'The department' }),
    userName: z.string().optional(),
    fields: FieldNames,
    manner: Manner,
    context: UseContext.omit({ salt: true }),
    grants: z
      .array(z.array(HexHash))
      .meta({ description: 'Ids from the root down, of each authorization' }),
    counted: z
      .array(HexHash)
      .optional()
      .meta({ description: 'Transactions that counted it, where uses are limited' }),
    expires: seconds.optional().meta({ description: 'From then on the derived copy is void' }),
    because: Reason.optional().meta({ description: 'Why it was refused' }),
  })
  .meta({ id: 'RecordedUse' })
export type Use = z.infer<typeof Use>

export const UsePage = z.strictObject({ uses: z.array(Use), next }).meta({ id: 'UsePage' })
export type UsePage = z.infer<typeof UsePage>

export const UseQuery = z
  .strictObject({
    holder: HexHash.optional(),
    user: HexAddress.optional(),
    limit,
    cursor: indexCursor,
  })
  .refine(
    ({ holder, user }) => (holder === undefined) !== (user === undefined),
    'needs either holder or user',
  )

export const LiveQuery = z.strictObject({ holder: HexHash })
