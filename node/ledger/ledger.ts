import type { AnchorRecord, AnchoringStatus } from './anchoring/records.ts'
import type { Statement } from '../core/statement.ts'
import type { Location } from '../store/contentStore.ts'
import type { Write } from '../store/keyValueStore.ts'
import type { IdempotencyKeys } from './idempotency.ts'

/**
 * What the domain folders and the API see of the ledger: append statements, read them back with evidence.
 * Sizes and indexes are safe integers; `size` counts entries.
 */
export interface Ledger {
  readonly origin: string
  /** C2SP verifier key of the log. */
  readonly logKey: string
  /** Entries committed so far. */
  readonly size: number
  readonly keys: IdempotencyKeys

  /**
   * Appends one statement. Resolves once it survives a power cut.
   * The same statement id with the same statement is the same entry; so is the same idempotency key.
   *
   * @throws LedgerError conflict/STATEMENT_ID_TAKEN, conflict/IDEMPOTENCY_KEY_REUSED
   * @throws LedgerError tooMany/LEDGER_BUSY when too many appends wait
   * @throws LedgerError unavailable/STORE_FULL, corrupt/LEDGER_STOPPED
   */
  append(draft: Draft): Promise<Appended>

  /** Index of the statement with this id. */
  findIndex(id: string): Promise<number | undefined>

  /** @throws LedgerError notFound/ENTRY_NOT_FOUND */
  getEntry(index: number): Promise<Uint8Array>

  /**
   * The opened statement of an entry.
   * @throws LedgerError notFound/ENTRY_NOT_FOUND, notFound/STATEMENT_ERASED, corrupt/SEAL_BROKEN
   */
  openStatement(index: number): Promise<OpenedStatement>

  /** C2SP tlog-proof of the entry in the newest checkpoint. @throws LedgerError notFound/ENTRY_NOT_FOUND */
  inclusionProof(index: number): Promise<string>

  /** Evidence, UTF-8 of JSON, with an anchored checkpoint that covers the entry, else with the newest checkpoint. */
  evidence(index: number): Promise<Uint8Array>

  /** Like `evidence`, once the entry is anchored on at least one chain. @throws LedgerError unavailable/ANCHOR_TIMEOUT */
  evidenceWhenAnchored(index: number, signal: AbortSignal): Promise<Uint8Array>

  /**
   * Evidence of an entry in the checkpoint that other evidence holds, without anchors: they stand in the other.
   *
   * @param note signed by this log, of more entries than `index`
   * @throws LedgerError notFound/ENTRY_NOT_FOUND
   */
  evidenceBeside(index: number, note: string): Promise<Uint8Array>

  /** Signed note of the newest checkpoint. */
  checkpoint(): string

  /** Hashes of a tile, `width` of 1 to 256. @throws LedgerError notFound/TILE_NOT_FOUND */
  tile(level: number, index: number, width: number): Promise<Uint8Array>

  /** C2SP entry bundle. @throws LedgerError notFound/TILE_NOT_FOUND */
  entryBundle(index: number, width: number): Promise<Uint8Array>

  /** Anchors of every chain, newest first. */
  anchors(page: { readonly before?: number; readonly limit: number }): Promise<AnchorRecord[]>

  /** Records of one anchored size on all chains. @throws LedgerError notFound/ANCHOR_NOT_FOUND */
  anchorsAt(size: number): Promise<AnchorRecord[]>

  status(): LedgerStatus
  close(): Promise<void>
}

export interface Draft {
  readonly statement: Statement
  /** Present when content was sealed under it before the append. */
  readonly dataKey?: Uint8Array
  /** Where its content lies, durably; whoever put it there settles it afterwards. */
  readonly location?: Location
  readonly idempotency?: Idempotency
  /** Entry whose data key dies with this append, and where its content lies. */
  readonly erases?: { readonly index: number; readonly location: Location | undefined }
  /** Index records of the domain, committed in the same batch. */
  readonly writes?: (index: number, commitment: Uint8Array) => Write[]
}

export interface Idempotency {
  readonly principal: string
  readonly key: string
  /** SHA-256 of what the caller asked for, without what the ledger adds. */
  readonly fingerprint: Uint8Array
}

export interface Appended {
  readonly id: string
  readonly index: number
  /** False when the entry was there already. */
  readonly created: boolean
  /** Evidence, UTF-8 of JSON: statement, salt, entry, inclusion proof, signed checkpoint. */
  readonly evidence: Uint8Array
}

export interface OpenedStatement {
  readonly statement: Statement
  /** RFC 8785 bytes. */
  readonly bytes: Uint8Array
  readonly salt: Uint8Array
  readonly dataKey: Uint8Array
  readonly location: Location | undefined
}

export interface LedgerStatus {
  readonly size: number
  readonly waiting: number
  /** Why nothing can be appended; undefined when all is well. */
  readonly stopped: string | undefined
  readonly chains: readonly AnchoringStatus[]
}
