import type { Hex } from '../ethereum/hex.ts'

/**
 * Port: one chain, asked by a verifier that trusts whom it asks.
 *
 * Every method may throw LedgerError of kind unavailable: the verdict then stays unknown.
 */
export interface ChainReader {
  /** Hash of the block at that height now; undefined above the head. */
  blockHash(number: number): Promise<Hex | undefined>

  /** The root that a log's anchors hold for this size; undefined when there is none. */
  rootAt(registry: Hex, logId: Hex, size: number): Promise<Uint8Array | undefined>

  /** Hash of the block that holds the transaction now; undefined when none does. */
  blockOf(transaction: Hex): Promise<Hex | undefined>
}
