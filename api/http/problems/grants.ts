import type { Sentences } from './sentences.ts'

/** Grants. */
export const GRANTS: Sentences = {
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
  GRANT_REQUEST_MALFORMED: 'This is no request for a grant, or no answer to one; see `issues`.',
  GRANT_REQUEST_PURPOSE_OTHER:
    'The case is about `matter`, and a grant is asked for what its case is about; ask for that.',
  GRANT_REQUEST_TIMES_WRONG:
    'A request waits until `latest` at most, and asks for a grant that is still to end; choose times after `now`.',
  GRANT_REQUESTS_PENDING:
    'Too many requests of this case wait for their answers; ask again when some were answered.',
  GRANT_REQUEST_NOT_FOUND: 'This ledger knows no such request for a grant; check its id.',
  GRANT_REQUEST_NOT_YOURS:
    'A request is for whoever asked and for the holder, who alone answers it; sign in as one of them.',
  GRANT_REQUEST_EXPIRED: 'The request expired at `expires` without an answer; ask again.',
  GRANT_REQUEST_ENDED:
    'The request ended with its case, which was decided meanwhile; nothing is to be answered.',
  GRANT_REQUEST_ANSWERED: 'The request was answered before, by `answer`; ask again if need be.',
  GRANT_REQUEST_NOT_ANSWERED: 'Nobody has answered the request yet; its own evidence is there.',
  GRANT_REQUEST_EXCEEDED:
    'By its `of`, the grant is not what was asked for, or goes beyond it; sign the same or less, of `fields` those that were asked for.',
  SCOPE_MALFORMED: 'This is no list of items and purposes, or no part of one; see `issues`.',
  SCOPE_ROOTS_MISMATCH:
    'What is shown is of other lists than those that the grant is about; ask the grantor for the right ones.',
  SCOPE_OPENING_MISMATCH:
    'Entry `index` of `list` is not what the grant is about, or was not granted; show what was granted, unaltered.',
  SCOPE_OPENING_MISSING:
    'Entry `index` of `list` was granted and is not shown; show just what was granted.',
  PREVIEW_MALFORMED: 'This is nothing that could be shown before it is signed; see `issues`.',
}
