import { z } from 'zod'
import { SignedAct } from '../../../node/core/acts/acts.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { ScopeView } from '../../../node/core/grants/scope.ts'
import { GrantDocument } from '../../../node/core/grants/grant.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { RequestDeclined, RequestMade } from '../../../node/core/statements/request.ts'
import { RequestState } from '../../../node/core/requests/state.ts'
import { indexCursor, limit, next, position } from '../registered/schema.ts'

const at = z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' })

const logged = { index: position.meta({ description: 'Position in the log' }), at }

export const GrantRequest = RequestMade.omit({ v: true, kind: true })
  .extend({
    ...logged,
    sentence: z
      .strictObject({ zh: z.string(), en: z.string() })
      .meta({ description: 'Who asks for what, for what, and until when, in words' }),
    state: RequestState.meta({
      description:
        'pending: the holder may answer until it expires. ended: its case was decided before anybody answered',
    }),
    answer: z
      .strictObject({
        id: StatementId,
        ...logged,
        by: HexAddress.meta({ description: 'The account of the holder' }),
        grant: HexHash.optional().meta({ description: 'Of what was approved, be it all or less' }),
        reason: RequestDeclined.shape.reason.optional().meta({ description: 'Why not' }),
      })
      .optional(),
    draft: GrantDocument.pick({
      holder: true,
      grantee: true,
      items: true,
      purposes: true,
      notAfter: true,
      depth: true,
      uses: true,
    })
      .optional()
      .meta({
        description:
          'While it waits: what `POST /v1/grants/preview` takes as `grant`, beside a `scopeDocument` of these items ' +
          'and purposes and a seed of the holder’s own',
      }),
  })
  .meta({ id: 'GrantRequest' })
export type GrantRequest = z.infer<typeof GrantRequest>

export const GrantRequestPage = z
  .strictObject({ requests: z.array(GrantRequest), next })
  .meta({ id: 'GrantRequestPage' })
export type GrantRequestPage = z.infer<typeof GrantRequestPage>

export const GrantRequestQuery = z
  .strictObject({
    holder: HexHash.optional(),
    grantee: HexAddress.optional(),
    limit,
    cursor: indexCursor,
  })
  .refine(
    ({ holder, grantee }) => (holder === undefined) !== (grantee === undefined),
    'needs either holder or grantee',
  )

export const RequestApproval = z
  .strictObject({
    act: SignedAct,
    view: ScopeView.meta({ description: 'What the grantee is to be shown: all that is granted' }),
  })
  .meta({ id: 'RequestApproval' })
export type RequestApproval = z.infer<typeof RequestApproval>

export const RequestRefusal = RequestDeclined.pick({ reason: true }).meta({ id: 'RequestRefusal' })
export type RequestRefusal = z.infer<typeof RequestRefusal>

export const RequestEvidenceQuery = z.strictObject({
  of: z.enum(['request', 'answer']).default('request').meta({
    description: 'That it was asked, or how it was answered',
  }),
  wait: z.literal('anchored').optional(),
})
