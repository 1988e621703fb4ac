import type { AnchoredCheckpoint, Hex, LogOnChain } from '../../chain/chain.ts'
import type { LogTrust } from '../../core/tlog/checkpoint.ts'
import type { ContentStore } from '../../store/contentStore.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'

/** What the audit reads. It writes nothing. */
export interface AuditParts {
  readonly store: KeyValueStore
  readonly contents: ContentStore
  readonly ring: KeyRing
  /** Opens the key ring anew from the store. */
  readonly reopenRing: () => Promise<KeyRing>
  /** Chains that can be asked, by the configured name. */
  readonly chains?: ReadonlyMap<string, AuditedChain>
}

/** A chain that anchors are compared with; every method may throw LedgerError of kind unavailable. */
export interface AuditedChain {
  /** The log on this chain; undefined before the chain was reached. */
  readonly log: LogOnChain | undefined
  latest(log: LogOnChain): Promise<AnchoredCheckpoint | undefined>
  rootAt(log: LogOnChain, size: number): Promise<Uint8Array | undefined>
  blockHash(number: number): Promise<Hex | undefined>
}

export interface AuditOptions {
  /** Whose signatures count; unless given, those of the key that the ledger itself keeps. */
  readonly trusted?: LogTrust
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds that an entry may wait for its anchor; unless given, waiting is only noted. */
  readonly anchorWithin?: number
  /** Ends the audit early, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called as entries are read; `total` is twice their number: once for the log, once for what is private. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface AuditSummary {
  readonly result: 'pass' | 'fail' | 'unknown'
  /** Entries in the audited checkpoint. */
  readonly size: number
  /** Root of these entries, hex. */
  readonly root: string
  readonly statements: number
  readonly erased: number
  /** Contents that were read and digested, and their bytes in clear. */
  readonly contents: { readonly count: number; readonly bytes: number }
  readonly anchors: number
  readonly faults: number
  readonly unknown: number
  readonly notes: number
}
