import type { AnchorRecord, AnchoringStatus } from './records.ts'

/** What the ledger sees of anchoring: every target chain on its own, none in the way of another. */
export interface Anchoring {
  /** A new checkpoint was published. Costs nothing; call it after each group. */
  wake(): void

  /** For each chain that has one: the smallest anchor that covers the entry and still stands on that chain. */
  anchorsCovering(index: number): Promise<AnchorRecord[]>

  /**
   * Resolves with the record once a checkpoint of at least this size is confirmed on any chain.
   * Rejects with the signal's reason when it aborts.
   * @throws LedgerError unavailable/ANCHORING_CLOSED
   */
  waitAnchored(size: number, signal: AbortSignal): Promise<AnchorRecord>

  /** In the order of configuration. */
  status(): AnchoringStatus[]

  close(): Promise<void>
}
