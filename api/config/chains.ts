import { z } from 'zod'
import * as value from './values.ts'

/** One chain of ONCE_CHAINS. */
const ChainEntry = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/, 'is not 1 to 32 lower-case letters, digits and -'),
  rpcUrl: value.httpUrl,
  key: value.privateKey,
  interval: value.duration.optional(),
  size: z.int().min(1).optional(),
  confirmations: z.int().min(1).optional(),
  /** Wei, in decimal. */
  maxFeePerGas: z
    .string()
    .regex(/^[1-9]\d{0,30}$/, 'is not a number of wei in decimal')
    .transform(BigInt)
    .optional(),
})

export const ChainList = z
  .array(ChainEntry)
  .max(16)
  .refine(
    (chains) => new Set(chains.map(({ name }) => name)).size === chains.length,
    'names one chain twice',
  )

/** A chain to anchor to; what is left out follows the policy for such chains. */
export type ChainConfig = z.infer<typeof ChainEntry>
