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
  SCOPE_MALFORMED: 'This is no list of items and purposes, or no part of one; see `issues`.',
  SCOPE_ROOTS_MISMATCH:
    'What is shown is of other lists than those that the grant is about; ask the grantor for the right ones.',
  SCOPE_OPENING_MISMATCH:
    'Entry `index` of `list` is not what the grant is about, or was not granted; show what was granted, unaltered.',
  SCOPE_OPENING_MISSING:
    'Entry `index` of `list` was granted and is not shown; show just what was granted.',
  PREVIEW_MALFORMED: 'This is nothing that could be shown before it is signed; see `issues`.',
}
