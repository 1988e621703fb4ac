import { z } from 'zod'
import { MaterialSubmission, StatementId } from '../../../node/core/statement.ts'
import { BODY_CODES, BODY_ERRORS, evidence, together, waiting } from '../documentation.ts'
import examples from '../examples.json' with { type: 'json' }
import type { Documentation, Errors } from '../route.ts'
import { RECORD_CONTENT_BYTES } from './records.ts'
import {
  BatchRefused,
  BatchTaken,
  ErasureRequest,
  Material,
  MATERIALS_TYPE,
  NDJSON_TYPE,
  SubmissionWithContent,
} from './schema.ts'

const submission = {
  type: '11100000MB0143028R001',
  title: 'Food operation licence',
  content: { mediaType: 'application/pdf' },
}
const digestsOnly = {
  ...submission,
  content: {
    digests: ['sha-256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    size: 4,
    mediaType: 'application/pdf',
  },
}

const binary = z.string().meta({ override: { type: 'string', format: 'binary' } })
const path = z.strictObject({ id: StatementId })
const idempotencyKey = z
  .string()
  .optional()
  .meta({
    description:
      'Makes a repetition safe: the same key and the same request give the same answer. ' +
      '1 to 255 visible ASCII characters, as a structured string or bare.',
    examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
  })
const contentDigest = z
  .string()
  .optional()
  .meta({
    description: 'RFC 9530, sha-256, of the body; checked',
    examples: ['sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:'],
  })

const SUBMISSION_ERRORS: Errors = {
  invalid: [
    ...BODY_CODES,
    'SUBMISSION_MALFORMED',
    'DIGEST_MALFORMED',
    'DIGEST_ALGORITHM_UNKNOWN',
    'DIGEST_LENGTH_WRONG',
    'DIGEST_REQUIRED',
    'CONTENT_SIZE_REQUIRED',
    'CONTENT_SIZE_MISMATCH',
    'CONTENT_KEPT_MISMATCH',
    'USCC_MALFORMED',
    'USCC_CHECK_CHARACTER_WRONG',
    'ORGANISATION_CODE_CHECK_CHARACTER_WRONG',
    'CITIZEN_NUMBER_MALFORMED',
    'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
    'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
    'CERTIFICATE_IDENTIFIER_MALFORMED',
    'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
    'CERTIFICATE_IDENTIFIER_MISMATCH',
    'CERTIFICATE_TYPE_NOT_RECOGNISED',
    'MATERIAL_ID_RESERVED',
    'MATERIAL_SUPERSEDES_IN_DOUBT',
    'IDEMPOTENCY_KEY_MALFORMED',
  ],
  notFound: ['MATERIAL_NOT_FOUND', 'MATERIAL_ERASED'],
  conflict: [
    'STATEMENT_ID_TAKEN',
    'IDEMPOTENCY_KEY_REUSED',
    'MATERIAL_SUPERSEDES_OTHER',
    'MATERIAL_SUPERSEDED',
    'MATERIAL_WITHDRAWN',
    'MATERIAL_EXEMPTED',
    'MATERIAL_SINGLE_USE_SPENT',
    'CASE_NOT_OPENED',
    'CASE_DECIDED',
  ],
  forbidden: ['CASE_NOT_YOURS'],
  unverified: ['MATERIAL_FIELDS_INVALID', 'MATERIAL_FORMAT_NOT_TAKEN'],
  tooLarge: ['STATEMENT_TOO_LARGE', 'MATERIAL_TOO_LARGE_FOR_TYPE'],
  tooMany: ['LEDGER_BUSY'],
  corrupt: ['LEDGER_STOPPED'],
  unavailable: ['STORE_FULL'],
}

export const submit: Documentation = {
  id: 'submitMaterial',
  tag: 'materials',
  summary: 'Hand a material in',
  description: [
    'Three forms, the same answer:',
    '- `multipart/form-data` with the part `statement` (JSON) first and then the part `content`;',
    '- for machines, the content as the body with its own Content-Type, and the JSON in the header ' +
      '`Once-Statement` as an RFC 9651 byte sequence (`:<base64>:`); its digest has to be given, ' +
      'in `Content-Digest` or in the JSON;',
    '- `application/json` alone, with digest and size, for a content that stays with the department.',
    '',
    'The answer is evidence already. It is durable; its anchor follows.',
    '',
    'Where its type is in the catalogue, the fields obey the version that is in force, or are refused with the place of ' +
      'each and what is expected there. What `supersedes` names is of the same holder and type, and is not to be used ' +
      'from then on. The same bytes of the same holder are stored once.',
    '',
    'For a case that is opened here a department hands something in while it handles the case, and until that is ' +
      'decided; what could be exempted takes a `reason`.',
    '',
    'What could be exempted is taken for a case with a `reason` alone: see `POST /v1/cases/{code}/resolve`.',
  ].join('\n'),
  parameters: {
    query: waiting,
    header: z.strictObject({
      'Once-Statement': z.string().optional().meta({
        description: 'The submission, `:<base64>:`, when the body is the content',
      }),
      'Content-Digest': contentDigest,
      'Idempotency-Key': idempotencyKey,
      Prefer: z
        .string()
        .optional()
        .meta({ examples: ['wait=30'] }),
    }),
  },
  request: {
    'multipart/form-data': {
      schema: z.strictObject({ statement: SubmissionWithContent, content: binary }),
    },
    'application/json': { schema: MaterialSubmission, example: digestsOnly },
    '*/*': { schema: binary },
  },
  answers: {
    200: { description: 'It was there already: the same evidence', content: evidence },
    201: {
      description: 'Durable, with inclusion proof and signed checkpoint',
      content: evidence,
      headers: z.object({ Location: z.string().meta({ description: 'Path of the material' }) }),
    },
  },
  errors: {
    ...SUBMISSION_ERRORS,
    invalid: [
      ...(SUBMISSION_ERRORS.invalid ?? []),
      'MEDIA_TYPE_UNSUPPORTED',
      'MEDIA_TYPE_MALFORMED',
      'STATEMENT_HEADER_MALFORMED',
      'CONTENT_DIGEST_REQUIRED',
      'CONTENT_EMPTY',
      'MULTIPART_MALFORMED',
      'MULTIPART_PART_MISSING',
      'MULTIPART_PART_UNEXPECTED',
      'WAIT_UNKNOWN',
    ],
    tooLarge: [...(SUBMISSION_ERRORS.tooLarge ?? []), 'CONTENT_TOO_LARGE'],
    unavailable: ['STORE_FULL', 'ANCHOR_TIMEOUT', 'ANCHORING_OFF', 'LEDGER_CLOSED'],
  },
}

export const batch: Documentation = {
  id: 'submitBatch',
  tag: 'materials',
  summary: 'Hand many materials in',
  description:
    'By their digests, one submission a line; or with their contents, as `' +
    MATERIALS_TYPE +
    '`: for each the length of the content in bytes, a space, the submission, a line feed, and the content, of ' +
    `${RECORD_CONTENT_BYTES} bytes at most; a length of 0 says that none comes along. ` +
    'One result a line in the same order, both streamed. A bad line gets its ' +
    'problem and spoils no other. A client has to read the results while it sends: one that does not ' +
    'is not read from either. `Prefer: return=minimal` leaves the evidence out of the results.',
  parameters: {
    header: z.strictObject({
      'Content-Digest': contentDigest,
      'Idempotency-Key': idempotencyKey.meta({ description: 'Counts for each line on its own' }),
      Prefer: z
        .string()
        .optional()
        .meta({ examples: ['return=minimal'] }),
    }),
  },
  request: {
    [NDJSON_TYPE]: { schema: MaterialSubmission, example: digestsOnly },
    [MATERIALS_TYPE]: { schema: binary },
  },
  answers: {
    200: {
      description: 'A result a line',
      content: {
        [NDJSON_TYPE]: {
          schema: z.union([BatchTaken, BatchRefused]),
          example: { line: 1, status: 201, id: 'licence-2026-0002', index: 1 },
        },
      },
    },
  },
  errors: {
    invalid: [
      'BODY_EMPTY',
      'IDEMPOTENCY_KEY_MALFORMED',
      'CONTENT_ENCODING_UNSUPPORTED',
      'CONTENT_DIGEST_MALFORMED',
      'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
      'MEDIA_TYPE_MALFORMED',
    ],
    tooLarge: ['BATCH_TOO_LARGE'],
  },
}

const READ_ERRORS: Errors = {
  forbidden: ['MATERIAL_NOT_YOURS'],
  notFound: ['MATERIAL_NOT_FOUND'],
}

export const get: Documentation = {
  id: 'getMaterial',
  tag: 'materials',
  summary: 'What the ledger knows about a material',
  description:
    'For whoever handed it in, and for its holder: an account that is bound to it. Masked for auditors. With what was ' +
    'decided about it, by whom and why.',
  parameters: { path },
  answers: {
    200: {
      description: 'The material',
      content: { 'application/json': { schema: Material, example: examples.material } },
    },
  },
  errors: READ_ERRORS,
}

export const content: Documentation = {
  id: 'getContent',
  tag: 'materials',
  summary: 'The content of a material',
  description:
    'For whoever handed it in, and for its holder. ' +
    'Ranges, `If-None-Match` and `If-Range` work as in RFC 9110; of several ranges none is used.',
  parameters: {
    path,
    header: z.strictObject({
      Range: z
        .string()
        .optional()
        .meta({ examples: ['bytes=0-1023'] }),
      'If-None-Match': z.string().optional(),
      'If-Range': z.string().optional(),
    }),
  },
  answers: {
    200: {
      description: 'The whole content, in its own media type',
      content: { '*/*': { schema: binary } },
      headers: z.object({ ETag: z.string(), 'Repr-Digest': z.string() }),
    },
    206: { description: 'The range', content: { '*/*': { schema: binary } } },
    304: { description: 'The caller has it already' },
  },
  errors: {
    ...READ_ERRORS,
    invalid: ['RANGE_UNSATISFIABLE'],
    notFound: ['MATERIAL_NOT_FOUND', 'MATERIAL_ERASED', 'CONTENT_NOT_KEPT'],
  },
}

export const evidenceOf: Documentation = {
  id: 'getEvidence',
  tag: 'materials',
  summary: 'Evidence of a material, with its anchors once there are any',
  description: 'For whoever handed it in, and for its holder.',
  parameters: {
    path,
    query: waiting,
    header: z.strictObject({
      Prefer: z
        .string()
        .optional()
        .meta({ examples: ['wait=30'] }),
    }),
  },
  answers: { 200: { description: 'Evidence', content: evidence } },
  errors: {
    ...READ_ERRORS,
    invalid: ['WAIT_UNKNOWN'],
    notFound: ['MATERIAL_NOT_FOUND', 'MATERIAL_ERASED'],
    unavailable: ['ANCHOR_TIMEOUT', 'ANCHORING_OFF'],
  },
}

export const erase: Documentation = {
  id: 'eraseMaterial',
  tag: 'materials',
  summary: 'Erase a material for good',
  description:
    'Destroys the key of its statement and content. That it was erased, by whom and why, is logged; ' +
    'every proof stays valid.',
  parameters: { path },
  request: {
    'application/json': {
      schema: ErasureRequest,
      example: { reason: 'Handed in by mistake', legalBasis: 'PIPL Art. 47' },
    },
  },
  answers: { 200: { description: 'Evidence of the erasure', content: evidence } },
  errors: together(READ_ERRORS, BODY_ERRORS, {
    invalid: ['ERASURE_MALFORMED'],
    conflict: ['MATERIAL_ERASED'],
    tooMany: ['LEDGER_BUSY'],
    corrupt: ['LEDGER_STOPPED'],
    unavailable: ['STORE_FULL'],
  }),
}
