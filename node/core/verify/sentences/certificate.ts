import { DISTRUST, fail, pass, REFETCH, skipped, unknown, UPDATE } from './sentence.ts'
import type { Sentences } from './sentence.ts'

/** Who issued a certificate, and how it stands. */
export const CERTIFICATE: Sentences = {
  ISSUER_ACCREDITED: pass(
    'A department that was accredited for this type of certificate issued and signed it.',
  ),
  ISSUER_NOT_APPLICABLE: skipped('The statement is about no certificate.'),
  ISSUER_PROVEN_AT_OTHER_TIME: unknown(
    'The proof of who could issue is not of the time when the certificate was issued.',
    REFETCH,
  ),
  ISSUER_NOT_ACCREDITED: fail(
    'The department, or one above it, was not accredited for this type when the certificate was issued.',
    'Do not accept the certificate, and tell the department that it names.',
  ),
  ISSUER_ON_OTHER_CHAIN: fail(
    'The certificate names a department of another chain than the one that you trust.',
    'Check the registries in your trust file.',
  ),
  SIGNATURE_INVALID: fail(
    'The department’s account did not sign the certificate.',
    'Do not accept the certificate, and tell the department that it names.',
  ),
  SIGNATURE_MALFORMED: fail(
    'The signature of the certificate is not one that an account gives.',
    DISTRUST,
  ),
  CREDENTIAL_MALFORMED: fail('The credential cannot be read.', DISTRUST),
  CREDENTIAL_ALGORITHM_WRONG: fail('The credential is not signed by ES256K.', DISTRUST),
  CREDENTIAL_KIND_WRONG: fail('What is signed is no credential of a certificate.', DISTRUST),
  CERTIFICATE_STATEMENT_MISMATCH: fail(
    'The statement says something else than the credential that the department signed.',
    DISTRUST,
  ),
  CERTIFICATE_ABSENT: fail(
    'The certificate that was used does not come with the evidence.',
    REFETCH,
  ),
  CERTIFICATE_ALTERED: fail(
    'The certificate that was used, its salt or its entry was changed.',
    DISTRUST,
  ),
  CERTIFICATE_NOT_INCLUDED: fail('The log does not hold the certificate that was used.', DISTRUST),
  CERTIFICATE_OF_OTHER_CHECKPOINT: fail(
    'The certificate that was used is proven in another checkpoint than its use.',
    REFETCH,
  ),

  STATUS_VALID: pass('The certificate was valid at that time.'),
  STATUS_NOT_APPLICABLE: skipped('The statement is about no certificate.'),
  STATUS_AFTER_PROOF: unknown(
    'The proof of the status is older than the time that is asked about.',
    'Fetch newer evidence from the ledger, or ask about an earlier time.',
  ),
  STATUS_BEFORE_ISSUE: fail(
    'The certificate was not issued yet at that time.',
    'Ask about a later time.',
  ),
  STATUS_NOT_VALID: fail(
    'The certificate was suspended, revoked or ended at that time.',
    'Do not accept it for that time; ask the holder for one that is valid.',
  ),
  STATUS_NOT_YET_VALID: fail(
    'The certificate was to be valid only from a later time on.',
    'Do not accept it for that time.',
  ),
  STATUS_EXPIRED: fail(
    'The certificate was past its last day at that time.',
    'Do not accept it for that time; ask the holder for one that is valid.',
  ),
  CERTIFICATE_STATUS_UNKNOWN: fail(
    'The chain records a status that this verifier does not know.',
    UPDATE,
  ),
}
