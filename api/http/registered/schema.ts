import { z } from 'zod'
import * as acts from '../../../node/core/acts/acts.ts'
import type { Act, ActType, SignableType } from '../../../node/core/acts/acts.ts'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { shownText } from '../../../node/core/statements/parts.ts'

/** What routes about departments, holders and certificates have in common. */

export const seconds = z.int().min(0).meta({ description: 'Seconds since 1970' })
export const position = z.int().min(0)
export const place = z.strictObject({ time: seconds, block: position, transaction: HexHash })

/** EIP-712 of one type of act. */
export const typedDataOf = <Type extends SignableType, Message extends z.ZodType>(
  type: Type,
  message: Message,
) =>
  z
    .strictObject({
      types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
      primaryType: z.literal(type),
      domain: z.strictObject({
        name: z.literal('OnceLedger'),
        version: z.literal('1'),
        chainId: z.int().min(1),
        verifyingContract: HexAddress,
      }),
      message,
    })
    .meta({ description: 'EIP-712, as `eth_signTypedData_v4` takes it' })

export const sentence = z
  .strictObject({ zh: z.string(), en: z.string() })
  .meta({ description: 'What is signed, in words, derived from it' })

/** An act of one type to be signed, with what it says. */
const previewOf = <Type extends ActType, Message extends z.ZodType>(type: Type, message: Message) =>
  z
    .strictObject({
      typedData: typedDataOf(type, message),
      sentence,
      signers: z.array(HexAddress).min(1).max(2).meta({
        description: 'The accounts that have to sign; the first one gives `signature`',
      }),
    })
    .meta({ id: `${type}Preview` })

export const HolderBindingPreview = previewOf('HolderBinding', acts.HolderBinding)
export const HolderReleasePreview = previewOf('HolderRelease', acts.HolderRelease)
export const StatusChangePreview = previewOf('StatusChange', acts.StatusChange)
export const UseActPreview = previewOf('Use', acts.Use)

/** Of those that are about departments, by their types. */
export const DEPARTMENT_PREVIEWS = {
  Accreditation: previewOf('Accreditation', acts.Accreditation),
  TypesChange: previewOf('TypesChange', acts.TypesChange),
  StandingChange: previewOf('StandingChange', acts.StandingChange),
  Rekeying: previewOf('Rekeying', acts.Rekeying),
}
export const DepartmentPreview = z
  .union([
    DEPARTMENT_PREVIEWS.Accreditation,
    DEPARTMENT_PREVIEWS.TypesChange,
    DEPARTMENT_PREVIEWS.StandingChange,
    DEPARTMENT_PREVIEWS.Rekeying,
  ])
  .meta({ id: 'DepartmentPreview' })

/** What the schemas above say, of whichever act. */
export interface ActPreview<A extends Act = Act> {
  typedData: {
    types: Record<string, { name: string; type: string }[]>
    primaryType: A['type']
    domain: { name: 'OnceLedger'; version: '1'; chainId: number; verifyingContract: Hex }
    message: A['message']
  }
  sentence: { zh: string; en: string }
  signers: Hex[]
}

export const ActWithNote = z
  .strictObject({
    act: acts.SignedAct,
    note: shownText(500).optional(),
  })
  .meta({ id: 'ActWithNote' })

export const limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'not 1 to 100')
  .transform(Number)
  .default(20)
  .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 20 } })

const cursorMeta = { description: '`next` of the page before' }

/** Of lists that follow the chain. */
export const mirrorCursor = z
  .string()
  .regex(/^[0-9a-f]{1,64}$/, 'not a cursor')
  .optional()
  .meta(cursorMeta)

/** Of lists that follow the log: the index to go on before. */
export const indexCursor = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/, 'not a cursor')
  .transform(Number)
  .optional()
  .meta({ ...cursorMeta, override: { type: 'string' } })

export const next = z
  .string()
  .optional()
  .meta({ description: 'Cursor of the next page; absent on the last' })

export const moment = z.string().optional().meta({
  description: '`2023-08-05`, the end of that day in China, or RFC 3339; now unless given',
})
