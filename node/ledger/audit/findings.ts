/**
 * fault    the ledger does not hold what it should, or holds what it should not
 * unknown  could not be checked now
 * note     worth knowing, nothing is wrong
 */
export type FindingLevel = 'fault' | 'unknown' | 'note'

/** One thing that the audit found; `code` is stable. */
export interface Finding {
  readonly code: FindingCode
  readonly level: FindingLevel
  /** The very record, in words: `entry 17`, `tile 0/3`, `anchor local/12`. */
  readonly where: string
  /** Of the entry that it concerns. */
  readonly index?: number
  /** Never holds a secret or a holder's data. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What each code says, for a person. */
export const FINDINGS = {
  // the store
  VALUE_DAMAGED: fault('The stored bytes do not match their checksum.'),
  STORE_UNREADABLE: fault('A part of the store cannot be read.'),
  STORE_FILE_DAMAGED: fault('A file of the store does not match its checksums.'),
  KEY_UNKNOWN: fault('The store holds a key that means nothing.'),
  KEY_BEYOND_LOG: fault('The store holds a record of an entry that the log does not have.'),
  RECORD_MISSING: fault('A record that every ledger has is not there.'),
  RECORD_WRONG: fault('The record is not what this ledger keeps there.'),

  // the log
  CHECKPOINT_BROKEN: fault('The checkpoint is not one that this log signed.'),
  CHECKPOINT_ROOT_WRONG: fault('The log does not give the root in its signed checkpoint.'),
  ENTRY_MISSING: fault('The entry is not there.'),
  ENTRY_ALTERED: fault('The entry is not the one that was logged.'),
  ENTRY_MALFORMED: fault('The logged bytes are no entry.'),
  ENTRY_TIME_BACKWARDS: fault('The entry is older than the one before it.'),
  LEAF_UNDECIDED: fault('The entry and its hash in the tile differ; one of them was altered.'),
  TILE_MISSING: fault('The tile is not there.'),
  TILE_ALTERED: fault('The tile does not hold the hashes of the entries below it.'),
  TILE_STRAY: fault('The log has no such tile.'),
  LOG_REWRITTEN: fault('The log no longer holds what its earlier checkpoint committed to.'),
  LOG_SHRUNK: fault('The log is smaller than a checkpoint of it that was seen before.'),

  LOG_NOT_PINNED: note('No trust file pins the log: its key was taken from the ledger itself.'),

  // statements and contents
  DATA_KEY_DAMAGED: fault('The data key does not unwrap.'),
  STATEMENT_MISSING: fault('The statement is not there.'),
  STATEMENT_DAMAGED: fault('The statement does not open with its data key.'),
  STATEMENT_MALFORMED: fault(
    'The statement is not what its kind allows, or not in canonical form.',
  ),
  COMMITMENT_MISMATCH: fault('The entry commits to another statement.'),
  STATEMENT_KIND_MISMATCH: fault('The entry names another kind than the statement.'),
  ID_RECORD_MISSING: fault('The statement cannot be found by its id.'),
  ID_RECORD_WRONG: fault('The id leads to another entry.'),
  LOCATION_MISSING: fault(
    'The statement says that its content is kept here, but no place is recorded.',
  ),
  LOCATION_STRAY: fault('A place is recorded for a content that is not kept here.'),
  LOCATION_MALFORMED: fault('The record says no place.'),
  CONTENT_MISSING: fault('The content is not at its place.'),
  CONTENT_DAMAGED: fault('The content does not open with its data key.'),
  CONTENT_SIZE_MISMATCH: fault('The content has another length than the statement says.'),
  CONTENT_DIGEST_MISMATCH: fault('The content is not the one that the statement speaks of.'),
  ERASURE_UNEXPLAINED: fault('The statement is unreadable, but no entry says that it was erased.'),
  ERASURE_INCOMPLETE: fault('The statement was erased, but can still be read.'),
  ERASURE_TARGET_WRONG: fault('The erasure names another entry than that of its material.'),
  TERM_RECORD_MISSING: fault('The statement cannot be found by something that it is found by.'),
  TERM_RECORD_STRAY: fault('Something leads to a statement that says nothing of it.'),
  IDEMPOTENCY_RECORD_DAMAGED: fault('The record of an idempotency key does not open.'),
  IDEMPOTENCY_RECORD_WRONG: fault('An idempotency key leads to an entry that it cannot have made.'),
  FILE_RECORD_MISSING: fault('Nothing records whose content the file holds.'),
  FILE_RECORD_WRONG: fault('The record names an entry whose content lies elsewhere.'),
  SEGMENT_DAMAGED: fault('A segment of contents does not match its checksums.'),
  SWEEP_NOT_ASKED: note(
    'Statements and contents were not checked: that needs the token of an auditor.',
  ),
  SWEEP_REFUSED: unknown('The ledger did not let its statements and contents be checked.'),
  SWEEP_CUT_SHORT: unknown('The ledger did not finish checking its statements and contents.'),
  CONTENT_ORPHAN: note('No entry needs the content file: an upload under way, or left by a crash.'),

  // anchors
  ANCHOR_DAMAGED: fault('The anchor record does not open.'),
  ANCHOR_MISPLACED: fault('The anchor record is of another chain or size than its key says.'),
  ANCHOR_RECORD_MISSING: fault('The chain holds an anchor of which no record is left.'),
  ANCHOR_BEYOND_LOG: fault('The anchor is of more entries than the log has.'),
  ANCHOR_CHECKPOINT_BROKEN: fault('The anchored checkpoint is not one that this log signed.'),
  ANCHOR_ROOT_WRONG: fault('The log had another root when it had the anchored size.'),
  ANCHOR_PLACE_UNTRUSTED: fault('The anchor is in a contract or of a log that is not trusted.'),
  ANCHOR_PROOF_WRONG: fault('The proofs do not show that the chain holds the anchor.'),
  ANCHOR_PROOF_ABSENT: unknown(
    'The chain gave no proofs of the anchor: only the chain can be asked.',
  ),
  ANCHOR_NOT_ON_CHAIN: fault('The chain does not hold the anchor.'),
  ANCHOR_BLOCK_GONE: fault('The chain has another block where the anchor was recorded.'),
  ANCHOR_OVERDUE: fault('Entries wait for their anchor for too long.'),
  ANCHOR_PENDING: note('The newest entries wait for their anchor.'),
  CHAIN_NOT_ASKED: note(
    'The chain was not asked: its anchors were checked by their stored proofs.',
  ),
  CHAIN_UNREACHABLE: unknown('The chain does not answer.'),
  LOG_ROLLED_BACK: fault('The chain holds an anchor of more entries than the log has.'),
  LOG_FORKED: fault('The chain holds an anchor with another root than the log has at that size.'),
} as const satisfies Record<string, { level: FindingLevel; sentence: string }>

export type FindingCode = keyof typeof FINDINGS

export function finding(
  code: FindingCode,
  where: string,
  { index, ...details }: Readonly<Record<string, unknown>> & { readonly index?: number } = {},
): Finding {
  return {
    code,
    level: FINDINGS[code].level,
    where,
    ...(index !== undefined && { index }),
    ...(Object.keys(details).length > 0 && { details }),
  }
}

function fault(sentence: string) {
  return { level: 'fault', sentence } as const
}

function unknown(sentence: string) {
  return { level: 'unknown', sentence } as const
}

function note(sentence: string) {
  return { level: 'note', sentence } as const
}
