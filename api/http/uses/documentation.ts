import { z } from 'zod'
import { StatementId } from '../../../node/core/statement.ts'
import { DERIVED_COPY_MEDIA_TYPE, DerivedCopy } from '../../../node/core/uses/derivedCopy.ts'
import { UseRequest } from '../../../node/core/uses/documents.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { prefer } from '../registered/documentation.ts'
import { APPEND_ERRORS, refusalsOf, RELAY_ERRORS, STALE } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import { examplesOfUses } from './examples.ts'
import { LiveQuery, Use, UsePage, UsePreview, UsePreviewRequest, UseQuery } from './schema.ts'

const tag = 'uses'
const path = z.strictObject({ id: StatementId })
const binary = z.string().meta({ override: { type: 'string', format: 'binary' } })

const RULES = refusalsOf(
  'GrantChainEmpty',
  'GrantChainTooLong',
  'GrantParentMismatch',
  'GrantEmpty',
  'GrantWindowEmpty',
  'GrantGrantorMismatch',
  'GrantHolderMismatch',
  'GrantScopeMismatch',
  'GrantItemsWidened',
  'GrantPurposesWidened',
  'GrantWindowWidened',
  'GrantDepthWidened',
  'GrantUsesWidened',
  'GrantNotYetValid',
  'GrantExpired',
  'GrantEpochOutdated',
  'GrantNotRegistered',
  'GrantIsRevoked',
  'GrantorNotBound',
  'GrantorEnded',
  'GrantUsesExhausted',
  'UseGrantMismatch',
  'UseExpired',
  'UseItemsNotGranted',
  'UsePurposeNotGranted',
  'UseOutOfSequence',
  'NotAccredited',
)

const DECISION: Errors = together(RULES, {
  invalid: [
    'SCOPE_OPENING_MISSING',
    'USE_HOLDER_NOT_CONCERNED',
    'USE_FIELD_UNKNOWN',
    'CERTIFICATE_FIELD_UNKNOWN',
  ],
  forbidden: [
    'USE_HOLDER_MISSING',
    'USE_AUDIENCE_OTHER',
    'USE_SUBJECT_NOT_GRANTED',
    'USE_FIELDS_NOT_GRANTED',
    'USE_COPY_NOT_GRANTED',
    'USE_PURPOSE_OTHER_MATTER',
    'USE_PURPOSE_OTHER_DEPARTMENT',
    'USE_PURPOSE_OTHER_REGION',
    'CASE_NOT_YOURS',
    'CASE_MATTER_OTHER',
    'DATA_CHECK_NEEDED',
    'GRANT_TOO_DEEP_FOR_MATTER',
    'GRANTEE_NOT_IN_CASE',
    'CERTIFICATE_NOT_USABLE',
    'CERTIFICATE_SUPERSEDED',
    'CERTIFICATE_EXPIRED',
    'CERTIFICATE_NOT_YET_VALID',
    'MATERIAL_QUARANTINED',
    'MATERIAL_REJECTED',
    'MATERIAL_WITHDRAWN',
    'MATERIAL_SUPERSEDED',
    'MATERIAL_EXPIRED',
    'MATERIAL_NOT_VALID_YET',
    'MATERIAL_UNDATED',
    'MATERIAL_CERTIFICATE_DECIDES',
    'MATERIAL_NOT_FROM_ISSUER',
  ],
  notFound: ['CERTIFICATE_NOT_FOUND', 'MATERIAL_NOT_FOUND', 'MATERIAL_ERASED'],
  conflict: [
    'CASE_NOT_OPENED',
    'CASE_DECIDED',
    'MATERIAL_WITHOUT_HOLDER',
    'MATERIAL_SINGLE_USE_SPENT',
  ],
  unavailable: ['MATERIAL_BEING_USED'],
  unverified: [
    'SCOPE_ROOTS_MISMATCH',
    'SCOPE_OPENING_MISMATCH',
    'USE_CONTEXT_MISMATCH',
    'USE_GRANTEE_SIGNATURE_MISSING',
    'USE_GRANTEE_SIGNATURE_INVALID',
  ],
})

const OWN: Errors = together(STALE, {
  forbidden: ['USE_NOT_YOURS'],
  notFound: ['USE_NOT_FOUND'],
})

export const request: Documentation = {
  id: 'requestUse',
  tag,
  summary: 'Use a certificate or a material under grants of its holders',
  description: [
    'The department signs who, what, for which case and until when; each holder of a certificate ' +
      'owned together has its own authorization. Every rule is checked at every hop; where uses are ' +
      'limited, the chain counts, once on all ledgers.',
    '',
    'The answer is the receipt. What was asked for is at `/copy`, marked, for this case and this time ' +
      'alone. A refusal of a request that the department signed is logged, and its holders see it. ' +
      'What was signed is answered once, in whatever request; where the chain counted it and the answer was lost, the ' +
      'ledger answers by itself. With the same `Idempotency-Key` the same ' +
      'request gets the same answer.',
  ].join('\n'),
  parameters: {
    header: z.strictObject({
      'Idempotency-Key': z
        .string()
        .optional()
        .meta({
          description: '1 to 255 visible ASCII characters, as a structured string or bare',
          examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
        }),
    }),
  },
  request: { [JSON_TYPE]: shown(UseRequest, () => examplesOfUses().request) },
  answers: {
    200: { description: 'Released before, by the same Idempotency-Key', content: evidence },
    201: {
      description: 'Released: the receipt; proofs of the grants on chain follow',
      content: evidence,
      headers: z.object({ Location: z.string().meta({ description: 'Path of the use' }) }),
    },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, RELAY_ERRORS, DECISION, {
    invalid: ['USE_MALFORMED', 'USE_USER_MISMATCH', 'IDEMPOTENCY_KEY_MALFORMED'],
    forbidden: ['USE_NOT_YOURS', 'DEPARTMENT_NEEDED'],
    conflict: ['USE_ALREADY_MADE', 'IDEMPOTENCY_KEY_REUSED'],
    unverified: ['USE_SIGNATURE_INVALID'],
    tooLarge: ['USE_TOO_LONG'],
    unavailable: ['USE_COUNT_PENDING', 'DERIVED_COPIES_BUSY'],
  }),
}

export const preview: Documentation = {
  id: 'previewUse',
  tag,
  summary: 'What a department would sign for a use, and what speaks against it now',
  description:
    'What is laid open is what is asked for. Sequence, context and audience are filled in. Nothing is ' +
    'logged, and nothing is told of what is asked for unless its grants hold.',
  request: { [JSON_TYPE]: shown(UsePreviewRequest, () => examplesOfUses().draft) },
  answers: {
    200: {
      description: 'What to sign, and the reasons',
      content: { [JSON_TYPE]: shown(UsePreview, () => examplesOfUses().preview) },
    },
  },
  errors: together(BODY_ERRORS, STALE, {
    invalid: ['PREVIEW_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED'],
  }),
}

export const list: Documentation = {
  id: 'listUses',
  tag,
  summary: 'Uses and refusals, of what a holder holds or by a department',
  description: 'For accounts of that holder, or for that department.',
  parameters: { query: UseQuery },
  answers: {
    200: {
      description: 'A page, newest first',
      content: { [JSON_TYPE]: shown(UsePage, () => ({ uses: [examplesOfUses().use] })) },
    },
  },
  errors: together(STALE, { invalid: ['QUERY_MALFORMED'], forbidden: ['USE_NOT_YOURS'] }),
}

export const live: Documentation = {
  id: 'followUses',
  tag,
  summary: 'Uses and refusals of what a holder holds, as they happen',
  description:
    'Server-Sent Events; a data check that is refused is a use that is refused. `id` is the index in the log; ' +
    'whoever comes back with `Last-Event-ID` gets what it missed. An event `gap` says that more was missed than is ' +
    'sent again: read the list. ' +
    'The stream ends with the session.',
  parameters: {
    query: LiveQuery,
    header: z.strictObject({ 'Last-Event-ID': z.string().optional() }),
  },
  answers: {
    200: {
      description: 'Events without end; `data` of a `use` is as in the list',
      content: { 'text/event-stream': shown(z.string(), () => examplesOfUses().event) },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED', 'EVENT_ID_MALFORMED'],
    forbidden: ['USE_NOT_YOURS'],
    tooMany: ['STREAMS_TOO_MANY'],
    unavailable: ['LEDGER_CLOSED'],
  }),
}

export const get: Documentation = {
  id: 'getUse',
  tag,
  summary: 'Who used what, for which case, with which answer',
  description: 'For accounts of its holders, and the department.',
  parameters: { path },
  answers: {
    200: {
      description: 'The use',
      content: { [JSON_TYPE]: shown(Use, () => examplesOfUses().use) },
    },
  },
  errors: OWN,
}

export const copy: Documentation = {
  id: 'getDerivedCopy',
  tag,
  summary: 'The derived copy, with the fields that were granted and asked for',
  parameters: { path },
  answers: {
    200: {
      description: 'Marked with maker, time, cause, case and expiry',
      content: { [DERIVED_COPY_MEDIA_TYPE]: shown(DerivedCopy, () => examplesOfUses().copy) },
    },
  },
  errors: together(OWN, {
    forbidden: ['DERIVED_COPY_EXPIRED'],
    notFound: ['USE_NOTHING_RELEASED'],
  }),
}

export const document: Documentation = {
  id: 'getUsedDocument',
  tag,
  summary: 'A whole material that was used, marked for the department and the case',
  description: [
    'For the department that asked, until the copy expires. The derived copy (`copy.json`) and the evidence ' +
      'of the use (`evidence.json`) are in it; `once verify` takes them out.',
    '',
    'PDF, JPEG and PNG: a PDF with the mark on every page. What cannot be marked without harm (signed, ' +
      'encrypted, damaged, with attachments of its own) lies untouched in a cover that carries the mark. ' +
      'Other formats: a ZIP with the untouched original and the mark as text. The receipt binds what is drawn: ' +
      '`POST /v1/verify` and `once verify` pass the document as it is, and nothing else.',
    '',
    'There is none where the pages would show what is masked: where the material type has sensitive fields that ' +
      'the grants or the matter do not name in clear, a whole material is its fields.',
  ].join('\n'),
  parameters: { path, query: waiting, header: prefer },
  answers: {
    200: {
      description: 'The marked document',
      content: { 'application/pdf': { schema: binary }, 'application/zip': { schema: binary } },
    },
  },
  errors: together(OWN, {
    invalid: ['WAIT_UNKNOWN'],
    forbidden: ['DERIVED_COPY_EXPIRED'],
    notFound: [
      'USE_NOTHING_RELEASED',
      'USE_WITHOUT_CONTENT',
      'MATERIAL_ERASED',
      'MATERIAL_NOT_FOUND',
      'CONTENT_NOT_KEPT',
    ],
    tooLarge: ['DERIVED_COPY_TOO_LARGE'],
    unavailable: [
      'DERIVED_COPIES_BUSY',
      'DERIVED_COPY_NOT_REPEATED',
      'ANCHOR_TIMEOUT',
      'ANCHORING_OFF',
    ],
  }),
}

export const evidenceOf: Documentation = {
  id: 'getUseEvidence',
  tag,
  summary: 'The receipt of a use with all that it takes to check it offline',
  description:
    'The certificate, every grant with what it opens, and proofs of what the chain held at the moment ' +
    'of the use.',
  parameters: { path, query: waiting, header: prefer },
  answers: { 200: { description: 'Evidence', content: evidence } },
  errors: together(OWN, {
    invalid: ['WAIT_UNKNOWN'],
    unavailable: ['ANCHOR_TIMEOUT', 'ANCHORING_OFF'],
  }),
}
