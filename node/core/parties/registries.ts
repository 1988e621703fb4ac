import * as z from 'zod'
import { HexAddress } from '../ethereum/hex.ts'

/** Where a ledger's parties, certificates and grants are recorded: one chain, three contracts. */
export const Registries = z
  .strictObject({
    chainId: z.int().min(1),
    parties: HexAddress,
    certificates: HexAddress,
    grants: HexAddress,
  })
  .meta({ id: 'Registries' })
export type Registries = z.infer<typeof Registries>
