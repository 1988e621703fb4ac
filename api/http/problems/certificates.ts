import type { Sentences } from './sentences.ts'

/** Certificates. */
export const CERTIFICATES: Sentences = {
  // certificates
  CERTIFICATE_NOT_FOUND: 'The ledger has no certificate with this id; check the id.',
  CERTIFICATE_TYPE_UNKNOWN:
    'The ledger knows no certificate type with the code in `certificateType`; correct it.',
  CERTIFICATE_FIELDS_MALFORMED:
    'The face of the certificate is not as its type has it; see `issues` and correct the fields.',
  CERTIFICATE_FIELD_UNKNOWN: 'The certificate has no such `field` to disclose; ask for another.',
  CERTIFICATE_IDENTIFIER_MISMATCH:
    'The `part` of the identifier is not what the certificate or its department says; correct one of them.',
  CERTIFICATE_IDENTIFIER_DISCLOSES:
    'The identifier is seen by everybody, and holds what stands in the sensitive `field`; give it a serial of its own.',
  CERTIFICATE_IDENTIFIER_TAKEN:
    'Another certificate with this identifier was issued before; give this one an identifier of its own.',
  CERTIFICATE_HOLDERS_TOO_MANY:
    'Certificates of this type have one holder; issue one to each holder.',
  CERTIFICATE_HOLDERS_DIFFER:
    'The earlier certificate has other holders; name one of the same holders.',
  CERTIFICATE_TYPE_NOT_RECOGNISED:
    'Its type recognises no certificates with the type code in `certificateType` of issuers in `region`; have the department that owns the type publish that it does, or hand in another.',
  CERTIFICATE_TYPES_DIFFER:
    'A certificate takes the place of one of its own type alone; name an earlier one of that type.',
  CERTIFICATE_EARLIER_NOT_FOUND:
    'The ledger has no certificate with the serial of the earlier one; correct the serial.',
  CERTIFICATE_VALIDITY_EMPTY:
    'The last day of the certificate is before its first; correct the days.',
  CERTIFICATE_VALIDITY_MISMATCH:
    'The signed times are not the days on the face of the certificate; issue it with those.',
  CERTIFICATE_INCOMPLETE:
    'Not every field of the certificate came along; send the credential with all its disclosures.',
  CERTIFICATE_ISSUED_IN_FUTURE:
    'The certificate says that it will be issued later; check the clock of the department.',
  CERTIFICATE_CHAIN_WRONG:
    'The certificate names another chain than `chainId`; issue it for the chain of this ledger.',
  CERTIFICATE_STATEMENT_MISMATCH:
    'The statement says something else than the credential in it; do not rely on it.',
  CERTIFICATE_STATUS_CHANGE_REFUSED:
    'No change leads from status `from` to `to`; a certificate that ended has to be issued anew.',
  CERTIFICATE_STATUS_TEXT_MISSING: 'Status 99 says nothing by itself; say what it stands for.',
  CERTIFICATE_STATUS_UNKNOWN: 'There is no such status; use 01 to 07 or 99.',
  CREDENTIAL_MALFORMED:
    'This is no certificate as SD-JWT has it; send the text as the department made it.',
  CREDENTIAL_ALGORITHM_WRONG:
    'The credential is not signed by ES256K; have it signed by the account of the department.',
  CREDENTIAL_KIND_WRONG: 'This JWT was made for another purpose; send one of the `expected` kind.',
  DISCLOSURE_MALFORMED:
    'A disclosure is not salt, name and value of a field; do not rely on this credential.',
  DISCLOSURE_UNKNOWN:
    'A disclosure was altered or is of another certificate; do not rely on what it says.',
  DISCLOSURE_REPEATED: 'A disclosure comes twice; send each once.',
  DISCLOSURE_NAME_TAKEN: 'Two values are disclosed under one name; do not rely on this credential.',
  PRESENTATION_KEY_BINDING_MISSING:
    'The holder did not sign this presentation; ask for one with key binding.',
  PRESENTATION_HOLDER_UNKNOWN:
    'Neither the certificate nor the chain says who may present it; have an account bound to the holder.',
  PRESENTATION_ALTERED:
    'The holder signed for other disclosures than these; ask for a new presentation.',
  PRESENTATION_NONCE_MISSING:
    'A presentation without a nonce could be a replay; ask for one with the nonce you gave.',
  PRESENTATION_NONCE_WRONG:
    'The presentation was made for another nonce; ask for one with the nonce you gave.',
  PRESENTATION_AUDIENCE_WRONG:
    'The presentation was made for somebody else; ask for one that names you.',
  PRESENTATION_TOO_OLD: 'The presentation is too old; ask for a new one.',
  PRESENTATION_TOO_EARLY:
    'The presentation was made by a clock that is ahead; have the clock of the holder set.',

  // certificates in use
  CERTIFICATE_NOT_YOURS:
    'A certificate is shown to the department that issued it and to its holders; ask one of them for a grant.',
  ACT_CERTIFICATE_MISMATCH:
    'The act is about another certificate, or names another department; sign what the preview says.',
  CERTIFICATE_NOT_USABLE:
    'The certificate is suspended, revoked or otherwise not valid, see `certificateStatus`; ask its holder for another.',
  CERTIFICATE_SUPERSEDED: 'A newer certificate took the place of this one; use the one in `by`.',
  CERTIFICATE_EXPIRED: 'The certificate has expired; ask its holder for the one that renews it.',
  CERTIFICATE_NOT_YET_VALID: 'The certificate is not valid yet; wait for its first day.',
  PRESENTATION_MALFORMED:
    'Send `presentation`, and the `nonce` and `audience` that the holder was given; see `issues`.',
}
