import { z } from 'zod'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import { Signature } from '../../../node/core/acts/acts.ts'

const time = z.iso.datetime({ precision: 3 })
const seconds = z.int().min(1)

export const ChallengeRequest = z
  .strictObject({ address: HexAddress })
  .meta({ id: 'ChallengeRequest' })

export const Challenge = z
  .strictObject({
    message: z.string().meta({ description: 'EIP-4361, to be signed as it is (EIP-191)' }),
    expiresAt: time,
    sentence: z
      .strictObject({ zh: z.string(), en: z.string() })
      .meta({ description: 'What the message says, for people' }),
  })
  .meta({ id: 'Challenge' })
export type Challenge = z.infer<typeof Challenge>

export const SessionRequest = z
  .strictObject({ message: z.string().max(4096), signature: Signature })
  .meta({ id: 'SessionRequest' })

export const NewSession = z
  .strictObject({
    token: z.string().meta({ description: 'To be sent as `Authorization: Bearer`; kept nowhere' }),
    address: HexAddress,
    expiresAt: time,
    life: seconds.meta({ description: 'Seconds until then' }),
    idle: seconds.meta({ description: 'Seconds without a request that end it earlier' }),
  })
  .meta({ id: 'NewSession' })
export type NewSession = z.infer<typeof NewSession>

export const WhoAmI = z
  .strictObject({
    name: z.string().meta({ description: 'As in statements' }),
    roles: z.array(z.string()),
    address: HexAddress.optional().meta({ description: 'Of the account that signed in' }),
    department: HexAddress.optional().meta({ description: 'That acts by the account' }),
    expiresAt: time.optional(),
  })
  .meta({ id: 'WhoAmI' })
export type WhoAmI = z.infer<typeof WhoAmI>
