import type { Sentences } from './sentences.ts'

/** The catalogue. */
export const CATALOGUE: Sentences = {
  CATALOGUE_ENTRY_MALFORMED: 'This is no entry of the catalogue; see `issues` and /docs.',
  CATALOGUE_UNKNOWN: 'The catalogue has no `entry` of this kind; check the code.',
  CATALOGUE_NOT_IN_FORCE:
    'The entry is in force from the day in `first` on; ask about that day or a later one.',
  CATALOGUE_VERSION_UNKNOWN:
    'The entry has no such version; ask for one up to the version in `newest`.',
  CATALOGUE_VERSION_TAKEN:
    'This version was published with another document; publish the change as the next version.',
  CATALOGUE_VERSION_GAP: 'Versions follow one another; publish this as version `next`.',
  CATALOGUE_OWNER_NEEDED:
    'Only the department at `owner` publishes this entry; sign in with its account.',
  CATALOGUE_OWNER_UNKNOWN:
    'No department is registered at `owner`, so nobody could publish the next version; accredit it first, or name another.',
  CATALOGUE_FROM_TOO_EARLY:
    'Cases go by what was in force on their day; let the version begin on `earliest` or later.',
  CATALOGUE_REFERENCE_UNKNOWN:
    'On the first day of this entry no `entry` of that `kind` is in force; publish that one first.',
  CATALOGUE_FIELD_UNKNOWN:
    'The material type in `material` has no such `field`; correct it, or publish the type first.',
  CATALOGUE_FIELDS_DROPPED:
    'Certificates that were issued have these `fields`; keep them, and where they are needed no more, let them be not required.',
  CATALOGUE_PATTERN_MALFORMED:
    'This `pattern` is none that RE2 takes; write it without references and look-around.',
  CATALOGUE_FILE_MALFORMED:
    'The file is no list of entries, with the departments that it names; see `issues`.',
  CATALOGUE_DEPARTMENT_UNKNOWN:
    'Nobody knows the departments in `departments`; say their addresses with --departments.',
  CATALOGUE_ALTERED:
    'A statement of the catalogue is not the one that was logged; stop, run `once audit` and restore a backup.',
  CATALOGUE_INCOMPLETE:
    'A published version of `entry` is not found; stop, run `once audit` and restore a backup.',
  INDUSTRY_UNKNOWN:
    'GB/T 4754 has no industry with the code in `industry`; a section is a letter (`H`), a division has two digits more (`H62`).',
  AGENT_NOT_ALLOWED: 'This matter is not handled by agents; let the applicant act.',
  AGENT_KIND_NOT_ALLOWED:
    'This matter takes other agents than this; send one whose code type is in `kinds`.',
  AGENT_TOO_DEEP:
    'More agents stand one after the other than the `maxDepth` of this matter; let an earlier one act.',
  MATERIAL_FIELDS_INVALID:
    'The fields are not as the type has them; `issues` says where and what is expected.',
  MATERIAL_EXPIRED: 'The material was over by the day in `on`; hand in a newer one.',
  MATERIAL_NOT_VALID_YET: 'The material counts from the day in `from` on; wait, or use another.',
  MATERIAL_UNDATED:
    'The material does not say the day in `field` that decides how long it counts; hand it in with that.',
  MATERIAL_SUPERSEDED: 'A newer material took the place of this one; use the one in `by`.',
  MATERIAL_WITHDRAWN: 'The material was withdrawn; hand in another.',
  MATERIAL_SINGLE_USE_SPENT:
    'The material serves once, and went to another case, or to what `by` names. Hand in a new one.',
  MATERIAL_NOT_FROM_ISSUER:
    'This is evidence of a department, and somebody else handed it in; have the department in `issuer` deposit it, or hand it in for the case.',
  MATERIAL_CERTIFICATE_DECIDES:
    'This is the copy of a certificate; pull the certificate itself in its place.',
}
