import { z } from 'zod'
import { decodeHex, decodeUtf8, encodeHex, utf8 } from '../../core/bytes.ts'
import { LedgerError } from '../../core/errors.ts'
import type { EvidenceAnchor } from '../../core/evidence.ts'
import { HexAddress, HexBytes, HexHash } from '../../core/ethereum/hex.ts'
import type { LogOnChain } from '../../chain/chain.ts'

/**
 * queued       decided, nothing sent yet
 * submitted    at least one signed transaction may have reached the chain
 * confirmed    in a block with the configured confirmations; its proofs are captured
 * final        the chain will not take it back
 * reorganised  the chain no longer has its block: no evidence may use it
 */

const count = z.int().nonnegative()
/** Milliseconds since 1970. */
const time = z.int().nonnegative()
/** JSON has no integers of this size: decimal text. */
const wei = z.codec(z.string().regex(/^(0|[1-9]\d{0,77})$/), z.bigint().nonnegative(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
})
const root = z.codec(
  z.string().regex(/^[0-9a-f]{64}$/),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32),
  {
    decode: (text) => decodeHex(text),
    encode: (bytes) => encodeHex(bytes),
  },
)
const block = z.strictObject({ number: count, hash: HexHash })

const Attempt = z.strictObject({
  transaction: HexHash,
  /** As signed, to be sent again; forgotten once the anchor is confirmed. */
  raw: HexBytes.optional(),
  nonce: count,
  fees: z.union([
    z.strictObject({ maxFeePerGas: wei, maxPriorityFeePerGas: wei }),
    z.strictObject({ gasPrice: wei }),
  ]),
  /** The anchored size that its consistency proof starts from. */
  from: count,
  at: time,
})
export type Attempt = Readonly<z.infer<typeof Attempt>>

/** An attempt that will not be sent again, be it of an anchor or of an act. */
export function withoutRaw<One extends Pick<Attempt, 'raw'>>(attempt: One): Omit<One, 'raw'> {
  const { raw: _, ...rest } = attempt
  return rest
}

const AnchorRecord = z.strictObject({
  v: z.literal(1),
  /** The configured name of the chain. */
  target: z.string().regex(/^[a-z0-9-]{1,32}$/),
  chainId: z.int().positive(),
  registry: HexAddress,
  logId: HexHash,
  size: z.int().positive(),
  root,
  /** The signed note of this size and root. */
  checkpoint: z.string(),
  state: z.enum(['queued', 'submitted', 'confirmed', 'final', 'reorganised']),
  /** Every transaction that was signed for it, oldest first. Any of them may be the one that is mined. */
  attempts: z.array(Attempt),
  /** Where it was mined, and by which of the attempts. */
  mined: z.strictObject({ transaction: HexHash, block }).optional(),
  /** Absent when the chain gives no such proofs. */
  proof: z
    .strictObject({
      block,
      header: HexBytes,
      accountProof: z.array(HexBytes),
      storageProof: z.array(HexBytes),
      transactionProof: z.strictObject({ index: count, nodes: z.array(HexBytes) }).optional(),
    })
    .optional(),
  queuedAt: time,
  confirmedAt: time.optional(),
  finalAt: time.optional(),
  reorganisedAt: time.optional(),
})

/** One checkpoint on its way to one chain. */
export type AnchorRecord = Readonly<z.infer<typeof AnchorRecord>>

export function encodeAnchorRecord(record: AnchorRecord): Uint8Array {
  return utf8(JSON.stringify(z.encode(AnchorRecord, record)))
}

/** @throws LedgerError corrupt/ANCHOR_RECORD_MALFORMED */
export function decodeAnchorRecord(bytes: Uint8Array): AnchorRecord {
  try {
    return z.decode(AnchorRecord, JSON.parse(decodeUtf8(bytes)))
  } catch (cause) {
    throw new LedgerError('corrupt', 'ANCHOR_RECORD_MALFORMED', {}, { cause })
  }
}

/** Only what the chain still holds may stand in evidence. */
export function isAnchored(record: AnchorRecord): boolean {
  return record.state === 'confirmed' || record.state === 'final'
}

/** @throws TypeError for a record that was never mined */
export function toEvidenceAnchor(record: AnchorRecord): EvidenceAnchor {
  const { chainId, registry, logId, mined, proof } = record
  if (mined === undefined) throw new TypeError('an anchor in evidence was mined')
  const { number: blockNumber, hash: blockHash } = proof?.block ?? mined.block
  const anchor = { chainId, registry, logId, blockNumber, blockHash }
  // Without its proof the transaction says no more than the block does, and nobody could check it.
  if (proof === undefined) return { ...anchor, transaction: mined.transaction }
  const { header, accountProof, storageProof, transactionProof } = proof
  return {
    ...anchor,
    header,
    accountProof,
    storageProof,
    ...(transactionProof && { transaction: mined.transaction, transactionProof }),
  }
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
   * halted    the chain contradicts this log or its configuration: no anchor is sent until that changes
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
