import { z } from 'zod'
import { Holder, StatementId } from '../../../node/core/statement.ts'
import { typeCode } from '../../../node/core/statements/parts.ts'
import { CSV_TYPE } from '../csv.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, together, waiting } from '../documentation.ts'
import { NDJSON_TYPE } from '../materials/schema.ts'
import { APPEND_ERRORS, STALE } from '../registered/errors.ts'
import type { AnswerDocumentation, Documentation, Errors } from '../route.ts'
import * as examples from './examples.ts'
import {
  BatchQuery,
  BenefitConfirmationRequest,
  BenefitLineDone,
  BenefitLineRefused,
  BenefitRecord,
  BenefitRecordPage,
  BenefitRunRequest,
  HolderQuery,
  RecordsQuery,
} from './schema.ts'

const tag = 'benefits'
const path = z.strictObject({ code: typeCode })
const record = z.strictObject({ id: StatementId })
const located = z.object({ Location: z.string().meta({ description: 'Path of the record' }) })
const table = { [CSV_TYPE]: { schema: z.string() } }

const CODES: Errors = {
  invalid: [
    'USCC_MALFORMED',
    'USCC_CHECK_CHARACTER_WRONG',
    'ORGANISATION_CODE_CHECK_CHARACTER_WRONG',
    'CITIZEN_NUMBER_MALFORMED',
    'CITIZEN_NUMBER_BIRTH_DATE_WRONG',
    'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
  ],
}
const CATALOGUE: Errors = { notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE'] }
const OWNER: Errors = together(STALE, CATALOGUE, {
  forbidden: ['DEPARTMENT_NEEDED', 'BENEFIT_NOT_OWNED'],
})
const RUN: Errors = together(BODY_ERRORS, APPEND_ERRORS, OWNER, CODES, {
  invalid: ['BENEFIT_RUN_MALFORMED', 'BENEFIT_TAKES_NO_UPLOAD'],
})
const OWN: Errors = together(STALE, {
  forbidden: ['BENEFIT_RECORD_NOT_YOURS'],
  notFound: ['BENEFIT_RECORD_NOT_FOUND'],
})

export const check: Documentation = {
  id: 'checkBenefit',
  tag,
  summary: 'Look whether somebody qualifies for a benefit 政策体检',
  description:
    'By the department that owns the benefit, by certificates and materials that are there: nobody hands anything in. ' +
    'Each look is logged, and its subject sees it; names of fields are kept, and nothing of what stands in them.',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: BenefitRunRequest, example: examples.run } },
  answers: {
    201: {
      description: 'What was found; its evidence is at `/evidence` of its path',
      content: { [JSON_TYPE]: { schema: BenefitRecord, example: examples.record } },
      headers: located,
    },
  },
  errors: RUN,
}

export const grant: Documentation = {
  id: 'grantBenefit',
  tag,
  summary: 'Give a benefit to who qualifies, once in its period 兑现',
  description:
    'Decided by what is there now. One that takes a confirmation is given after that. Who does not qualify is told by ' +
    '`reasons` which evidence or condition fails, and the look is logged. Payment is elsewhere.',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: BenefitRunRequest, example: examples.run } },
  answers: {
    200: { description: 'The same batch granted it before; its evidence', content: evidence },
    201: { description: 'Granted; its evidence', content: evidence, headers: located },
  },
  errors: together(RUN, {
    forbidden: ['BENEFIT_NOT_QUALIFIED', 'BENEFIT_CONFIRMATION_MISSING'],
    conflict: ['BENEFIT_ALREADY_GRANTED'],
    unavailable: ['MATERIAL_BEING_USED'],
  }),
}

const lines: Readonly<Record<string, AnswerDocumentation>> = {
  200: {
    description: 'A result a line, or the same as a table',
    content: {
      [NDJSON_TYPE]: {
        schema: z.union([BenefitLineDone, BenefitLineRefused]),
        example: examples.line,
      },
      ...table,
    },
  },
}
const BATCH: Errors = together(OWNER, {
  invalid: [
    'QUERY_MALFORMED',
    'BODY_EMPTY',
    'CONTENT_ENCODING_UNSUPPORTED',
    'CONTENT_DIGEST_MALFORMED',
    'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
  ],
  tooLarge: ['BATCH_TOO_LARGE'],
})
const subjects = {
  [NDJSON_TYPE]: { schema: Holder, example: examples.run.subject },
}

export const checkBatch: Documentation = {
  id: 'checkBenefitBatch',
  tag,
  summary: 'Look who of many qualifies',
  description:
    'One subject a line, one result a line in the same order, both streamed: a client has to read while it sends. A bad ' +
    'line spoils no other. What a batch found is listed by its name afterwards.',
  parameters: { path, query: BatchQuery },
  request: subjects,
  answers: lines,
  errors: BATCH,
}

export const grantBatch: Documentation = {
  id: 'grantBenefitBatch',
  tag,
  summary: 'Give a benefit to all of many who qualify',
  description:
    'As the batch of checks. A batch that broke off is sent again under the same name: who was granted by it before is ' +
    'answered with status 200, and gets nothing twice.',
  parameters: { path, query: BatchQuery },
  request: subjects,
  answers: lines,
  errors: BATCH,
}

export const confirm: Documentation = {
  id: 'confirmBenefit',
  tag,
  summary: 'Want a benefit of this period 一键确认',
  description:
    'By an account that is bound to the holder, or by the department that owns the benefit where the person said so to ' +
    'it. The same twice is the same.',
  parameters: { path },
  request: {
    [JSON_TYPE]: { schema: BenefitConfirmationRequest, example: examples.confirmation },
  },
  answers: {
    200: { description: 'It was confirmed before; its evidence', content: evidence },
    201: { description: 'Confirmed; its evidence', content: evidence, headers: located },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, OWNER, CODES, {
    invalid: ['BENEFIT_CONFIRMATION_MALFORMED', 'BENEFIT_TAKES_NO_CONFIRMATION'],
    forbidden: ['BENEFIT_RECORD_NOT_YOURS'],
    notFound: ['BENEFIT_SUBJECT_UNKNOWN'],
    conflict: ['BENEFIT_ALREADY_CONFIRMED'],
  }),
}

const records: Readonly<Record<string, AnswerDocumentation>> = {
  200: {
    description: 'A page, or all of it as a table',
    content: {
      [JSON_TYPE]: { schema: BenefitRecordPage, example: examples.page },
      ...table,
    },
  },
}

export const grants: Documentation = {
  id: 'listBenefitGrants',
  tag,
  summary: 'What was granted of a benefit, newest first',
  parameters: { path, query: RecordsQuery },
  answers: records,
  errors: together(OWNER, { invalid: ['QUERY_MALFORMED'] }),
}

export const batch: Documentation = {
  id: 'listBenefitBatch',
  tag,
  summary: 'Who qualified in a batch, and why others did not, newest first',
  parameters: { path: path.extend({ batch: StatementId }), query: RecordsQuery },
  answers: records,
  errors: together(OWNER, { invalid: ['QUERY_MALFORMED'] }),
}

export const list: Documentation = {
  id: 'listBenefitRecords',
  tag,
  summary: 'Every look, confirmation and grant that concerns a holder, newest first',
  parameters: { query: HolderQuery },
  answers: {
    200: {
      description: 'A page',
      content: { [JSON_TYPE]: { schema: BenefitRecordPage, example: examples.page } },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED'],
    forbidden: ['BENEFIT_RECORD_NOT_YOURS'],
  }),
}

export const get: Documentation = {
  id: 'getBenefitRecord',
  tag,
  summary: 'A look, a confirmation or a grant',
  parameters: { path: record },
  answers: {
    200: {
      description: 'As it is logged',
      content: { [JSON_TYPE]: { schema: BenefitRecord, example: examples.record } },
    },
  },
  errors: OWN,
}

export const evidenceOf: Documentation = {
  id: 'getBenefitEvidence',
  tag,
  summary: 'Evidence of a look, a confirmation or a grant',
  parameters: { path: record, query: waiting },
  answers: { 200: { description: 'Evidence, to be kept and checked offline', content: evidence } },
  errors: together(OWN, { invalid: ['WAIT_UNKNOWN'], unavailable: ['ANCHOR_TIMEOUT'] }),
}
