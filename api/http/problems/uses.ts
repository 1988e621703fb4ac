import type { Sentences } from './sentences.ts'

/** Uses, and what is released. */
export const USES: Sentences = {
  USE_MALFORMED: 'This is no request to use something; see `issues` and docs/formats.md.',
  USE_TOO_LONG: 'The request is longer than `maxBytes`; ask for fewer items at once.',
  USE_USER_MISMATCH: 'One request is of one department; send a request for each.',
  USE_NOT_YOURS:
    'A use is for the department that asks and for the holders; sign in as one of those.',
  USE_NOT_FOUND: 'There is no use with this id; check it.',
  USE_ALREADY_MADE:
    'What was signed was answered before, see `use`; sign a new request to ask again.',
  USE_SIGNATURE_INVALID:
    'The account of the department did not sign this request; sign it with the account that it acts by now.',
  USE_GRANTEE_SIGNATURE_MISSING:
    'The grants end with another party than the department; it has to sign the same request.',
  USE_GRANTEE_SIGNATURE_INVALID:
    'The last grantee did not sign this request; have it sign the same as the department.',
  USE_CONTEXT_MISMATCH:
    'The department signed another subject, fields, manner, questions, case, officer or cause; send what was signed.',
  USE_AUDIENCE_OTHER:
    'The request was signed for another ledger; send it there, or sign a new one.',
  USE_PURPOSE_OTHER_MATTER: 'The grant is for another matter; ask the holder for one for this.',
  USE_PURPOSE_OTHER_DEPARTMENT:
    'The grant is for another department; ask the holder for one for yours.',
  USE_PURPOSE_OTHER_REGION:
    'The grant is for another region than that of your department; ask the holder for one for yours.',
  USE_HOLDER_MISSING: 'It has more holders than agreed; ask the one in `holder` for a grant, too.',
  USE_HOLDER_NOT_CONCERNED: 'The grants of `holder` are about nothing here; leave them out.',
  USE_SUBJECT_NOT_GRANTED:
    'None of the items that were granted is what is asked for; ask for a grant of it.',
  USE_FIELDS_NOT_GRANTED:
    'The `fields` were not granted; leave them out, or ask for a grant of them.',
  USE_COPY_NOT_GRANTED: 'It may be read, not copied; ask to read it, or for a grant to copy it.',
  USE_FIELD_UNKNOWN: 'The original has no such `fields`; ask for those that it has.',
  USE_COUNT_PENDING:
    'The use is on its way to the chain and not counted yet; send the same request again, it counts once.',
  MATERIAL_BEING_USED:
    'The material serves once, and the chain is counting a use of it for another case; ask again after Retry-After.',
  PENDING_USE_MALFORMED:
    'The record of a use that is being counted is damaged; stop, run `once audit` and restore a backup.',
  USE_NOTHING_RELEASED: 'The request was refused, so there is no copy; see why in the use.',
  USE_WITHOUT_CONTENT:
    'Fields were released, not pages: these take a grant and a matter that show all sensitive fields.',
  DERIVED_COPY_EXPIRED: 'The time of this copy is over; ask again, for a case that is under way.',
  MATERIAL_WITHOUT_HOLDER:
    'Nobody is registered as holder of this material, who could grant it; have the holder registered.',
  EVENT_ID_MALFORMED:
    'Last-Event-ID is the id of an event of this stream; correct it, or leave it out.',
  STREAMS_TOO_MANY: 'One account follows `limit` streams at most; close one.',
}
