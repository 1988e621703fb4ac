/**
 * One sentence for every code of a LedgerError: what is wrong and what to do.
 * Codes are stable, sentences may improve. A test finds every code in the source here.
 */
export const SENTENCES: Readonly<Record<string, string>> = {
  // who asks, and how often
  TOKEN_MISSING: 'This needs a token: send `Authorization: Bearer <token>`.',
  TOKEN_UNKNOWN:
    'The ledger does not know this token; check it, or ask the operator for a new one.',
  ROLE_MISSING: 'None of your roles may do this; ask the operator for one named in `needs`.',
  ACCOUNT_NEEDED: 'This takes an account, not a token: sign in with yours.',
  TOKEN_NEEDED: 'This is for those who run this node; use a token that its operator gives out.',
  SESSION_ENDED: 'This session has ended; sign in again.',
  SIGN_IN_MALFORMED: 'This is no request to sign in; see `issues` and /docs.',
  SIGN_IN_UNKNOWN:
    'This message to sign in was not made by this node, or was altered; ask for a new one.',
  SIGN_IN_EXPIRED: 'This message to sign in is older than five minutes; ask for a new one.',
  SIGN_IN_REUSED: 'This message to sign in was used already; ask for a new one.',
  SIGN_INS_TOO_MANY: 'Too many accounts sign in at once; wait as long as Retry-After says.',
  SIGN_IN_UNAVAILABLE: 'This node has not reached its chain yet; try again later.',
  SIGN_IN_FOREIGN:
    'This message to sign in is for another site or account; sign nothing, and check the address of the ledger.',
  HOST_UNKNOWN:
    'Nobody signs in to this node by this name; use one that its operator set in ONCE_PUBLIC_URL.',
  RATE_LIMITED: 'You sent too many requests within a second; wait as long as Retry-After says.',
  CONCURRENCY_LIMITED: 'Too many of your requests are under way; wait for some to finish.',

  // the request
  ROUTE_NOT_FOUND: 'There is nothing at this path; see /docs for those that exist.',
  METHOD_NOT_ALLOWED: 'This path does not take this method; use one named in Allow.',
  REQUEST_MALFORMED: 'This is not a well-formed HTTP/1.1 request; check the client.',
  REQUEST_TIMEOUT: 'The request did not arrive in time; send it again.',
  REQUEST_HEADERS_TOO_LARGE:
    'The headers are too large; send a long statement as multipart instead.',
  QUERY_MALFORMED: 'The query of this address is not one that the route takes; see `issues`.',
  WAIT_UNKNOWN: 'The only thing to wait for is `wait=anchored`.',
  INDEX_MALFORMED: 'An index is a plain decimal number from 0; correct the path.',
  SIZE_MALFORMED: 'A size is a plain decimal number from 1; correct the path.',
  TILE_PATH_MALFORMED: 'A tile has one path only, as C2SP tlog-tiles writes it; correct the path.',
  RANGE_UNSATISFIABLE:
    'The range lies beyond the content, whose length is in `size`; ask for less.',
  PROBLEM_UNKNOWN: 'There is no problem with this code; see /problems for all of them.',

  // the body and its transport
  BODY_EMPTY: 'The body is empty; send the document that this route takes.',
  BODY_TOO_LARGE: 'The body is longer than `maxBytes`; send less.',
  BATCH_TOO_LARGE:
    'The batch is longer than `maxBytes`; the lines answered so far are taken, send the rest apart.',
  STATEMENT_TOO_LARGE:
    'A submission has at most `maxBytes` bytes of JSON; put less into its fields.',
  EVIDENCE_TOO_LARGE: 'Evidence has at most `maxBytes` bytes; this file is something else.',
  UPLOAD_ABORTED: 'The upload ended before its announced end; nothing was kept, send it again.',
  MOMENT_MALFORMED: 'A moment is `2023-08-05` or RFC 3339 with its offset; correct it.',
  MEDIA_TYPE_UNSUPPORTED:
    'The body is of a media type that this route does not take; see `supported`.',
  MEDIA_TYPE_MALFORMED: 'Content-Type is not `type/subtype`; correct it.',
  CONTENT_ENCODING_UNSUPPORTED:
    'The ledger takes contents as they are; send them without Content-Encoding.',
  CONTENT_DIGEST_MALFORMED:
    'Content-Digest is not as RFC 9530 has it; send `sha-256=:<base64 of 32 bytes>:`.',
  CONTENT_DIGEST_ALGORITHM_UNSUPPORTED:
    'Content-Digest names no algorithm that is checked here; send sha-256.',
  CONTENT_DIGEST_REQUIRED:
    'Say what you send: give its sha-256 in Content-Digest or in the submission.',
  CONTENT_DIGEST_MISMATCH:
    'The bytes that arrived do not have the stated digest; check the file and send it again.',
  STATEMENT_HEADER_MALFORMED:
    'Once-Statement is not `:<base64>:` (RFC 9651); encode the JSON of the submission so.',
  MULTIPART_MALFORMED:
    'The form is not multipart/form-data with a whole last boundary; check the client.',
  MULTIPART_PART_MISSING: 'The form ends before the part named in `expected`; send it too.',
  MULTIPART_PART_UNEXPECTED:
    'The form has another part than expected; send the two that the route names, in their order.',
  IDEMPOTENCY_KEY_MALFORMED:
    'Idempotency-Key has 1 to 255 visible ASCII characters; choose another.',
  IDEMPOTENCY_KEY_REUSED:
    'This Idempotency-Key was used for another request; use a new one for each request.',

  // JSON and text
  JSON_MALFORMED: 'This is not JSON in UTF-8; correct it at `pointer`.',
  JSON_DUPLICATE_KEY: 'A member stands twice in the object at `pointer`; keep one.',
  JSON_NUMBER_NOT_INTEGER:
    'The number at `pointer` is not a plain integer; write fractions as strings.',
  JSON_LONE_SURROGATE: 'The text at `pointer` holds half a character; repair it where it was made.',
  JSON_NAME_FORBIDDEN: 'The member at `pointer` has a name that is not allowed; rename it.',
  JSON_TOO_DEEP: 'The document is nested too deeply at `pointer`; flatten it.',
  JSON_TOO_LONG: 'The document is longer than `maxBytes`; shorten it.',
  HEX_MALFORMED: 'This is not lower-case hex of the right length; correct it.',
  BASE64_MALFORMED: 'This is not padded base64 of the right length; correct it.',
  UTF8_MALFORMED: 'These bytes are not UTF-8; encode the text again.',

  // submissions
  SUBMISSION_MALFORMED: 'The submission does not fit its schema; see `issues` and /docs.',
  CONTENT_EMPTY: 'The content is empty; an empty file is no material.',
  CONTENT_TOO_LARGE:
    'The content is longer than this ledger takes; split it, or keep it and send its digest.',
  CONTENT_SIZE_MISMATCH:
    'The content has another length than stated; check the file and send it again.',
  CONTENT_SIZE_REQUIRED: 'A content that stays with you needs its `size` stated.',
  CONTENT_KEPT_MISMATCH: 'What `kept` says does not fit what was sent; leave it out.',
  DIGEST_REQUIRED: 'A content that stays with you needs its sha-256 stated in `content.digests`.',
  DIGEST_MALFORMED: 'A digest is `<algorithm>:<lower-case hex>`; correct it.',
  DIGEST_ALGORITHM_UNKNOWN: 'Digests are of sha-256 or sm3; use one of these.',
  DIGEST_LENGTH_WRONG: 'A digest of this algorithm has 64 hex digits; correct it.',
  USCC_MALFORMED: 'A unified social credit code has 18 digits and capital letters; correct it.',
  USCC_CHECK_CHARACTER_WRONG:
    'The last character of the unified social credit code does not fit; check for a typing mistake.',
  ORGANISATION_CODE_CHECK_CHARACTER_WRONG:
    'The organisation code within the credit code does not fit its check character; check for a typing mistake.',
  CITIZEN_NUMBER_MALFORMED: 'A citizen number has 17 digits and a digit or X; correct it.',
  CITIZEN_NUMBER_BIRTH_DATE_WRONG:
    'The birth date in the citizen number does not exist; check for a typing mistake.',
  CITIZEN_NUMBER_CHECK_CHARACTER_WRONG:
    'The last character of the citizen number does not fit; check for a typing mistake.',
  CERTIFICATE_IDENTIFIER_MALFORMED: 'This is not a certificate identifier; correct it.',
  CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG:
    'The check character of the certificate identifier does not fit; check for a typing mistake.',
  STATEMENT_ID_TAKEN: 'Another statement has this id; choose a new one, or leave it out.',
  ERASURE_MALFORMED:
    'An erasure states `reason` and `legalBasis`, up to 500 characters each; see `issues`.',

  // materials, entries, anchors
  MATERIAL_NOT_FOUND: 'There is no material with this id; check it.',
  MATERIAL_ERASED: 'The material was erased for good; only the proofs of its entry are left.',
  MATERIAL_NOT_YOURS: 'Another department handed this material in; obtain a grant to use it.',
  CONTENT_NOT_KEPT:
    'The content stayed with the department that handed it in; ask that department.',
  STATEMENT_ERASED: 'The statement was erased for good; only the proofs of its entry are left.',
  ENTRY_NOT_FOUND: 'The log has no entry with this index yet; its `size` says how many there are.',
  TILE_NOT_FOUND: 'The log has no such tile yet; read its checkpoint for the size.',
  ANCHOR_NOT_FOUND: 'No checkpoint of this size was anchored; see /v1/anchors for those that were.',
  ANCHOR_TIMEOUT:
    'The material is safe, but its anchor takes longer; fetch the evidence later from the path in `evidence`.',

  // documents that are checked
  STATEMENT_MALFORMED: 'The statement does not fit its kind; see `issues`.',
  STATEMENT_KIND_UNKNOWN:
    'The statement is of a kind that this release does not know; use a newer one.',
  STATEMENT_VERSION_UNSUPPORTED:
    'The statement is of a version that this release does not know; use a newer one.',
  ENTRY_MALFORMED: 'This is not an entry in its one canonical form; fetch it again.',
  ENTRY_TOO_LONG: 'An entry has at most `maxBytes` bytes; fetch it again.',
  ENTRY_VERSION_UNSUPPORTED:
    'The entry is of a version that this release does not know; use a newer one.',
  ENTRY_BUNDLE_MALFORMED: 'This is not a bundle of 1 to 256 entries; fetch it again.',
  EVIDENCE_MALFORMED: 'This is not evidence; see `issues`, and ask whoever gave it to you.',
  EVIDENCE_VERSION_UNSUPPORTED:
    'The evidence is of a version that this release does not know; use a newer one.',
  TRUST_MALFORMED: 'This is not a trust.json; make a new one with `once trust`.',
  TRUST_VERSION_UNSUPPORTED:
    'The trust.json is of a version that this release does not know; use a newer one.',
  TRUST_KEY_TYPE_WRONG:
    'A key of a log stands where a witness belongs, or the reverse; correct the trust.json.',
  VKEY_MALFORMED: 'This is not a C2SP verifier key; copy it again, whole.',
  NOTE_MALFORMED: 'This is not a signed note; fetch the checkpoint again.',
  NOTE_KEY_UNKNOWN: 'No trusted key signed this note; do not rely on it.',
  NOTE_SIGNATURE_INVALID: 'The signature of a trusted key is wrong; do not rely on this note.',
  CHECKPOINT_MALFORMED: 'This is not a checkpoint; fetch it again.',
  CHECKPOINT_SIZE_MALFORMED:
    'The size in the checkpoint is not a plain decimal number; do not rely on it.',
  CHECKPOINT_ORIGIN_MISMATCH: 'The checkpoint is of another log; do not rely on it.',
  TLOG_PROOF_MALFORMED: 'This is not a C2SP tlog-proof; fetch the evidence again.',
  WITNESS_QUORUM_NOT_MET:
    'Fewer witnesses than required cosigned the checkpoint; wait, or ask them.',
  MERKLE_INDEX_BEYOND_SIZE:
    'The proof speaks of an entry beyond its checkpoint; do not rely on it.',
  MERKLE_PROOF_TOO_LONG: 'The proof has too many hashes for its tree; do not rely on it.',
  MERKLE_PROOF_TOO_SHORT: 'The proof has too few hashes for its tree; do not rely on it.',
  MERKLE_ROOT_MISMATCH: 'The proof does not lead to the root of the checkpoint; do not rely on it.',
  MERKLE_OLD_ROOT_MISMATCH:
    'The proof does not lead to the older root: the log may have been rewritten; do not rely on it.',
  MERKLE_SIZES_OUT_OF_ORDER: 'The older checkpoint is larger than the newer one; exchange them.',
  HEADER_MALFORMED: 'The block header in the evidence cannot be read; do not rely on its anchor.',
  ACCOUNT_ABSENT: 'The block holds no such contract; do not rely on the anchor.',
  ACCOUNT_PROOF_INVALID:
    'The account proof does not belong to the block; do not rely on the anchor.',
  STORAGE_PROOF_INVALID:
    'The storage proof does not belong to the contract; do not rely on the anchor.',
  TRANSACTION_PROOF_INVALID:
    'The transaction proof does not belong to the block; do not rely on the anchor.',
  TRIE_PROOF_INVALID: 'The trie proof does not lead to its root; do not rely on the anchor.',

  // signed acts, as the contracts and the ledger refuse them alike
  SIGNATURE_MALFORMED:
    'A signature has 65 bytes, v 27 or 28 and s in the lower half, or is one that a contract account takes; sign again.',
  SIGNATURE_INVALID:
    'Another key than that of the acting account signed this, or other words were signed; sign again with the right one.',
  SIGNATURES_MISSING: 'Each act needs its own signature, in the same order; send as many of both.',
  CALLER_NOT_ACCOUNT:
    'An act that somebody else sends needs a signature; sign it, or send it yourself.',
  CERTIFICATE_TYPE_MALFORMED:
    'A certificate type code has 1 to 32 letters, digits, dots and dashes; correct it.',
  ADDRESS_ZERO: 'The address of all zeros is nobody; name the account.',
  NONCE_MISMATCH:
    'The department has acted since, or its earlier act has not arrived; sign again with the nonce in `expected`.',
  NOT_ACCREDITED:
    'The department, or one above it, may not do this now; see its accreditation, and ask the one above.',
  NOT_IN_GOOD_STANDING:
    'The department, or one above it, is unknown, suspended, withdrawn or out of its time; ask the one above.',
  NOT_ABOVE: 'Only a department above may do this to another; ask one that is.',
  DEPARTMENT_UNKNOWN: 'Nobody accredited this department; check its address, or accredit it first.',
  DEPARTMENT_WITHDRAWN: 'The department was withdrawn for good; accredit another address.',
  RIGHTS_WIDENED:
    'Nobody gives more rights than it has; keep to those of the department above, in `accreditorRights`.',
  WINDOW_WIDENED: 'The time is empty or goes beyond that of the department above; keep within it.',
  TYPE_WIDENED:
    'The department above may not issue this certificate type itself; have it permitted there first.',
  TOO_MANY_LEVELS:
    'There are as many levels of departments as may be, `limit` below the authority; accredit from higher up.',
  NOT_REGISTRAR_OF:
    'Another department registered this holder; only that one, or one above it, may change its accounts.',
  ACCOUNT_ALREADY_BOUND: 'The account is bound to this holder already; nothing is left to do.',
  ACCOUNT_NOT_BOUND: 'The account is not bound to this holder; check both.',
  STATUS_CHANGE_REFUSED:
    'No change leads from the present status to this one; issue a new certificate instead.',
  SEQUENCE_MISMATCH:
    'The status was changed since; look at it, and sign again with the sequence in `expected`.',
  GRANT_CHAIN_EMPTY: 'The grants that lead from the holder are missing; send all of them.',
  GRANT_CHAIN_TOO_LONG:
    'A grant is passed on at most until `limit` stand in a row; ask for one from higher up.',
  GRANT_PARENT_MISMATCH:
    'The grant at `hop` does not follow from the one before it; send the grants from the root down, unaltered.',
  GRANT_EMPTY: 'The grant at `hop` gives nothing, or to nobody; make another.',
  GRANT_WINDOW_EMPTY: 'The grant at `hop` ends before it begins; make another.',
  GRANT_GRANTOR_MISMATCH:
    'The grant at `hop` was not made by the one who received the grant before it; ask that one.',
  GRANT_HOLDER_MISMATCH:
    'The grant at `hop` names another holder than the one before it; make another.',
  GRANT_SCOPE_MISMATCH:
    'The grant at `hop` names other lists than the one before it; take over the scope of the root.',
  GRANT_ITEMS_WIDENED:
    'The grant at `hop` gives items that its grantor did not receive; leave them out.',
  GRANT_PURPOSES_WIDENED:
    'The grant at `hop` allows purposes that its grantor did not receive; leave them out.',
  GRANT_WINDOW_WIDENED:
    'The grant at `hop` begins earlier or ends later than the one before it; keep within its time.',
  GRANT_DEPTH_WIDENED:
    'The grant before `hop` may not be passed on, or not that far; ask its grantor for one that may.',
  GRANT_USES_WIDENED:
    'The grant at `hop` allows more uses than the one before it; state as many or fewer.',
  GRANT_NOT_YET_VALID: 'The grant at `hop` is not valid yet; wait for its begin.',
  GRANT_EXPIRED: 'The grant at `hop` has ended; ask its grantor for a new one.',
  GRANT_EPOCH_OUTDATED:
    'The grantor at `hop` ended all that it granted until then; ask it for a new grant.',
  GRANT_NOT_REGISTERED: 'The grant at `hop` does not stand on the chain; have it registered first.',
  GRANT_IS_REVOKED: 'The grant at `hop` was revoked for good; ask its grantor for a new one.',
  GRANTOR_NOT_BOUND: 'The first grantor is no account of the holder; the registrar has to bind it.',
  GRANTOR_ENDED:
    'The registrar of the holder ended what this account had granted; ask the holder for a new grant.',
  GRANT_USES_EXHAUSTED:
    'The grant at `hop` was used as often as it allows; ask its grantor for a new one.',
  NOT_REVOKER:
    'Only a grantor of these grants or an account of the holder may revoke; ask one of them.',
  EPOCH_OUT_OF_ORDER:
    'The next epoch of this account is another; sign again with the one in `expected`.',
  USE_GRANT_MISMATCH:
    'The request is for another grant than the ones sent lead to; send those that belong to it.',
  USE_EXPIRED: 'The time of the request is over; sign a new one.',
  USE_ITEMS_NOT_GRANTED:
    'The request asks for nothing, or for items that were not granted; ask for less.',
  USE_PURPOSE_NOT_GRANTED:
    'The request does not name exactly one purpose of those granted; name one, or ask for another grant.',
  USE_OUT_OF_SEQUENCE:
    'The grant was used since, perhaps by this very request; look at its uses, and sign again with the sequence in `expected`.',

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

  // the start
  CONFIG_INVALID: 'The configuration is wrong; correct what `mistakes` names.',
  TOKENS_EXPOSED: 'Others can read the file of the tokens; give it mode 0600.',
  TOKENS_MALFORMED: 'The file of the tokens is damaged; remove it, and a new one is made.',

  // keys of accounts
  KEY_EXPOSED: 'Others can read the file of the key; give it mode 0600.',
  KEY_FILE_MALFORMED:
    'This is no key: neither 64 hex digits nor a key file as wallets export it (version 3).',
  SCOPE_FILE_TAKEN: 'There is a file at `path` already; name another.',
  SCOPE_FILE_EXPOSED:
    'The scope document can be read by others, who then know all that is on its lists; set its mode to 0600.',
  REGISTRIES_ABSENT: 'This ledger knows no parties, certificates or grants; ask one that does.',
  REGISTRIES_OTHER:
    'The ledger names other registries than the trust file does; sign nothing, and ask its operator.',
  KEY_NAME_TAKEN: 'There is a key of this name already; choose another name.',
  KEY_NOT_FOUND: 'There is no such key; see `once key list`.',
  PASSPHRASE_WRONG: 'The passphrase does not open this key; try again.',

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

  // the catalogue
  CATALOGUE_ENTRY_MALFORMED: 'This is no entry of the catalogue; see `issues` and /docs.',
  CATALOGUE_UNKNOWN: 'The catalogue has no `entry` of this kind; check the code.',
  CATALOGUE_NOT_IN_FORCE:
    'The entry is in force from the day in `first` on; ask about that day or a later one.',
  CATALOGUE_VERSION_UNKNOWN:
    'The entry has no such version; ask for one up to the version in `newest`.',
  CATALOGUE_VERSION_TAKEN:
    'This version was published with another document; publish the change as the next version.',
  CATALOGUE_VERSION_GAP: 'Versions follow one another; publish this as version `next`.',
  CATALOGUE_OWNER_NEEDED:
    'Only the department at `owner` publishes this entry; sign in with its account.',
  CATALOGUE_FROM_TOO_EARLY:
    'Cases go by what was in force on their day; let the version begin on `earliest` or later.',
  CATALOGUE_REFERENCE_UNKNOWN:
    'On the first day of this entry no `entry` of that `kind` is in force; publish that one first.',
  CATALOGUE_FIELD_UNKNOWN:
    'The material type in `material` has no such `field`; correct it, or publish the type first.',
  CATALOGUE_PATTERN_MALFORMED:
    'This `pattern` is none that RE2 takes; write it without references and look-around.',
  CATALOGUE_FILE_MALFORMED:
    'The file is no list of entries, with the departments that it names; see `issues`.',
  CATALOGUE_DEPARTMENT_UNKNOWN:
    'Nobody knows the departments in `departments`; say their addresses with --departments.',
  CATALOGUE_ALTERED:
    'A statement of the catalogue is not the one that was logged; stop, run `once audit` and restore a backup.',
  CATALOGUE_INCOMPLETE:
    'A published version of `entry` is not found; stop, run `once audit` and restore a backup.',
  AGENT_NOT_ALLOWED: 'This matter is not handled by agents; let the applicant act.',
  AGENT_KIND_NOT_ALLOWED:
    'This matter takes other agents than this; send one whose code type is in `kinds`.',
  AGENT_TOO_DEEP:
    'More agents stand one after the other than the `maxDepth` of this matter; let an earlier one act.',
  MATERIAL_FIELDS_INVALID:
    'The fields are not as the type has them; `issues` says where and what is expected.',
  MATERIAL_EXPIRED: 'The material was over by the day in `on`; hand in a newer one.',
  MATERIAL_NOT_VALID_YET: 'The material counts from the day in `from` on; wait, or use another.',
  MATERIAL_UNDATED:
    'The material does not say the day in `field` that decides how long it counts; hand it in with that.',
  MATERIAL_SUPERSEDED: 'A newer material took the place of this one; use the one in `by`.',
  MATERIAL_WITHDRAWN: 'The material was withdrawn; hand in another.',
  MATERIAL_SINGLE_USE_SPENT: 'The material is for one case and has served it; hand in a new one.',
  MATERIAL_CERTIFICATE_DECIDES:
    'This is the copy of a certificate; pull the certificate itself in its place.',

  // certificates
  CERTIFICATE_NOT_FOUND: 'The ledger has no certificate with this id; check the id.',
  CERTIFICATE_TYPE_UNKNOWN: 'The ledger knows no certificate type with this `code`; correct it.',
  CERTIFICATE_FIELDS_MALFORMED:
    'The face of the certificate is not as its type has it; see `issues` and correct the fields.',
  CERTIFICATE_FIELD_UNKNOWN: 'The certificate has no such `field` to disclose; ask for another.',
  CERTIFICATE_IDENTIFIER_MISMATCH:
    'The `part` of the identifier is not what the certificate or its department says; correct one of them.',
  CERTIFICATE_IDENTIFIER_TAKEN:
    'Another certificate with this identifier was issued before; give this one an identifier of its own.',
  CERTIFICATE_HOLDERS_TOO_MANY:
    'Certificates of this type have one holder; issue one to each holder.',
  CERTIFICATE_HOLDERS_DIFFER:
    'The earlier certificate has other holders; name one of the same holders.',
  CERTIFICATE_EARLIER_NOT_FOUND:
    'The ledger has no certificate with the serial of the earlier one; correct the serial.',
  CERTIFICATE_VALIDITY_EMPTY:
    'The last day of the certificate is before its first; correct the days.',
  CERTIFICATE_VALIDITY_MISMATCH:
    'The signed times are not the days on the face of the certificate; issue it with those.',
  CERTIFICATE_INCOMPLETE:
    'Not every field of the certificate came along; send the credential with all its disclosures.',
  CERTIFICATE_ISSUED_IN_FUTURE:
    'The certificate says that it will be issued later; check the clock of the department.',
  CERTIFICATE_CHAIN_WRONG:
    'The certificate names another chain than `chainId`; issue it for the chain of this ledger.',
  CERTIFICATE_STATEMENT_MISMATCH:
    'The statement says something else than the credential in it; do not rely on it.',
  CERTIFICATE_STATUS_CHANGE_REFUSED:
    'No change leads from status `from` to `to`; a certificate that ended has to be issued anew.',
  CERTIFICATE_STATUS_TEXT_MISSING: 'Status 99 says nothing by itself; say what it stands for.',
  CERTIFICATE_STATUS_UNKNOWN: 'There is no such status; use 01 to 07 or 99.',
  CREDENTIAL_MALFORMED:
    'This is no certificate as SD-JWT has it; send the text as the department made it.',
  CREDENTIAL_ALGORITHM_WRONG:
    'The credential is not signed by ES256K; have it signed by the account of the department.',
  CREDENTIAL_KIND_WRONG: 'This JWT was made for another purpose; send one of the `expected` kind.',
  DISCLOSURE_MALFORMED:
    'A disclosure is not salt, name and value of a field; do not rely on this credential.',
  DISCLOSURE_UNKNOWN:
    'A disclosure was altered or is of another certificate; do not rely on what it says.',
  DISCLOSURE_REPEATED: 'A disclosure comes twice; send each once.',
  DISCLOSURE_NAME_TAKEN: 'Two values are disclosed under one name; do not rely on this credential.',
  PRESENTATION_KEY_BINDING_MISSING:
    'The holder did not sign this presentation; ask for one with key binding.',
  PRESENTATION_HOLDER_UNKNOWN:
    'Neither the certificate nor the chain says who may present it; have an account bound to the holder.',
  PRESENTATION_ALTERED:
    'The holder signed for other disclosures than these; ask for a new presentation.',
  PRESENTATION_NONCE_MISSING:
    'A presentation without a nonce could be a replay; ask for one with the nonce you gave.',
  PRESENTATION_NONCE_WRONG:
    'The presentation was made for another nonce; ask for one with the nonce you gave.',
  PRESENTATION_AUDIENCE_WRONG:
    'The presentation was made for somebody else; ask for one that names you.',
  PRESENTATION_TOO_OLD: 'The presentation is too old; ask for a new one.',
  PRESENTATION_TOO_EARLY:
    'The presentation was made by a clock that is ahead; have the clock of the holder set.',

  // grants
  ACT_UNEXPECTED: 'This is another kind of act than belongs here; send one of those in `expected`.',
  GRANT_MASK_BEYOND_LIST:
    'Bit `index` of the mask stands for nothing on the list of `list`; clear it, or take a longer list.',
  GRANT_DRAFT_INCOMPLETE:
    'A root needs its grantor, its holder, and its scope or the lists; add what `missing` names.',
  GRANT_NOT_FOUND: 'Neither this ledger nor the chain knows this grant; check its id.',
  GRANT_NOT_YOURS:
    'This grant is for its holder, for whoever passed it on or received it, and for auditors; sign in as one of them.',
  GRANT_TERMS_UNKNOWN:
    'The grant was registered by another ledger, and the chain keeps no terms; ask its grantor or grantee for them.',
  GRANT_VIEW_NOT_KEPT:
    'Nobody left here what this grant opens; ask its grantor, who can still hand it in.',
  SCOPE_MALFORMED: 'This is no list of items and purposes, or no part of one; see `issues`.',
  SCOPE_ROOTS_MISMATCH:
    'What is shown is of other lists than those that the grant is about; ask the grantor for the right ones.',
  SCOPE_OPENING_MISMATCH:
    'Entry `index` of `list` is not what the grant is about, or was not granted; show what was granted, unaltered.',
  SCOPE_OPENING_MISSING:
    'Entry `index` of `list` was granted and is not shown; show just what was granted.',
  PREVIEW_MALFORMED: 'This is nothing that could be shown before it is signed; see `issues`.',

  // acts on their way to the chain
  ACT_MALFORMED:
    'This is no signed act; see `issues`, and docs/formats.md for what one looks like.',
  ACT_GRANT_MISMATCH:
    'The chain of grants does not end with the grant that the act is about; send the chain that does.',
  ACT_REVERTED:
    'The contract refused the act and the node of the chain does not say why; check what it is about, and the node.',
  ACT_TOO_COSTLY:
    'The act would use more gas than any needs, as a contract account can make it; send it to the chain yourself.',
  ACTS_TOO_MANY:
    'This account had too many acts relayed; wait as long as Retry-After says, or send them yourself.',
  ACTS_BUSY: 'Too many acts wait for the chain; try again when some are mined.',
  AUTHORITY_FILE_MALFORMED:
    'The file at `path` holds no key of an authority; restore it from a copy, or remove it to begin with a new authority.',
  REGISTRIES_NOT_DEPLOYED:
    'The contracts named in `contracts` are not on the chain; run `npm run deploy` with the same ONCE_AUTHORITY.',
  RELAYING_OFF:
    'This ledger relays no acts; send them to the chain yourself, or set ONCE_RELAYER_KEY.',
  RELAY_CLOSED: 'Relaying is shutting down; the act goes on its way when the ledger is back.',
  RELAY_RECORD_MALFORMED:
    'The record of an act on its way is damaged; stop, run `once audit` and restore a backup.',

  // departments and holders
  DEPARTMENT_NEEDED: 'This is for departments; sign in with the account that yours acts by.',
  DEPARTMENT_NOT_BELOW:
    'Only the department above says who a department is; have it sign in and do so.',
  DESCRIPTION_MALFORMED:
    'A description has a name, a region of 6 digits and, if you like, a code; see `issues`.',
  HOLDER_ID_MISMATCH:
    'The id of the holder is not the hash of this salt, code type and code; send those it was made of.',
  HOLDER_NOT_FOUND: 'Nobody registered a holder with this id; check it, or register the holder.',
  HOLDER_NOT_YOURS: 'Who a holder is, is told to its own accounts and to departments.',
  REGISTRAR_OTHER: 'The act names another registrar than the one signed in; sign in as that one.',
  MIRROR_STALE:
    'This node has not seen the chain of the registries for too long to decide; try again.',
  MIRROR_CLOSED: 'The ledger is shutting down; try again when it is back.',
  MIRROR_EVENTS_MISSING:
    'The chain tells of a change without what came before it; the node of the chain lost events, use another.',
  MIRROR_UNDO_MISSING:
    'The chain took back more blocks than are kept here; rebuild the mirror as docs/operations.md says.',
  CHAIN_MOVED: 'The chain changed while it was read; the ledger reads it again.',
  BLOCK_REPLACED:
    'The chain took back the block that this was in; hand the same in again to see where it is now.',
  CURSOR_MALFORMED: 'This cursor is none that a page gave out; begin with the first page.',

  // certificates in use
  CERTIFICATE_NOT_YOURS:
    'A certificate is shown to the department that issued it and to its holders; ask one of them for a grant.',
  ACT_CERTIFICATE_MISMATCH:
    'The act is about another certificate, or names another department; sign what the preview says.',
  CERTIFICATE_NOT_USABLE:
    'The certificate is suspended, revoked or otherwise not valid, see `status`; ask its holder for another.',
  CERTIFICATE_EXPIRED: 'The certificate has expired; ask its holder for the one that renews it.',
  CERTIFICATE_NOT_YET_VALID: 'The certificate is not valid yet; wait for its first day.',
  PRESENTATION_MALFORMED:
    'Send `presentation`, and the `nonce` and `audience` that the holder was given; see `issues`.',

  // uses
  USE_MALFORMED: 'This is no request to use something; see `issues` and docs/formats.md.',
  USE_TOO_LONG: 'The request is longer than `maxBytes`; ask for fewer items at once.',
  USE_USER_MISMATCH: 'One request is of one department; send a request for each.',
  USE_NOT_YOURS:
    'A use is for the department that asks and for the holders; sign in as one of those.',
  USE_NOT_FOUND: 'There is no use with this id; check it.',
  USE_ALREADY_MADE:
    'This very request was answered before, see `use`; sign a new one to ask again.',
  USE_UNDERWAY: 'This very request is being answered; wait for its answer.',
  USE_SIGNATURE_INVALID:
    'The account of the department did not sign this request; sign it with the account that it acts by now.',
  USE_GRANTEE_SIGNATURE_MISSING:
    'The grants end with another party than the department; it has to sign the same request.',
  USE_GRANTEE_SIGNATURE_INVALID:
    'The last grantee did not sign this request; have it sign the same as the department.',
  USE_CONTEXT_MALFORMED:
    'A request says case (15 digits), matter, officer, cause and salt; see `issues`.',
  USE_CONTEXT_MISMATCH:
    'The department signed another case, officer or cause; send what was signed.',
  USE_AUDIENCE_OTHER:
    'The request was signed for another ledger; send it there, or sign a new one.',
  USE_PURPOSE_OTHER_MATTER: 'The grant is for another matter; ask the holder for one for this.',
  USE_PURPOSE_OTHER_DEPARTMENT:
    'The grant is for another department; ask the holder for one for yours.',
  USE_PURPOSE_OTHER_REGION:
    'The grant is for another region than that of your department; ask the holder for one for yours.',
  USE_HOLDER_MISSING: 'It has more holders than agreed; ask the one in `holder` for a grant, too.',
  USE_HOLDER_NOT_CONCERNED: 'The grants of `holder` are about nothing here; leave them out.',
  USE_SUBJECT_NOT_GRANTED:
    'None of the items that were granted is what is asked for; ask for a grant of it.',
  USE_FIELDS_NOT_GRANTED:
    'The `fields` were not granted; leave them out, or ask for a grant of them.',
  USE_COPY_NOT_GRANTED: 'It may be read, not copied; ask to read it, or for a grant to copy it.',
  USE_FIELD_UNKNOWN: 'The original has no such `fields`; ask for those that it has.',
  USE_COUNT_PENDING:
    'The use is on its way to the chain and not counted yet; send the same request again, it counts once.',
  USE_NOTHING_RELEASED: 'The request was refused, so there is no copy; see why in the use.',
  USE_WITHOUT_CONTENT: 'Fields were released, not the bytes of a material; see the copy.',
  DERIVED_COPY_EXPIRED: 'The time of this copy is over; ask again, for a case that is under way.',
  MATERIAL_WITHOUT_HOLDER:
    'Nobody is registered as holder of this material, who could grant it; have the holder registered.',
  EVENT_ID_MALFORMED:
    'Last-Event-ID is the id of an event of this stream; correct it, or leave it out.',
  STREAMS_TOO_MANY: 'One account follows `limit` streams at most; close one.',

  // chains and anchoring
  ANCHORING_CLOSED: 'Anchoring is shutting down; try again when the ledger is back.',
  ANCHORING_OFF: 'This ledger anchors to no chain; do not wait for an anchor.',
  ANCHOR_FEE_CAPPED:
    'The chain asks for higher fees than are allowed; the ledger tries again when they fall.',
  ANCHOR_LAG: 'Entries have waited too long for their anchor; check the chain and its fees.',
  ANCHOR_NOT_OPERATOR:
    'The log on the chain belongs to another account; set the ONCE_CHAIN_KEY of its operator.',
  ANCHOR_REVERTED: 'The contract refused an anchor; `error` says why.',
  ANCHOR_TARGET_INVALID:
    'A chain is configured twice, or under a name that is not allowed; correct it.',
  CHAIN_BEHIND: 'The node of the chain lags behind what it showed before; the ledger waits for it.',
  CHAIN_CLOSED: 'The connection to the chain is closed; start the ledger again.',
  CHAIN_CODE_MISMATCH: 'Another contract stands at the address of the registry; check the chain.',
  CHAIN_DEPLOYMENT_FAILED: 'The registry could not be deployed; check the account and the chain.',
  CHAIN_FACTORY_MISSING:
    'The chain lacks the factory that deploys the registry; deploy it as docs/operations.md says.',
  CHAIN_FACTORY_REFUSED:
    'The chain refuses the transaction that makes the factory; deploy the registry as docs/operations.md says.',
  CHAIN_FUNDS_LOW: 'The anchoring account cannot pay; send it funds.',
  CHAIN_ID_CHANGED:
    'Another chain answers at this address; correct it, or configure the new chain under a new name.',
  CHAIN_KEY_MALFORMED: 'A chain key is 0x and 64 hex digits; correct ONCE_CHAIN_KEY.',
  CHAIN_NONSENSE: 'The node of the chain answers what makes no sense; check it, or use another.',
  CHAIN_REFUSED: 'The node of the chain refuses to serve; check its limits and your access.',
  CHAIN_STARTING: 'The chain has not been reached since the start; the ledger goes on trying.',
  CHAIN_TIMEOUT: 'The node of the chain does not answer in time; the ledger tries again.',
  CHAIN_UNREACHABLE: 'The node of the chain cannot be reached; the ledger tries again.',
  CHAIN_URL_MALFORMED: 'The address of the chain is not an http or https URL; correct it.',
  EMBEDDED_CHAIN_FAILED:
    'The embedded chain ended or did not start; its last words are in the log.',
  EMBEDDED_CHAIN_UNSUPPORTED:
    'There is no embedded chain for this machine; set ONCE_CHAIN_RPC_URL.',
  FEE_TOO_LOW: 'The chain wants a higher fee; the ledger raises it.',
  NONCE_USED: 'Another transaction took this place; the ledger looks which one.',
  LOG_FORKED:
    'The chain holds another root for this size: two logs share one identity; stop and find the other.',
  LOG_ROLLED_BACK:
    'The chain holds more entries than this log: the data folder is older; restore the newest backup.',

  // cases, and what they need
  CHECK_MALFORMED: 'These are no questions to a certificate or material; see `issues` and /docs.',
  QUESTION_NOT_OF_FIELD:
    'What is in `field` is neither a birthday nor a citizen number; ask about another field.',
  CASE_MALFORMED: 'This is no case to be opened; see `issues` and /docs.',
  CASE_STAGE_MALFORMED: 'This is no stage of a case; see `issues` and /docs.',
  RESOLUTION_MALFORMED: 'This does not say what to resolve; see `issues` and /docs.',
  CASE_NOT_FOUND: 'This ledger has no case with this code; check the code.',
  CASE_NOT_YOURS:
    'This case is for its applicant, those who act for it, and the departments that handle or supervise it; ask one of them.',
  CASE_CODE_TAKEN: 'Another case has this code; take the next one, or read the case that has it.',
  CASE_DAY_IN_FUTURE: 'A case is of today or of a day before; correct `day`.',
  CASE_MATTER_VERSION_OTHER:
    'On that day another version of the matter was in force, see `inForce`; leave the version out, or correct the day.',
  CASE_THEME_OTHER: 'The theme does not hold this matter; take one of `matters`, or no theme.',
  CASE_HOLDER_UNKNOWN: 'Nobody registered the holder id that plays `role`; register it first.',
  CASE_AGENT_IS_APPLICANT: 'Nobody is an agent of their own; leave the agent out.',
  CASE_DECIDER_NOT_OWNER:
    'A matter is decided by the department that owns it or by one below; take one of those.',
  CASE_DEPARTMENT_NOT_ACCREDITED:
    'The department that would decide may not use materials now; ask the department above it.',
  CASE_REGION_NOT_SERVED:
    'This matter takes no applications in other provinces; apply where it is decided.',
  CASE_STAGE_OUT_OF_ORDER:
    'The case does not come to this stage now; bring it to `next` first, or, without `next`, leave it: it is closed.',
  CASE_STAGE_NOT_YOURS: 'This stage is the work of `department`, which has to say it.',
  CASE_STAGE_TAKEN: 'The case came to this stage before, with other words; read what was said.',
  CASE_STAGE_NOT_REACHED: 'The case has not come to this stage; ask for one that it has.',
  MATERIAL_EXEMPTED:
    'This need not be handed in: `candidate` is there; use that, or state why it has to be.',
}
