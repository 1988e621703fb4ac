import { z } from 'zod'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'

const time = z.iso.datetime({ precision: 3 })

export const Anchor = z
  .strictObject({
    chain: z.string().meta({ description: 'Name of the chain in the configuration of the ledger' }),
    chainId: z.int().min(1),
    registry: HexAddress,
    logId: HexHash,
    size: z.int().min(1).meta({ description: 'Entries that the anchored checkpoint covers' }),
    root: z.string().regex(/^[0-9a-f]{64}$/),
    checkpoint: z.string().meta({ description: 'C2SP signed note' }),
    state: z.enum(['queued', 'submitted', 'confirmed', 'final', 'reorganised']),
    transaction: HexHash.optional(),
    block: z.strictObject({ number: z.int().min(0), hash: HexHash }).optional(),
    provable: z.boolean().meta({
      description: 'True when the block header and EIP-1186 proofs were captured',
    }),
    queuedAt: time,
    confirmedAt: time.optional(),
    finalAt: time.optional(),
    reorganisedAt: time.optional(),
  })
  .meta({ id: 'Anchor' })
export type Anchor = z.infer<typeof Anchor>

export const AnchorPage = z
  .strictObject({
    anchors: z.array(Anchor),
    next: z
      .string()
      .optional()
      .meta({ description: 'Cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'AnchorPage' })
export type AnchorPage = z.infer<typeof AnchorPage>

export const AnchorsAtSize = z
  .strictObject({ size: z.int().min(1), anchors: z.array(Anchor) })
  .meta({ id: 'AnchorsAtSize' })
export type AnchorsAtSize = z.infer<typeof AnchorsAtSize>

export const PageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'not 1 to 100')
    .transform(Number)
    .default(20)
    .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'not a cursor')
    .optional()
    .meta({ description: '`next` of the page before' }),
})
