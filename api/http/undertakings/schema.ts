import { z } from 'zod'
import { HolderRole } from '../../../node/core/catalogue/matter.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { caseCode, typeCode } from '../../../node/core/statements/parts.ts'
import { UndertakingChecked, UndertakingGiven } from '../../../node/core/statements/undertaking.ts'
import { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import { indexCursor, limit, next, position, sentence, typedDataOf } from '../registered/schema.ts'

const at = z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' })
const logged = { index: position.meta({ description: 'Position in the log' }), at }

export const UndertakingDraft = z
  .strictObject({
    case: caseCode,
    material: typeCode.meta({ description: 'As the matter asks for it' }),
    role: HolderRole.default('APPLICANT').meta({ description: 'Whose material it is' }),
    holder: HexHash.optional().meta({
      description: 'Of several in that part, for which; else the one that the account speaks for',
    }),
  })
  .meta({ id: 'UndertakingDraft' })
export type UndertakingDraft = z.input<typeof UndertakingDraft>

export const UndertakingPreview = z
  .strictObject({ typedData: typedDataOf('Undertaking', Undertaking), sentence })
  .meta({ id: 'UndertakingPreview' })
export type UndertakingPreview = z.infer<typeof UndertakingPreview>

export const UndertakingState = z.enum(['given', 'kept', 'broken'])

export const GivenUndertaking = Undertaking.extend({
  id: StatementId,
  ...logged,
  state: UndertakingState.meta({ description: 'By the newest check' }),
  sentence,
  digest: HexHash.meta({ description: 'EIP-712 digest, which was signed' }),
  signature: UndertakingGiven.shape.signature,
  checks: z
    .array(
      UndertakingChecked.pick({ id: true, result: true, reason: true, officer: true, by: true })
        .extend(logged)
        .meta({ id: 'CheckOfUndertaking' }),
    )
    .meta({ description: 'Newest first' }),
}).meta({ id: 'GivenUndertaking' })
export type GivenUndertaking = z.infer<typeof GivenUndertaking>

export const UndertakingPage = z
  .strictObject({ undertakings: z.array(GivenUndertaking), next })
  .meta({ id: 'UndertakingPage' })
export type UndertakingPage = z.infer<typeof UndertakingPage>

export const UndertakingQuery = z
  .strictObject({
    case: caseCode.optional(),
    holder: HexHash.optional(),
    department: HexAddress.optional(),
    limit,
    cursor: indexCursor,
  })
  .refine(
    ({ case: code, holder, department }) =>
      [code, holder, department].filter((one) => one !== undefined).length === 1,
    'needs one of case, holder and department',
  )

export const UndertakingEvidenceQuery = z.strictObject({
  of: z.enum(['given', 'checked']).default('given').meta({
    description: 'That it was given, or of its newest check',
  }),
  wait: z.literal('anchored').optional(),
})
