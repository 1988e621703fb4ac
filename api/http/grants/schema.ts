import { z } from 'zod'
import { EpochBump, Revocation, SignedAct } from '../../../node/core/acts/acts.ts'
import { EvidenceDocument } from '../../../node/core/evidence.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { GrantDocument } from '../../../node/core/grants/grant.ts'
import { MAX_HOPS } from '../../../node/core/grants/rules.ts'
import { ScopeDocument, ScopeView } from '../../../node/core/grants/scope.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { GrantDraft } from '../../../node/grants/draft.ts'
import { sentence, typedDataOf } from '../registered/schema.ts'

const position = z.int().min(0)
/** Seconds since 1970. */
const time = z.int().min(0).meta({ description: 'Seconds since 1970' })
const chain = z.array(GrantDocument).min(1).max(MAX_HOPS)

export const GrantPreviewRequest = z
  .strictObject({
    grant: GrantDraft.meta({
      description:
        'Without `parent`, `holder`, `scope`, `epoch`, `salt` and the like: they follow from the grant above',
    }),
    above: z
      .array(GrantDocument)
      .max(MAX_HOPS)
      .default([])
      .meta({ description: 'The grants above, root first; none for a root' }),
    view: ScopeView.optional().meta({ description: 'What the grantor was shown of the lists' }),
    scopeDocument: ScopeDocument.optional().meta({
      description: 'All of the lists, from the holder itself; nothing of it is kept',
    }),
  })
  .refine(
    ({ view, scopeDocument }) => view === undefined || scopeDocument === undefined,
    'both view and scopeDocument',
  )
  .meta({ id: 'GrantPreviewRequest' })
export type GrantPreviewRequest = z.input<typeof GrantPreviewRequest>

export const Reason = z
  .looseObject({
    code: z.string(),
    detail: z.string().meta({ description: 'What is wrong and what to do, in one sentence' }),
    hop: z.int().min(0).optional().meta({ description: 'Which grant of the chain, the root 0' }),
  })
  .meta({ id: 'Reason' })
export type Reason = z.infer<typeof Reason>

const toBeSigned = {
  sentence,
  signer: HexAddress.meta({ description: 'The account that has to sign' }),
  reasons: z.array(Reason).meta({ description: 'Why it would be refused now; none: it would not' }),
}

export const GrantPreview = z
  .strictObject({
    id: HexHash.meta({ description: 'Of the grant: its EIP-712 digest' }),
    typedData: typedDataOf('Grant', GrantDocument),
    ...toBeSigned,
    chain: z
      .array(GrantDocument)
      .min(1)
      .meta({ description: 'To be handed in with the signature' }),
    view: ScopeView.optional().meta({
      description: 'What the grantee is to be shown: to be handed in, too',
    }),
  })
  .meta({ id: 'GrantPreview' })
export type GrantPreview = z.infer<typeof GrantPreview>

export const GrantRegistration = z
  .strictObject({
    act: SignedAct,
    view: ScopeView.optional().meta({
      description: 'What the grantee may be shown: just the items and purposes that it was given',
    }),
  })
  .meta({ id: 'GrantRegistration' })
export type GrantRegistration = z.infer<typeof GrantRegistration>

export const ActRequest = z.strictObject({ act: SignedAct }).meta({ id: 'ActRequest' })

const recorded = {
  statement: StatementId.meta({ description: 'Of the act' }),
  index: position.meta({ description: 'Position in the log' }),
  state: z.enum(['queued', 'submitted', 'mined', 'final', 'refused']).meta({
    description: 'How far it is on its way to the chain',
  }),
  transaction: HexHash.optional(),
  block: z.strictObject({ number: position, hash: HexHash }).optional(),
  evidence: EvidenceDocument,
}

export const RegisteredGrant = z
  .strictObject({
    grant: HexHash,
    ...recorded,
    shown: StatementId.optional().meta({ description: 'Statement of what the grantee is shown' }),
  })
  .meta({ id: 'RegisteredGrant' })
export type RegisteredGrant = z.infer<typeof RegisteredGrant>

export const RecordedAct = z.strictObject(recorded).meta({ id: 'RecordedAct' })
export type RecordedAct = z.infer<typeof RecordedAct>

const place = { time, block: position, transaction: HexHash }

const about = {
  id: HexHash,
  holder: HexHash,
  grantor: HexAddress,
  grantee: HexAddress,
  line: z.array(HexHash).min(1).meta({ description: 'Ids from the root down to this grant' }),
  terms: GrantDocument.optional().meta({
    description: 'Absent where the grant was registered elsewhere: the chain holds no terms',
  }),
  statement: StatementId.optional().meta({ description: 'Of the act that granted' }),
  registered: z.strictObject(place).optional(),
  revoked: z.strictObject({ by: HexAddress, ...place }).optional(),
  used: z.int().min(0).meta({ description: 'How often, with all below it where uses are limited' }),
  standing: z.enum(['live', 'dead', 'unknown']).meta({
    description: 'unknown: the terms are not here, and nothing on chain is against it',
  }),
  because: Reason.optional().meta({ description: 'The first reason why it is dead' }),
}

export const GrantSummary = z.strictObject(about).meta({ id: 'GrantSummary' })
export type GrantSummary = z.infer<typeof GrantSummary>

export const GrantDetail = z
  .strictObject({
    ...about,
    chain: chain
      .optional()
      .meta({ description: 'The terms of all of `line`, as a use needs them' }),
  })
  .meta({ id: 'GrantDetail' })
export type GrantDetail = z.infer<typeof GrantDetail>

export const GrantPage = z
  .strictObject({
    grants: z.array(GrantSummary),
    next: z
      .string()
      .optional()
      .meta({ description: 'Cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'GrantPage' })
export type GrantPage = z.infer<typeof GrantPage>

export const GrantTree = z
  .strictObject({
    grants: z.array(GrantSummary).meta({ description: 'Each before those below it' }),
    unread: z.array(HexHash).meta({
      description: 'Below these there are more than fit; see `?parent=`',
    }),
  })
  .meta({ id: 'GrantTree' })
export type GrantTree = z.infer<typeof GrantTree>

export const GrantQuery = z
  .strictObject({
    holder: HexHash.optional(),
    grantee: HexAddress.optional(),
    parent: HexHash.optional(),
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/, 'not 1 to 100')
      .transform(Number)
      .default(20)
      .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
    cursor: z
      .string()
      .regex(/^[0-9a-f]{1,64}$/, 'not a cursor')
      .optional()
      .meta({ description: '`next` of the page before' }),
  })
  .refine(
    ({ holder, grantee, parent }) =>
      [holder, grantee, parent].filter((each) => each !== undefined).length === 1,
    'needs one of holder, grantee and parent',
  )

export const RevocationPreviewRequest = z
  .strictObject({
    revoker: HexAddress.optional().meta({
      description:
        'A grantor on the chain of the grant, or an account of the holder; the caller unless given',
    }),
  })
  .meta({ id: 'RevocationPreviewRequest' })

export const RevocationPreview = z
  .strictObject({
    typedData: typedDataOf('Revocation', Revocation),
    ...toBeSigned,
    chain: z
      .array(GrantDocument)
      .min(1)
      .meta({ description: 'To be handed in with the signature' }),
  })
  .meta({ id: 'RevocationPreview' })
export type RevocationPreview = z.infer<typeof RevocationPreview>

export const EpochPreviewRequest = z
  .strictObject({
    account: HexAddress.optional().meta({
      description: 'An account or department; the caller unless given',
    }),
  })
  .meta({ id: 'EpochPreviewRequest' })

export const EpochPreview = z
  .strictObject({
    typedData: typedDataOf('EpochBump', EpochBump),
    ...toBeSigned,
  })
  .meta({ id: 'EpochPreview' })
export type EpochPreview = z.infer<typeof EpochPreview>
