import { LedgerError, type ErrorKind } from '../errors.ts'

export interface Refusal {
  readonly kind: ErrorKind
  /** The contract's own name for it, in our spelling. */
  readonly code: string
}

const invalid = (code: string): Refusal => ({ kind: 'invalid', code })
const forbidden = (code: string): Refusal => ({ kind: 'forbidden', code })
const notFound = (code: string): Refusal => ({ kind: 'notFound', code })
const conflict = (code: string): Refusal => ({ kind: 'conflict', code })
const unverified = (code: string): Refusal => ({ kind: 'unverified', code })

/**
 * Every custom error by which the registries of parties, certificates and grants refuse an act. Core applies the same
 * rules and refuses by the same codes, so that nobody can tell from an answer which of the two refused.
 */
export const REFUSALS = {
  // contracts/libraries/SignedActs.sol
  CallerNotAccount: unverified('CALLER_NOT_ACCOUNT'),
  SignatureInvalid: unverified('SIGNATURE_INVALID'),

  // contracts/interfaces/IPartyRegistry.sol
  NonceMismatch: conflict('NONCE_MISMATCH'),
  NotAccredited: forbidden('NOT_ACCREDITED'),
  NotInGoodStanding: forbidden('NOT_IN_GOOD_STANDING'),
  NotAbove: forbidden('NOT_ABOVE'),
  DepartmentUnknown: notFound('DEPARTMENT_UNKNOWN'),
  DepartmentWithdrawn: conflict('DEPARTMENT_WITHDRAWN'),
  RightsWidened: forbidden('RIGHTS_WIDENED'),
  WindowWidened: forbidden('WINDOW_WIDENED'),
  TypeWidened: forbidden('TYPE_WIDENED'),
  TooManyLevels: forbidden('TOO_MANY_LEVELS'),
  AddressZero: invalid('ADDRESS_ZERO'),
  NotRegistrarOf: forbidden('NOT_REGISTRAR_OF'),
  AccountAlreadyBound: conflict('ACCOUNT_ALREADY_BOUND'),
  AccountNotBound: conflict('ACCOUNT_NOT_BOUND'),

  // contracts/interfaces/ICertificateRegistry.sol
  StatusChangeRefused: conflict('STATUS_CHANGE_REFUSED'),
  SequenceMismatch: conflict('SEQUENCE_MISMATCH'),

  // contracts/interfaces/IGrantRegistry.sol
  GrantChainEmpty: invalid('GRANT_CHAIN_EMPTY'),
  GrantChainTooLong: invalid('GRANT_CHAIN_TOO_LONG'),
  GrantParentMismatch: forbidden('GRANT_PARENT_MISMATCH'),
  GrantEmpty: forbidden('GRANT_EMPTY'),
  GrantWindowEmpty: forbidden('GRANT_WINDOW_EMPTY'),
  GrantGrantorMismatch: forbidden('GRANT_GRANTOR_MISMATCH'),
  GrantHolderMismatch: forbidden('GRANT_HOLDER_MISMATCH'),
  GrantScopeMismatch: forbidden('GRANT_SCOPE_MISMATCH'),
  GrantItemsWidened: forbidden('GRANT_ITEMS_WIDENED'),
  GrantPurposesWidened: forbidden('GRANT_PURPOSES_WIDENED'),
  GrantWindowWidened: forbidden('GRANT_WINDOW_WIDENED'),
  GrantDepthWidened: forbidden('GRANT_DEPTH_WIDENED'),
  GrantUsesWidened: forbidden('GRANT_USES_WIDENED'),
  GrantNotYetValid: forbidden('GRANT_NOT_YET_VALID'),
  GrantExpired: forbidden('GRANT_EXPIRED'),
  GrantEpochOutdated: forbidden('GRANT_EPOCH_OUTDATED'),
  GrantNotRegistered: forbidden('GRANT_NOT_REGISTERED'),
  GrantIsRevoked: forbidden('GRANT_IS_REVOKED'),
  GrantorNotBound: forbidden('GRANTOR_NOT_BOUND'),
  GrantorEnded: forbidden('GRANTOR_ENDED'),
  GrantUsesExhausted: forbidden('GRANT_USES_EXHAUSTED'),
  NotRevoker: forbidden('NOT_REVOKER'),
  EpochOutOfOrder: conflict('EPOCH_OUT_OF_ORDER'),
  UseGrantMismatch: invalid('USE_GRANT_MISMATCH'),
  UseExpired: forbidden('USE_EXPIRED'),
  UseItemsNotGranted: forbidden('USE_ITEMS_NOT_GRANTED'),
  UsePurposeNotGranted: forbidden('USE_PURPOSE_NOT_GRANTED'),
  UseOutOfSequence: conflict('USE_OUT_OF_SEQUENCE'),

  // both of the above
  SignaturesMissing: invalid('SIGNATURES_MISSING'),
} as const satisfies Readonly<Record<string, Refusal>>

export type RefusalName = keyof typeof REFUSALS

export function isRefusalName(name: string): name is RefusalName {
  return Object.hasOwn(REFUSALS, name)
}

/** The error for a contract's refusal; `details` are its arguments by their names in the contract. */
export function refusal(
  name: RefusalName,
  details: Readonly<Record<string, unknown>> = {},
): LedgerError {
  const { kind, code } = REFUSALS[name]
  return new LedgerError(kind, code, details)
}
