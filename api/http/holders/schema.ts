import { z } from 'zod'
import { SignedAct } from '../../../node/core/acts/acts.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { Holder as HolderCode } from '../../../node/core/statement.ts'
import { HolderRegistered } from '../../../node/core/statements/party.ts'
import {
  HolderBindingPreview,
  limit,
  mirrorCursor,
  next,
  place,
  seconds,
} from '../registered/schema.ts'

export const HolderRegistration = HolderRegistered.pick({
  salt: true,
  codeType: true,
  code: true,
  name: true,
}).meta({ id: 'HolderRegistration' })
export type HolderRegistration = z.infer<typeof HolderRegistration>

export const HolderRequest = z
  .strictObject({
    registration: HolderRegistration.meta({
      description: 'Private: it is sealed, and logged as a hash',
    }),
    act: SignedAct.meta({ description: 'HolderBinding of the first account' }),
  })
  .meta({ id: 'HolderRequest' })

export const HolderPreviewRequest = z
  .strictObject({
    registration: HolderRegistration.omit({ name: true }),
    account: HexAddress.meta({ description: 'To be bound first' }),
  })
  .meta({ id: 'HolderPreviewRequest' })

export const AccountRequest = z.strictObject({ act: SignedAct }).meta({ id: 'AccountRequest' })

export const AccountPreviewRequest = z
  .strictObject({
    account: HexAddress,
    endGrants: z.boolean().optional().meta({
      description: 'For a release: whether what the account granted ends, too; false unless given',
    }),
  })
  .meta({ id: 'AccountPreviewRequest' })

export const HolderPreview = HolderBindingPreview.extend({
  holder: HexHash.meta({ description: 'Id: the hash of salt, code type and code' }),
}).meta({ id: 'HolderPreview' })
export type HolderPreview = z.infer<typeof HolderPreview>

export const FoundHolder = z.strictObject({ holder: HexHash }).meta({ id: 'FoundHolder' })

const account = z.strictObject({
  account: HexAddress,
  bound: z.boolean(),
  periods: z.array(
    z.strictObject({
      from: seconds,
      until: seconds.optional().meta({ description: 'Absent while bound' }),
      registrar: HexAddress,
      recorded: place,
    }),
  ),
  grantsEndedAt: seconds.optional().meta({
    description: 'Grants of this account that were registered up to then count no longer',
  }),
})

export const Holder = z
  .strictObject({
    id: HexHash,
    registrar: HexAddress.meta({ description: 'That bound its first account' }),
    masked: z.boolean().meta({ description: 'Name and code are shown in part only' }),
    name: z.string().optional().meta({ description: 'Absent where it was registered elsewhere' }),
    codeType: HolderCode.shape.codeType.optional(),
    code: z.string().optional(),
    accounts: z.array(account),
  })
  .meta({ id: 'RegisteredHolder' })
export type Holder = z.infer<typeof Holder>

export const HolderPage = z
  .strictObject({ holders: z.array(Holder), next })
  .meta({ id: 'HolderPage' })
export type HolderPage = z.infer<typeof HolderPage>

export const HolderQuery = z.strictObject({ limit, cursor: mirrorCursor })
