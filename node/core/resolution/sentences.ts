/** Why a candidate is not taken, or a grant does not allow its use: what is the matter, and not what to do about it. */
export const REASONS: Readonly<Record<string, string>> = {
  MATERIAL_ERASED: 'It was erased for good.',
  MATERIAL_QUARANTINED: 'It lies in quarantine: nobody has decided yet whether it is what it says.',
  MATERIAL_REJECTED: 'It was in quarantine, and was rejected.',
  MATERIAL_WITHDRAWN: 'It was withdrawn.',
  MATERIAL_SUPERSEDED: 'A newer version took its place.',
  MATERIAL_NOT_FROM_ISSUER:
    'It is evidence of a department, and that department did not hand it in: it serves the case alone that it came in for.',
  MATERIAL_EXPIRED: 'It is over.',
  MATERIAL_NOT_VALID_YET: 'It does not count yet.',
  MATERIAL_UNDATED: 'It does not say the day by which it counts.',
  MATERIAL_SINGLE_USE_SPENT: 'It serves once, and has served something else.',
  MATERIAL_CERTIFICATE_DECIDES:
    'It is a copy of a certificate, and the certificate itself is what counts.',
  MATERIAL_OTHER_HOLDER: 'It belongs to somebody else than the party whose it has to be.',
  MATERIAL_OTHER_TYPE: 'It is a material of another type.',

  CERTIFICATE_NOT_USABLE: 'Its issuer suspended it or ended it.',
  CERTIFICATE_EXPIRED: 'It is over.',
  CERTIFICATE_NOT_YET_VALID: 'It is not valid yet.',
  CERTIFICATE_SUPERSEDED: 'A newer certificate renews or replaces it.',
  CERTIFICATE_OTHER_HOLDER: 'It belongs to somebody else than the party whose it has to be.',
  CERTIFICATE_OTHER_TYPE: 'It is a certificate of another type.',

  CANDIDATE_NOT_GRANTED: 'Its holder did not grant its use, and granted that of another one.',
  CANDIDATE_RULE_FAILED: 'It fails a rule of the matter that another one passes.',
  CANDIDATE_OLDER: 'Another one goes before it: a newer one, or what the case has already.',
  CANDIDATE_NOT_ACCEPTED: 'The matter takes nothing but what is handed in for the case.',
  CANDIDATE_REFUTED:
    'A question of the matter about it was answered by no: see the data check `by`.',
  CANDIDATE_HANDED_IN: 'The case has it: it came in for it, and needs no use.',
  CANDIDATE_USED:
    'The department was given it for this case: its receipt stands in the resolution.',
  CANDIDATE_NOT_FOUND: 'There is no such thing here.',
  PARTY_UNKNOWN: 'The case does not say who the party is whose it has to be.',
  PARTY_NONE: 'Nobody plays the part in this case whose it would be.',

  GRANT_MISSING: 'Its holder granted nothing of it.',
  GRANT_VIEW_NOT_KEPT: 'There is a grant, and nobody left here what it is about.',
  GRANT_TERMS_UNKNOWN: 'There is a grant whose terms nobody left here.',
  GRANT_TOO_DEEP_FOR_MATTER: 'The grant went through more hands than the matter allows.',
  GRANTEE_NOT_IN_CASE: 'The grant went through somebody who has no part in the case.',
  CASE_DECIDED: 'The case is decided, and needs nothing any more.',
  GRANT_USES_EXHAUSTED: 'The grant was used up, or what is left of it is needed for others.',
  GRANT_IS_REVOKED: 'The grant was revoked.',
  GRANT_EPOCH_OUTDATED: 'Whoever gave the grant ended all of its grants.',
  GRANT_NOT_REGISTERED: 'The grant does not stand on the chain.',
  GRANTOR_NOT_BOUND: 'Whoever gave the grant is no account of the holder.',
  GRANTOR_ENDED: 'The account that gave the grant was released, with all that it granted.',
  GRANT_EXPIRED: 'The grant has ended.',
  GRANT_NOT_YET_VALID: 'The grant has not begun.',
  USE_SUBJECT_NOT_GRANTED: 'The grant is about something else.',
  USE_FIELDS_NOT_GRANTED: 'The grant does not show all fields that are needed.',
  USE_COPY_NOT_GRANTED: 'The grant allows to read it, and no copy.',
  USE_PURPOSE_OTHER_MATTER: 'The grant is for another matter.',
  USE_PURPOSE_OTHER_DEPARTMENT: 'The grant is for another department.',
  USE_PURPOSE_OTHER_REGION: 'The grant is for another region.',
}

/** Of a grant that is dead for a reason of the chain, which its own state tells. */
const GRANT_DEAD = 'The grant cannot be used now.'

export function sentenceOf(code: string): string {
  return REASONS[code] ?? GRANT_DEAD
}
