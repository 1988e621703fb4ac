import type { Sentences } from './sentences.ts'

/** Undertakings in the place of materials. */
export const UNDERTAKINGS: Sentences = {
  UNDERTAKING_MALFORMED: 'This is no undertaking to be given; see `issues` and /docs.',
  UNDERTAKING_CHECK_MALFORMED: 'This is no check of an undertaking; see `issues` and /docs.',
  UNDERTAKING_NOT_FOUND: 'The ledger has no undertaking with this id; check the id.',
  UNDERTAKING_NOT_CHECKED: 'Nobody has checked the undertaking yet; its own evidence is there.',
  UNDERTAKING_NOT_YOURS:
    'This is for the holder, for agents of the applicant, and for who handles the case; sign in as one of them.',
  UNDERTAKING_NOT_REQUIRED:
    'The matter of the case asks for no such `material` of that `role`; see the resolution of the case.',
  UNDERTAKING_NOT_ACCEPTED:
    'The matter takes this material by another `way`, and no undertaking in its place; see the resolution of the case.',
  UNDERTAKING_MISMATCH:
    'What was signed is not what the case asks for in `members`; sign what the preview says.',
  UNDERTAKING_GIVEN:
    'Somebody gave this undertaking before, see `undertaking`; nothing more has to be signed.',
  UNDERTAKING_OVERDUE:
    'The day by which the material was due is past, see `due`; hand the material in.',
  UNDERTAKING_BROKEN:
    'The holder broke `undertaking`: hand the material in, or have that one checked again.',
}
