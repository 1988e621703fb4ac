import type { Sentences } from './sentences.ts'

/** The ledger itself, its start, its store and its copies. */
export const LEDGER: Sentences = {
  // the ledger itself
  LEDGER_BUSY: 'Too many submissions wait for the disk; try again as Retry-After says.',
  LEDGER_CLOSED: 'The ledger is shutting down; try again when it is back.',
  LEDGER_STOPPED:
    'The ledger stopped writing after a failure; nothing acknowledged is lost, tell the operator.',
  INTERNAL:
    'Something went wrong that nobody foresaw; tell the operator, who finds `instance` in the log.',
  NOT_READY: 'The ledger cannot do all its work now; see `reasons`.',
  AUDIT_RUNNING: 'An audit is running already; wait for its end.',
  AUDIT_FAILED: 'The audit found damage; see findings, and restore from a backup.',

  // what a client finds
  LEDGER_UNREACHABLE: 'The ledger cannot be reached; check its address and whether it runs.',
  ANSWER_UNEXPECTED:
    'What answered is not this ledger, or stands in front of it; check the address.',
  ANSWER_CUT_SHORT: 'The answer broke off; send the same again, nothing is taken twice.',
  RUN_OF_ANOTHER:
    'The run to go on with was begun by another, or at another ledger; go on as `submitter`, or name another --state and --out.',

  // the start
  CONFIG_INVALID: 'The configuration is wrong; correct what `mistakes` names.',
  TOKENS_EXPOSED: 'Others can read the file of the tokens; give it mode 0600.',
  TOKENS_MALFORMED:
    'The file of the tokens is wrong; correct what `mistakes` names, or remove it, and a new one is made.',

  // backups
  BACKUP_RUNNING: 'A backup is being made already; wait for its end.',
  BACKUP_RESTLESS: 'Contents were erased faster than they could be copied; make the backup again.',
  BACKUP_MALFORMED: 'This is not a backup of a ledger; name another file.',
  BACKUP_VERSION_UNSUPPORTED: 'The backup was made by a newer release; restore it with that one.',
  BACKUP_TRUNCATED: 'The backup breaks off before its end; use another one, and make a new one.',
  BACKUP_DAMAGED: 'The backup is not what was written; use another one, and make a new one.',
  RESTORE_FOLDER_TAKEN: 'The folder to restore into is not empty; name another.',
  MASTER_KEY_MISSING: 'The master key is not there; set ONCE_MASTER_KEY, or put master.key back.',

  // the store
  STORE_FULL: 'The disk of the ledger is full; nothing was taken, the operator has to make room.',
  STORE_CLOSED: 'The store is closed; start the ledger again.',
  STORE_CORRUPT: 'The store is damaged; run `once audit`, and restore from a backup.',
  STORE_UNREADABLE:
    'A part of the store cannot be read; run `once audit`, and restore from a backup.',
  STORE_WRITE_FAILED:
    'The disk refused a write; the operator has to look at it before the ledger starts again.',
  DATA_FOLDER_NOT_EMPTY: 'The data folder holds something already; name an empty one.',
  DATA_FOLDER_IN_USE:
    'Another ledger runs on this data folder; stop it, or choose another ONCE_DATA.',
  DATA_FORMAT_UNKNOWN: 'The data folder was written by a newer release; start that one.',
  LOG_ORIGIN_MISMATCH: 'The data folder holds another log; correct ONCE_LOG_ORIGIN or ONCE_DATA.',
  LOG_HEAD_MISMATCH: 'The log does not give the root that was signed last; restore from a backup.',
  CHECKPOINT_BROKEN:
    'The stored checkpoint is not one that this log signed; restore from a backup.',
  RECORD_MISSING: 'A record that every ledger has is missing; restore from a backup.',
  ENTRY_MISSING: 'A logged entry is missing; restore from a backup.',
  TILE_MISSING: 'A tile of the log is missing; restore from a backup.',
  TILE_LENGTH_WRONG:
    'A tile has another length than the log needs; restore from a backup, or ask another source.',
  STATEMENT_MISSING: 'A statement is missing that was not erased; restore from a backup.',
  STATEMENT_KIND_MISMATCH: 'A statement is of another kind than its entry says; run `once audit`.',
  CONTENT_MISSING: 'A kept content is missing; restore it from a backup.',
  CONTENT_CORRUPT: 'A kept content is damaged; restore it from a backup.',
  CONTENT_UNREADABLE:
    'A kept content cannot be read from the disk; the operator has to look at it.',
  KEY_UNKNOWN: 'The store holds a key that means nothing; run `once audit`.',
  LOCATION_MALFORMED: 'The record of where a content lies is damaged; restore from a backup.',
  IDEMPOTENCY_RECORD_MALFORMED:
    'The record of an idempotency key is damaged; restore from a backup.',
  ANCHOR_RECORD_MALFORMED: 'The record of an anchor is damaged; restore from a backup.',
  SEAL_BROKEN:
    'Sealed bytes do not open: they were altered, or sealed under another key; run `once audit`.',
  SEALING_WORKER_LOST: 'The worker that seals contents ended; send the content again.',
  KEY_RING_MISSING: 'The data folder has entries but no key ring; restore from a backup.',
  MASTER_KEY_WRONG:
    'The master key does not open this data folder; set the ONCE_MASTER_KEY it was made with.',
  MASTER_KEY_MALFORMED: 'A master key has 64 hex digits; correct ONCE_MASTER_KEY or the key file.',
  MASTER_KEY_UNREADABLE: 'The file of the master key cannot be read; check its owner and mode.',
  MASTER_KEY_EXPOSED: 'Others can read the file of the master key; give it mode 0600.',
  ROTATION_UNFINISHED: 'A rotation of the master key was interrupted; finish it first.',
}
