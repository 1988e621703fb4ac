import * as z from 'zod'
import { HexAddress, HexHash } from '../ethereum/hex.ts'

/**
 * `grantor` lets `grantee` use materials of `holder`, or pass that on. See `IGrantRegistry.sol` for each member;
 * masks are 0x and 64 hex digits, bit 0 the last; times in seconds since 1970, both included.
 */
export const GrantDocument = z
  .strictObject({
    parent: HexHash,
    grantor: HexAddress,
    grantee: HexAddress,
    holder: HexHash,
    scope: HexHash,
    items: HexHash,
    purposes: HexHash,
    notBefore: z
      .int()
      .min(0)
      .max(2 ** 48 - 1),
    notAfter: z
      .int()
      .min(0)
      .max(2 ** 48 - 1),
    depth: z.int().min(0).max(255),
    uses: z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    /** uint64 on chain. */
    epoch: z.int().min(0),
    salt: HexHash,
  })
  .meta({ id: 'Grant' })
export type Grant = z.infer<typeof GrantDocument>
