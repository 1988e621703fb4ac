import { z } from 'zod'
import type { Hex } from '../chain.ts'

/** What JSON-RPC answers look like. Chains add fields of their own, so objects stay open. */

const matching = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .transform((text) => text.toLowerCase() as Hex)

export const Hash = matching(/^0x[0-9a-f]{64}$/i)
export const Data = matching(/^0x([0-9a-f]{2})*$/i)
export const Bytes = matching(/^0x([0-9a-f]{2})+$/i)
const Quantity = matching(/^0x[0-9a-f]{1,64}$/i)

/** Wei. */
export const Amount = Quantity.transform((text) => BigInt(text))
export const Count = Quantity.transform(Number).pipe(z.int().nonnegative())

/** Why an answer makes no sense, where that is a code of its own. */
export const CLOCK = 'CHAIN_CLOCK_NOT_SECONDS'

/**
 * Seconds since 1970, as EVM has it. A chain that counts milliseconds or nanoseconds, such as Quorum under Raft, does
 * so in contracts, too, where it stands beside times of grants and rights; nothing that is decided by it there would
 * hold here.
 */
const Time = Quantity.transform(Number).refine((time) => time < 2 ** 40, CLOCK)

const Block = z.looseObject({
  number: Count,
  hash: Hash,
  timestamp: Time,
  baseFeePerGas: Amount.nullish(),
})
export const LatestBlock = Block
export const AnyBlock = Block.nullable()

/** As the chain spells it, for hashing. */
export const RawBlock = z.record(z.string(), z.unknown()).nullable()

export const Receipt = z
  .looseObject({
    blockNumber: Count,
    blockHash: Hash,
    // Chains older than Byzantium have none.
    status: Count.nullish(),
  })
  .nullable()

export const Transaction = z.looseObject({ from: Data, to: Data.nullish(), input: Data }).nullable()

export const StorageProof = z.looseObject({
  accountProof: z.array(Bytes),
  storageProof: z.tuple([z.looseObject({ proof: z.array(Bytes) })]),
})

export const Logs = z.array(
  z.looseObject({
    address: Data,
    topics: z.array(Hash),
    data: Data,
    blockNumber: Count,
    blockHash: Hash,
    transactionHash: Hash,
    logIndex: Count,
    // Seconds since 1970; older nodes leave it out.
    blockTimestamp: Time.nullish(),
  }),
)
export type Log = z.infer<typeof Logs>[number]

export const SlotProofs = z.looseObject({
  accountProof: z.array(Bytes),
  storageProof: z.array(z.looseObject({ proof: z.array(Bytes) })),
})

/** How questions write numbers. */
export function quantity(value: number): Hex {
  return `0x${value.toString(16)}`
}
