import type { Sentences } from './sentences.ts'

/** Documents that are checked: evidence, notes, proofs. */
export const DOCUMENTS: Sentences = {
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
  STATE_NOT_PROVEN:
    'A rule asks for what the proofs of the chain do not show; fetch the evidence again.',
  STATE_BLOCK_NOT_TRUSTED:
    'Nobody vouches for the block of the proofs; give a chain to ask with --rpc.',
  STATE_CHAIN_UNREACHABLE:
    'The chain cannot be asked about the block of the proofs; try again, or give another with --rpc.',
}
