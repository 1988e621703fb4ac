import { ASK_AGAIN, DISTRUST, fail, pass, REFETCH, skipped, unknown, UPDATE } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** The document itself, its content, and its place in a signed log. */
export const LOG: Sentences = {
  // evidence: the document itself
  EVIDENCE_MALFORMED: fail('The file is not evidence as version 1 writes it.', ASK_AGAIN),
  EVIDENCE_VERSION_UNSUPPORTED: fail('The evidence is of a newer version.', UPDATE),
  STATEMENT_MALFORMED: fail('The statement is not one that its kind allows.', ASK_AGAIN),
  STATEMENT_KIND_UNKNOWN: fail(
    'The statement is of a kind that this verifier does not know.',
    UPDATE,
  ),
  STATEMENT_VERSION_UNSUPPORTED: fail('The statement is of a newer version.', UPDATE),
  ENTRY_MALFORMED: fail('The entry is not one that a log holds.', ASK_AGAIN),
  ENTRY_VERSION_UNSUPPORTED: fail('The entry is of a newer version.', UPDATE),
  DIGEST_MALFORMED: fail('A digest in the statement is not algorithm:hex.', ASK_AGAIN),
  DIGEST_ALGORITHM_UNKNOWN: fail(
    'A digest is of an algorithm that this verifier does not know.',
    UPDATE,
  ),
  DIGEST_LENGTH_WRONG: fail('A digest has the wrong length for its algorithm.', ASK_AGAIN),
  DERIVED_COPY_MALFORMED: fail(
    'The file is no marked document, or what lies in it cannot be read.',
    'Ask whoever gave it to you for the document as the ledger handed it out.',
  ),
  JSON_MALFORMED: fail('The file is not JSON in UTF-8.', ASK_AGAIN),
  JSON_DUPLICATE_KEY: fail('A member stands twice in the same object.', ASK_AGAIN),
  JSON_NUMBER_NOT_INTEGER: fail('A number is not a plain integer.', ASK_AGAIN),
  JSON_LONE_SURROGATE: fail('A text holds half a character.', ASK_AGAIN),
  JSON_NAME_FORBIDDEN: fail('A member has a name that is not allowed.', ASK_AGAIN),
  JSON_TOO_DEEP: fail('The document is nested too deeply.', ASK_AGAIN),
  JSON_TOO_LONG: fail('The document is too long.', ASK_AGAIN),

  // content
  CONTENT_MATCHES: pass('The content is the one that the statement speaks of.'),
  CONTENT_NOT_GIVEN: skipped(
    'No content was given, so only the statement was checked.',
    'Give the content as well to compare it.',
  ),
  CONTENT_NOT_APPLICABLE: skipped('The statement speaks of no content.'),
  CONTENT_DIGEST_NOT_COMPUTED: unknown(
    'The content was not digested with every algorithm that the statement names.',
    'Compute the missing digests and verify again.',
  ),
  CONTENT_SIZE_MISMATCH: fail(
    'The content has another length than the statement says.',
    'Compare with the original content.',
  ),
  CONTENT_DIGEST_MISMATCH: fail(
    'The content is not the one that the statement speaks of.',
    'Compare with the original content.',
  ),
  DERIVED_COPY_OF_NO_USE: fail(
    'The evidence in the marked copy is not the receipt of a use.',
    DISTRUST,
  ),
  DERIVED_COPY_ORIGINAL_MISMATCH: fail(
    'The original in the marked copy is not the material that was used.',
    DISTRUST,
  ),
  DERIVED_COPY_PAGES_MATCH: pass(
    'The document is the one that was handed out; that its pages show the original is the ledger’s word.',
  ),
  DERIVED_COPY_ORIGINAL_MATCHES: pass(
    'The document is the one that was handed out, and the original in it is the material that was used.',
  ),
  DERIVED_COPY_ALTERED: fail(
    'What lies in the document was handed out, but in another: pages, mark or form are not the same.',
    'Do not rely on what it shows; ask the department for the document that it was given.',
  ),
  DERIVED_COPY_EXPIRED: fail(
    'The derived copy is the one that was handed out, and past the time it was for.',
    'Ask the holder for a new use.',
  ),

  // commitment
  COMMITMENT_OPENS: pass('The entry commits to exactly this statement.'),
  COMMITMENT_MISMATCH: fail('The statement, its salt or the entry was changed.', DISTRUST),
  COMMITMENT_KIND_MISMATCH: fail('The entry names another kind than the statement.', DISTRUST),

  // inclusion
  ENTRY_INCLUDED: pass('The log holds the entry.'),
  TLOG_PROOF_MALFORMED: fail('The inclusion proof cannot be read.', ASK_AGAIN),
  TLOG_PROOF_EXTRA: fail('The inclusion proof carries data that nothing vouches for.', ASK_AGAIN),
  MERKLE_INDEX_BEYOND_SIZE: fail('The entry lies beyond the end of the log.', DISTRUST),
  MERKLE_PROOF_TOO_SHORT: fail(
    'The inclusion proof is too short: it is for another size.',
    REFETCH,
  ),
  MERKLE_PROOF_TOO_LONG: fail('The inclusion proof is too long: it is for another size.', REFETCH),
  MERKLE_ROOT_MISMATCH: fail(
    'The inclusion proof does not lead from the entry to the root.',
    DISTRUST,
  ),

  // checkpoint
  CHECKPOINT_SIGNED: pass('The trusted log signed the checkpoint.'),
  CHECKPOINT_UNREADABLE: unknown('There is no readable checkpoint to check this against.', REFETCH),
  NOTE_MALFORMED: fail('The checkpoint is not a signed note.', ASK_AGAIN),
  CHECKPOINT_MALFORMED: fail('The checkpoint cannot be read.', ASK_AGAIN),
  CHECKPOINT_SIZE_MALFORMED: fail('The checkpoint states no proper size.', ASK_AGAIN),
  CHECKPOINT_KEY_UNKNOWN: fail(
    'The checkpoint is not signed by the log that you trust.',
    'Check that your trust file is for the log that the evidence comes from.',
  ),
  CHECKPOINT_SIGNATURE_INVALID: fail('The log did not sign this checkpoint.', DISTRUST),
  CHECKPOINT_ORIGIN_MISMATCH: fail(
    'The checkpoint is of another log.',
    'Check that your trust file is for the log that the evidence comes from.',
  ),

  // witnesses
  WITNESSES_COSIGNED: pass('Enough trusted witnesses cosigned the checkpoint.'),
  WITNESSES_NOT_REQUIRED: skipped('Your trust asks for no witness.'),
  WITNESS_QUORUM_NOT_MET: fail(
    'Too few trusted witnesses cosigned the checkpoint.',
    'Fetch the evidence again once more witnesses have cosigned.',
  ),
  WITNESS_SIGNATURE_INVALID: fail('A cosignature is not that of the witness it names.', DISTRUST),
}
