import type { Sentences } from './sentences.ts'

/** Who asks, how often, and with which keys. */
export const ACCESS: Sentences = {
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
  SIGN_INS_TOO_MANY:
    'Too many sign-ins, or signatures that were refused; wait as long as Retry-After says.',
  SIGN_IN_UNAVAILABLE: 'This node has not reached its chain yet; try again later.',
  SIGN_IN_FOREIGN:
    'This message to sign in is for another site or account; sign nothing, and check the address of the ledger.',
  HOST_UNKNOWN:
    'Nobody signs in to this node by this name; use one that its operator set in ONCE_PUBLIC_URL.',
  RATE_LIMITED: 'You sent too many requests within a second; wait as long as Retry-After says.',
  CONCURRENCY_LIMITED: 'Too many of your requests are under way; wait for some to finish.',

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
}
