import { z } from 'zod'
import { LedgerError } from '../../core/errors.ts'
import type { Hex, LogOnChain } from '../../chain/chain.ts'

/**
 * queued       decided, nothing sent yet
 * submitted    at least one signed transaction may have reached the chain
 * confirmed    in a block with the configured confirmations; its proofs are captured
 * final        the chain will not take it back
 * reorganised  the chain no longer has its block: no evidence may use it
 */
export type AnchorState = AnchorRecord['state']

const hex = z.custom<Hex>((value) => typeof value === 'string' && /^0x([0-9a-f]{2})*$/.test(value))
const hash = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const address = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value),
)
const count = z.int().nonnegative()
/** Milliseconds since 1970. */
const time = z.int().nonnegative()
/** JSON has no integers of this size: decimal text. */
const wei = z.codec(z.string().regex(/^(0|[1-9]\d{0,77})$/), z.bigint().nonnegative(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
})
const root = z.codec(z.string().regex(/^[0-9a-f]{64}$/), z.instanceof(Uint8Array), {
  decode: (text) => Uint8Array.from(Buffer.from(text, 'hex')),
  encode: (bytes) => Buffer.from(bytes).toString('hex'),
})
const block = z.strictObject({ number: count, hash })

const AnchorRecord = z.strictObject({
  v: z.literal(1),
  /** The configured name of the chain. */
  target: z.string().regex(/^[a-z0-9-]{1,32}$/),
  chainId: z.int().positive(),
  registry: address,
  logId: hash,
  size: z.int().positive(),
  root,
  /** The signed note of this size and root. */
  checkpoint: z.string(),
  state: z.enum(['queued', 'submitted', 'confirmed', 'final', 'reorganised']),
  /** Every transaction that was signed for it, oldest first. Any of them may be the one that is mined. */
  attempts: z.array(
    z.strictObject({
      transaction: hash,
      nonce: count,
      fees: z.union([
        z.strictObject({ maxFeePerGas: wei, maxPriorityFeePerGas: wei }),
        z.strictObject({ gasPrice: wei }),
      ]),
      at: time,
    }),
  ),
  /** Where it was mined, and by which of the attempts. */
  mined: z.strictObject({ transaction: hash, block }).optional(),
  /** Absent when the chain gives no such proofs. */
  proof: z
    .strictObject({ block, header: hex, accountProof: z.array(hex), storageProof: z.array(hex) })
    .optional(),
  queuedAt: time,
  confirmedAt: time.optional(),
  finalAt: time.optional(),
  reorganisedAt: time.optional(),
})

/** One checkpoint on its way to one chain. */
export type AnchorRecord = Readonly<z.infer<typeof AnchorRecord>>

export function encodeAnchorRecord(record: AnchorRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(z.encode(AnchorRecord, record)))
}

/** @throws LedgerError corrupt/ANCHOR_RECORD_MALFORMED */
export function decodeAnchorRecord(bytes: Uint8Array): AnchorRecord {
  try {
    return z.decode(
      AnchorRecord,
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
    )
  } catch (cause) {
    throw new LedgerError('corrupt', 'ANCHOR_RECORD_MALFORMED', {}, { cause })
  }
}

/** Only what the chain still holds may stand in evidence. */
export function isAnchored(record: AnchorRecord): boolean {
  return record.state === 'confirmed' || record.state === 'final'
}

/** How one target chain is doing, for /readyz, /metrics and /.well-known. */
export interface AnchoringStatus {
  readonly target: string
  /** Absent until the chain has been reached for the first time. */
  readonly log: LogOnChain | undefined
  /**
   * starting  the chain has not been reached yet
   * idle      everything is anchored, or the next anchor is not due yet
   * anchoring an anchor is on its way
   * retrying  the last look failed; the next one waits
   * halted    the chain holds what contradicts this log: no anchor is sent until that changes
   */
  readonly state: 'starting' | 'idle' | 'anchoring' | 'retrying' | 'halted'
  /** Size of the newest confirmed anchor, 0 before the first. */
  readonly anchoredSize: number
  readonly finalSize: number
  /** Entries not anchored yet, and the seconds since the oldest of them was seen. */
  readonly lag: { readonly entries: number; readonly seconds: number }
  /** Times that confirmed anchors were lost to a reorganisation or reset, since the start. */
  readonly reorganisations: number
  /** Fee bumps and resends since the start. */
  readonly resends: number
  /** The failure of the last look; undefined when it went well. `at` in milliseconds since 1970. */
  readonly error: { readonly code: string; readonly at: number } | undefined
}
