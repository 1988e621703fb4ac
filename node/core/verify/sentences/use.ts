import { DISTRUST, fail, pass, REFETCH, REFUSE, skipped, unknown } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** Whether a use is one that was asked for and allowed. */
export const USE: Sentences = {
  USE_AUTHORIZED: pass('The department asked for exactly this, and every holder had allowed it.'),
  USE_REFUSED: skipped('The ledger refused this use and released nothing.'),
  USE_NOT_APPLICABLE: skipped('The statement is no use.'),
  USE_SIGNATURE_OF_CONTRACT: unknown(
    'A signature is not one of the account’s key, and only the chain knows what a contract account takes.',
    'Ask the chain whether the account is a contract that takes the signature (ERC-1271).',
  ),
  USE_REGISTRIES_UNTRUSTED: fail(
    'The use was decided by other registries than those that you trust.',
    'Check the registries in your trust file.',
  ),
  USE_ID_MISMATCH: fail('The receipt is not the answer to the request in it.', DISTRUST),
  USE_LOGGED_AT_OTHER_TIME: fail(
    'The use was logged at another time than it is said to be decided at.',
    DISTRUST,
  ),
  USE_EXPIRY_TOO_LATE: fail(
    'The derived copy was given for longer than the grants and the case allow.',
    DISTRUST,
  ),
  USE_SUBJECT_MISMATCH: fail(
    'The certificate that comes along is not the one that the receipt names.',
    DISTRUST,
  ),
  USE_HOLDERS_MISMATCH: fail(
    'The receipt names other holders than the certificate that was used.',
    DISTRUST,
  ),
  USE_HOLDER_MISSING: fail('One of the holders did not authorize the use.', REFUSE),
  USE_HOLDER_NOT_CONCERNED: fail('Somebody authorized the use who is no holder of it.', REFUSE),
  USE_USER_MISMATCH: fail('A request is of another department than the receipt.', DISTRUST),
  USE_CONTEXT_MISMATCH: fail(
    'The department signed another subject, fields, manner, questions, case, officer or cause.',
    DISTRUST,
  ),
  USE_AUDIENCE_OTHER: fail('The department asked another ledger.', REFUSE),
  USE_NOT_COUNTED: fail('The chain did not count the use, though its grants limit uses.', REFUSE),
  USE_GRANTEE_SIGNATURE_MISSING: fail(
    'Whoever held the last grant did not sign that the department uses it.',
    REFUSE,
  ),

  SCOPE_ROOTS_MISMATCH: fail('The opened list is not the one that was granted.', DISTRUST),
  SCOPE_OPENING_MISMATCH: fail(
    'An opened item or purpose is not the one in the granted list, or was not asked for.',
    DISTRUST,
  ),
  SCOPE_OPENING_MISSING: fail('An item or purpose that was asked for is not opened.', REFETCH),
  USE_SUBJECT_NOT_GRANTED: fail(
    'None of the granted items is this material or type of certificate.',
    REFUSE,
  ),
  USE_FIELDS_NOT_GRANTED: fail('Fields were released that the granted items do not give.', REFUSE),
  USE_PLAIN_NOT_GRANTED: fail(
    'Sensitive fields were shown in clear that a holder let be shown masked alone.',
    REFUSE,
  ),
  USE_COPY_NOT_GRANTED: fail('The holder let it be read, not copied.', REFUSE),
  USE_PURPOSE_OTHER_MATTER: fail('The granted purpose is another matter.', REFUSE),
  USE_PURPOSE_OTHER_DEPARTMENT: fail('The granted purpose is for another department.', REFUSE),
  USE_PURPOSE_OTHER_REGION: fail('The granted purpose is for another region.', REFUSE),
}
