import type { Sentences } from './sentences.ts'

/** Benefits without application. */
export const BENEFITS: Sentences = {
  BENEFIT_NOT_OWNED: 'This benefit is the business of `owner`; ask that department.',
  BENEFIT_SUBJECT_UNKNOWN: 'Nobody registered this holder id; register the subject first.',
  BENEFIT_TAKES_NO_UPLOAD: 'This benefit takes no papers from anybody; leave `uploads` empty.',
  BENEFIT_TAKES_NO_CONFIRMATION:
    'This benefit is granted without being asked for; there is nothing to confirm.',
  BENEFIT_CONFIRMATION_MISSING:
    'The subject has not confirmed this benefit for `period` yet; ask the subject to.',
  BENEFIT_ALREADY_CONFIRMED:
    'The subject confirmed this benefit for the period before, with other words; read what was said.',
  BENEFIT_NOT_QUALIFIED:
    'What is there does not show that the subject qualifies; see `reasons` for what is missing.',
  BENEFIT_ALREADY_GRANTED: 'The subject has this benefit for the period already; see `granted`.',
  BENEFIT_RECORD_NOT_FOUND: 'This ledger has no such record of a benefit; check the id.',
  BENEFIT_RECORD_NOT_YOURS:
    'What is said of a benefit is for its subject and for the department that owns it; sign in as one of those.',
  BENEFIT_RUN_MALFORMED: 'Say the subject and the officer who looks; see `issues` and /docs.',
  BENEFIT_CONFIRMATION_MALFORMED:
    'A confirmation names a holder, or the subject with officer and reference; see `issues` and /docs.',
  BENEFIT_SUBJECTS_MALFORMED:
    'Line `line` names nobody: a table has the columns codeType and code, a line of JSON the same; correct it.',
  BENEFIT_SUBJECT_MALFORMED:
    'A line of a batch is {"codeType":"111","code":"…"}; correct this one, see `issues`.',
}
