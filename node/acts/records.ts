import { z } from 'zod'
import { decodeUtf8, utf8 } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import type { ErrorKind } from '../core/errors.ts'
import { HexBytes, HexHash } from '../core/ethereum/hex.ts'

const count = z.int().nonnegative()
/** Milliseconds since 1970. */
const time = z.int().nonnegative()
/** JSON has no integers of this size: decimal text. */
const wei = z.codec(z.string().regex(/^(0|[1-9]\d{0,77})$/), z.bigint().nonnegative(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
})
const block = z.strictObject({ number: count, hash: HexHash })

const Attempt = z.strictObject({
  transaction: HexHash,
  /** As signed, to be sent again; forgotten once the act has an outcome that is settled. */
  raw: HexBytes.optional(),
  nonce: count,
  gasLimit: count,
  fees: z.union([
    z.strictObject({ maxFeePerGas: wei, maxPriorityFeePerGas: wei }),
    z.strictObject({ gasPrice: wei }),
  ]),
  at: time,
})
export type Attempt = Readonly<z.infer<typeof Attempt>>

const Outcome = z.discriminatedUnion('is', [
  /** The contract took it, in this block. */
  z.strictObject({ is: z.literal('mined'), block, transaction: HexHash }),
  /** The contract refused it, in this block or on the state after it. */
  z.strictObject({
    is: z.literal('refused'),
    block,
    kind: z.custom<ErrorKind>((kind) => typeof kind === 'string'),
    code: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
])
export type Outcome = Readonly<z.infer<typeof Outcome>>

const RelayRecord = z.strictObject({
  v: z.literal(1),
  /** Every transaction that was signed for it, oldest first. Any of them may be the one that is mined. */
  attempts: z.array(Attempt),
  /** Absent while it is on its way. A reorganisation that takes the block takes the outcome. */
  outcome: Outcome.optional(),
  /**
   * Present once the outcome is settled. The highest block with an outcome of an act up to this one: while it stands,
   * all of them do.
   */
  settled: block.optional(),
  queuedAt: time,
})

/** One act on its way to the chain. */
export type RelayRecord = Readonly<z.infer<typeof RelayRecord>>

export function encodeRelayRecord(record: RelayRecord): Uint8Array {
  return utf8(JSON.stringify(z.encode(RelayRecord, record)))
}

/** @throws LedgerError corrupt/RELAY_RECORD_MALFORMED */
export function decodeRelayRecord(bytes: Uint8Array): RelayRecord {
  try {
    return z.decode(RelayRecord, JSON.parse(decodeUtf8(bytes)))
  } catch (cause) {
    throw new LedgerError('corrupt', 'RELAY_RECORD_MALFORMED', {}, { cause })
  }
}

export function queuedRecord(queuedAt: number): RelayRecord {
  return { v: 1, attempts: [], queuedAt }
}

/** The same act, on its way again. */
export function withoutOutcome(record: RelayRecord): RelayRecord {
  const { outcome: _, settled: __, ...rest } = record
  return rest
}

/**
 * queued     logged, and not sent yet
 * submitted  at least one signed transaction may have reached the chain
 * mined      in a block that the chain may still take back
 * final      in a block that the chain will not take back
 * refused    the chain was no longer what it was when the act was logged
 */
export type RelayState = 'queued' | 'submitted' | 'mined' | 'final' | 'refused'

export function stateOf({ attempts, outcome, settled }: RelayRecord): RelayState {
  if (outcome === undefined) return attempts.length === 0 ? 'queued' : 'submitted'
  if (outcome.is === 'refused') return 'refused'
  return settled === undefined ? 'mined' : 'final'
}
