import type { Sentences } from './sentences.ts'

/** Departments and holders. */
export const PARTIES: Sentences = {
  DEPARTMENT_NEEDED: 'This is for departments; sign in with the account that yours acts by.',
  DEPARTMENT_NOT_BELOW:
    'Only the department above says who a department is; have it sign in and do so.',
  DESCRIPTION_MALFORMED:
    'A description has a name, a region of 6 digits and, if you like, a code; see `issues`.',
  HOLDER_ID_MISMATCH:
    'The id of the holder is not the hash of this salt, code type and code; send those it was made of.',
  HOLDER_REGISTERED_ALREADY:
    'You registered this code before, as `holder`; go on with that id, and bind further accounts to it with `once party holder bind`.',
  HOLDER_CODE_MALFORMED: 'A holder is found by its `codeType` and `code`; see `issues`.',
  HOLDER_CODE_UNKNOWN:
    'Nobody registered a holder with this code; check it, or have a registrar register the holder.',
  HOLDER_CODE_AMBIGUOUS:
    'Several holder ids have this code; ask the holder by which one it acts (`once party holder mine`), and name that id.',
  HOLDER_NOT_FOUND: 'Nobody registered a holder with this id; check it, or register the holder.',
  HOLDER_NOT_YOURS:
    'Who a holder is, and what it has, is told to its own accounts and to departments.',
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
}
