import { z } from 'zod'
import { StatementId } from '../../../node/core/statement.ts'
import { CheckRequest } from '../../../node/checks/checks.ts'
import { evidence, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { STALE } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import { request as useRequest } from '../uses/documentation.ts'
import { examplesOfUses } from '../uses/examples.ts'
import { UseQuery } from '../uses/schema.ts'
import { Check, CheckPage } from './schema.ts'

const tag = 'checks'
const path = z.strictObject({ id: StatementId })

const OWN: Errors = together(STALE, {
  forbidden: ['USE_NOT_YOURS'],
  notFound: ['USE_NOT_FOUND'],
})

/** Made when somebody asks, as those of uses. */
const examples = {
  questions: [
    { kind: 'validOn', day: '2026-01-02' },
    { kind: 'is', field: 'location', value: '杨浦区示例路100号8层' },
  ],
  get request() {
    const { fields: _, manner: __, ...asked } = examplesOfUses().request
    return { ...asked, questions: this.questions }
  },
  get check() {
    const { id, index, at, subject, holders, user, context } = examplesOfUses().use
    const about = { id, index, at, subject, holders, user, context }
    return { ...about, questions: this.questions, answers: [true, true] }
  },
}

export const ask: Documentation = {
  id: 'checkData',
  tag,
  summary: 'Ask questions of a certificate or material, and get yes or no 数据核验',
  description:
    'Signed, decided and counted as a use of the fields that the questions are about, and logged as one; nothing of ' +
    'what is written there is handed out. A signed request is answered once, by a copy or by answers.',
  request: { [JSON_TYPE]: shown(CheckRequest, () => examples.request) },
  answers: {
    201: {
      description: 'The answers; the receipt is at `/evidence`',
      content: { [JSON_TYPE]: shown(Check, () => examples.check) },
      headers: z.object({ Location: z.string().meta({ description: 'Path of the check' }) }),
    },
  },
  errors: together(useRequest.errors ?? {}, {
    invalid: ['CHECK_MALFORMED', 'QUESTION_NOT_OF_FIELD'],
    notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE'],
  }),
}

export const list: Documentation = {
  id: 'listChecks',
  tag,
  summary: 'Checks of what a holder holds, or that a department asked for, newest first',
  parameters: { query: UseQuery },
  answers: {
    200: {
      description: 'A page of them; refusals stand among the uses, which can be followed live',
      content: { [JSON_TYPE]: shown(CheckPage, () => ({ checks: [examples.check] })) },
    },
  },
  errors: together(STALE, { invalid: ['QUERY_MALFORMED'], forbidden: ['USE_NOT_YOURS'] }),
}

export const get: Documentation = {
  id: 'getCheck',
  tag,
  summary: 'A check',
  parameters: { path },
  answers: {
    200: {
      description: 'Questions and answers',
      content: { [JSON_TYPE]: shown(Check, () => examples.check) },
    },
  },
  errors: OWN,
}

export const evidenceOf: Documentation = {
  id: 'getCheckEvidence',
  tag,
  summary: 'Evidence of what was asked and answered',
  parameters: { path, query: waiting },
  answers: { 200: { description: 'Evidence, to be kept and checked offline', content: evidence } },
  errors: together(OWN, { invalid: ['WAIT_UNKNOWN'], unavailable: ['ANCHOR_TIMEOUT'] }),
}
