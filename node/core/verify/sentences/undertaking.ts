import { DISTRUST, fail, pass, REFETCH, unknown } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** Who gave an undertaking. */
export const UNDERTAKING: Sentences = {
  UNDERTAKING_SIGNED: pass(
    'An account of the holder, or of who acts for it, signed exactly this for this ledger.',
  ),
  UNDERTAKING_PROVEN_AT_OTHER_TIME: unknown(
    'The proof of whose account it was is not of the time when the undertaking was given.',
    REFETCH,
  ),
  UNDERTAKING_SIGNATURE_UNKNOWN: unknown(
    'The signature is not of the account’s key, and only the chain knows what a contract takes.',
    'Ask the chain whether the account is a contract that takes the signature (ERC-1271).',
  ),
  UNDERTAKING_REGISTRIES_UNTRUSTED: fail(
    'The undertaking is bound to other registries than those that you trust.',
    'Check the registries in your trust file.',
  ),
  UNDERTAKING_ID_MISMATCH: fail(
    'The statement is named after another case or material than the undertaking is about.',
    DISTRUST,
  ),
  UNDERTAKING_AUDIENCE_OTHER: fail('The undertaking was signed for another ledger.', DISTRUST),
  UNDERTAKING_ACCOUNT_NOT_BOUND: fail(
    'The account that signed spoke for nobody that the undertaking names when it was given.',
    'Do not rely on the undertaking; ask the holder.',
  ),
}
