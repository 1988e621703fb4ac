import type { Sentences } from './sentences.ts'

/** Materials, as they are handed in and found again. */
export const MATERIALS: Sentences = {
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
  BATCH_RECORD_MALFORMED:
    'A record of the batch does not begin with the length of its content and a space, or breaks off; send the rest again.',
  BATCH_CONTENT_TOO_LARGE:
    'A content in a batch has `maxBytes` at most; hand this one in on its own.',
  DECISION_MALFORMED: 'A decision states its `reason`, up to 500 characters; see `issues`.',
  ERASURE_MALFORMED:
    'An erasure states `reason` and `legalBasis`, up to 500 characters each; see `issues`.',

  // imports
  TEXT_ENCODING_UNKNOWN: 'The text is neither UTF-8 nor GB 18030; save it as UTF-8.',
  TEXT_GARBLED:
    'The text was read in a wrong encoding before it was saved, see `line`; export it again, as UTF-8.',
  IMPORT_COLUMNS_MALFORMED:
    'The first line of the manifest names `type` and other known columns, each once; correct `columns`.',
  IMPORT_ROW_MALFORMED: 'This line is no row of the table, for the `reason`; correct it.',
  IMPORT_RECORD_MALFORMED: 'This line does not say what a material needs; see `issues`.',
  IMPORT_LINE_TOO_LONG: 'A line of a manifest has 65,536 characters at most; shorten it.',
  IMPORT_MANIFEST_NOT_FOUND: 'The manifest is no file; check its name.',
  IMPORT_FILE_MISSING: 'The folder has no such file that can be read; check its name.',
  IMPORT_FILE_OUTSIDE: 'The file lies outside of the folder that is imported; move it there.',
  IMPORT_RESULTS_OTHER:
    'These results are of another ledger, or of an import by somebody else; name another file with --results.',

  // materials, entries, anchors
  MATERIAL_NOT_FOUND: 'There is no material with this id; check it.',
  MATERIAL_ERASED: 'The material was erased for good; only the proofs of its entry are left.',
  MATERIAL_NOT_YOURS: 'You neither handed this in nor hold it; obtain a grant to use it.',
  MATERIALS_HOLDER_NEEDED:
    'This account is bound to more than `most` holders; say by `holder` whose materials to list.',
  CONTENT_NOT_KEPT:
    'The content stayed with the department that handed it in; ask that department.',
  STATEMENT_ERASED: 'The statement was erased for good; only the proofs of its entry are left.',
  ENTRY_NOT_FOUND: 'The log has no entry with this index yet; its `size` says how many there are.',
  TILE_NOT_FOUND: 'The log has no such tile yet; read its checkpoint for the size.',
  ANCHOR_NOT_FOUND: 'No checkpoint of this size was anchored; see /v1/anchors for those that were.',
  ANCHOR_TIMEOUT:
    'The material is safe, but its anchor takes longer; fetch the evidence later from the path in `evidence`.',
  MATERIAL_ID_RESERVED:
    'Ids that begin like this are given by the ledger itself; choose another, or leave it out.',
  MATERIAL_SUPERSEDES_OTHER:
    'A material takes the place of one of the same holder, type and submitter only; `part` says which differs.',
  MATERIAL_SUPERSEDES_IN_DOUBT:
    'What would go into quarantine cannot take the place of another; correct what `doubt` names.',
  MATERIAL_QUARANTINED:
    'Something about this material is in doubt; whoever handed it in has to release it first.',
  MATERIAL_REJECTED: 'Somebody looked at this material and rejected it; hand in another.',
  MATERIAL_NOT_QUARANTINED: 'This material is in no quarantine; there is nothing to decide.',
  MATERIAL_DECIDED:
    'Somebody has decided about this material already, otherwise or for another reason; look at its `standing`.',
  MATERIAL_FORMAT_NOT_TAKEN:
    'This type of material is not taken in this format; hand it in as one of `formats`.',
  MATERIAL_TOO_LARGE_FOR_TYPE:
    'This type of material takes `maxBytes` at most; hand in a smaller file.',
}
