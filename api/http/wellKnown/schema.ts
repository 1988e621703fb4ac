import { z } from 'zod'
import { HexAddress, HexHash } from '../../../node/core/ethereum/hex.ts'
import { Registries } from '../../../node/core/parties/registries.ts'

/** What a trust.json is made from, by whoever decides to believe it. */
export const LedgerDescription = z
  .strictObject({
    v: z.literal(1),
    origin: z.string().meta({ description: 'Origin line of every checkpoint' }),
    logKey: z.string().meta({ description: 'C2SP verifier key of the log' }),
    chains: z.array(
      z.strictObject({
        name: z.string(),
        chainId: z.int().min(1),
        registry: HexAddress,
        logId: HexHash,
        anchoredSize: z.int().min(0).meta({ description: 'Size of the newest confirmed anchor' }),
      }),
    ),
    registries: Registries.optional().meta({
      description: 'Where parties, certificates and grants are recorded; absent where none are',
    }),
    api: z.strictObject({ version: z.string(), openapi: z.string(), documentation: z.string() }),
  })
  .meta({ id: 'LedgerDescription' })
export type LedgerDescription = z.infer<typeof LedgerDescription>
