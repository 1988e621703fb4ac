import type { Sentences } from './sentences.ts'

/** Signed acts, as the contracts and the ledger refuse them alike, and their way to the chain. */
export const ACTS: Sentences = {
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
}
