import { z } from 'zod'
import { StatementId } from '../../../node/core/statement.ts'
import { SignedUndertaking, UndertakingCheck } from '../../../node/undertakings/undertakings.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { APPEND_ERRORS, CHAIN_ERRORS, STALE } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import { examplesOfUndertakings } from './examples.ts'
import {
  GivenUndertaking,
  UndertakingDraft,
  UndertakingEvidenceQuery,
  UndertakingPage,
  UndertakingPreview,
  UndertakingQuery,
} from './schema.ts'

const tag = 'undertakings'
const path = z.strictObject({ id: StatementId })

const OWN: Errors = together(STALE, {
  forbidden: ['UNDERTAKING_NOT_YOURS'],
  notFound: ['UNDERTAKING_NOT_FOUND', 'CASE_NOT_FOUND'],
})
const GIVING: Errors = together(BODY_ERRORS, STALE, {
  invalid: ['UNDERTAKING_MALFORMED', 'UNDERTAKING_NOT_REQUIRED', 'UNDERTAKING_NOT_ACCEPTED'],
  forbidden: ['UNDERTAKING_NOT_YOURS', 'UNDERTAKING_BROKEN'],
  notFound: ['CASE_NOT_FOUND', 'CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE'],
  conflict: ['CASE_DECIDED', 'UNDERTAKING_OVERDUE'],
})

export const preview: Documentation = {
  id: 'previewUndertaking',
  tag,
  summary: 'What to sign in the place of a material 告知承诺',
  description:
    'Where the matter takes a commitment. Word for word what is undertaken, as the matter has it or by a common sentence, ' +
    'with the day by which the material has to come, if it has to. For the account of the holder whose material it is, or ' +
    'of who acts for the applicant.',
  request: { [JSON_TYPE]: shown(UndertakingDraft, () => examplesOfUndertakings().draft) },
  answers: {
    200: {
      description: 'To be signed as it is',
      content: { [JSON_TYPE]: shown(UndertakingPreview, () => examplesOfUndertakings().preview) },
    },
  },
  errors: GIVING,
}

export const give: Documentation = {
  id: 'giveUndertaking',
  tag,
  summary: 'Give an undertaking 承诺书',
  description:
    'The signature says who gives it, whoever hands it in. It has to be to the letter what the case asks for. Once for a ' +
    'case and a material; the same again is the same.',
  request: { [JSON_TYPE]: shown(SignedUndertaking, () => examplesOfUndertakings().signed) },
  answers: {
    200: { description: 'It was given before; its evidence', content: evidence },
    201: { description: 'It is given; its evidence', content: evidence },
  },
  errors: together(GIVING, APPEND_ERRORS, CHAIN_ERRORS, {
    invalid: ['UNDERTAKING_MISMATCH'],
    unverified: ['SIGNATURE_MALFORMED', 'SIGNATURE_INVALID'],
    conflict: ['UNDERTAKING_GIVEN'],
  }),
}

export const list: Documentation = {
  id: 'listUndertakings',
  tag,
  summary: 'Undertakings of a case, of a holder or to a department, newest first',
  description:
    'Of a case: for whoever may read it. Of a holder: what was given for it, or by it. To a department: in the cases that ' +
    'it handles, which it is to check.',
  parameters: { query: UndertakingQuery },
  answers: {
    200: {
      description: 'A page of them',
      content: {
        [JSON_TYPE]: shown(UndertakingPage, () => ({
          undertakings: [examplesOfUndertakings().given],
        })),
      },
    },
  },
  errors: together(OWN, { invalid: ['QUERY_MALFORMED'] }),
}

export const get: Documentation = {
  id: 'getUndertaking',
  tag,
  summary: 'An undertaking, in words, and what came of it',
  parameters: { path },
  answers: {
    200: {
      description: 'For its holder, who gave it, and whoever may read the case',
      content: { [JSON_TYPE]: shown(GivenUndertaking, () => examplesOfUndertakings().given) },
    },
  },
  errors: OWN,
}

export const check: Documentation = {
  id: 'checkUndertaking',
  tag,
  summary: 'Say whether an undertaking was kept 事后核查',
  description:
    'By a department that handles the case, before its decision or after. The newest check counts. While one is broken, its ' +
    'holder is taken at its word in no case; one that is found kept after all opens the way again 信用修复.',
  parameters: { path },
  request: { [JSON_TYPE]: shown(UndertakingCheck, () => examplesOfUndertakings().check) },
  answers: {
    200: { description: 'It was found so before; the evidence', content: evidence },
    201: { description: 'It is said; the evidence', content: evidence },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, {
    invalid: ['UNDERTAKING_CHECK_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED', 'CASE_NOT_YOURS'],
    notFound: ['UNDERTAKING_NOT_FOUND'],
  }),
}

export const evidenceOf: Documentation = {
  id: 'getUndertakingEvidence',
  tag,
  summary: 'Evidence that an undertaking was given, or of its newest check',
  parameters: { path, query: UndertakingEvidenceQuery.extend(waiting.shape) },
  answers: { 200: { description: 'Evidence, to be kept and checked offline', content: evidence } },
  errors: together(OWN, {
    invalid: ['QUERY_MALFORMED', 'WAIT_UNKNOWN'],
    notFound: ['UNDERTAKING_NOT_CHECKED'],
    unavailable: ['ANCHOR_TIMEOUT'],
  }),
}
