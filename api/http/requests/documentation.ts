import { z } from 'zod'
import { describeRequest } from '../../../node/core/requests/sentences.ts'
import { StatementId } from '../../../node/core/statement.ts'
import { AskedGrant } from '../../../node/requests/requests.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { register as registerGrant } from '../grants/documentation.ts'
import { examplesOfGrants } from '../grants/examples.ts'
import { APPEND_ERRORS, STALE } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import {
  GrantRequest,
  GrantRequestPage,
  GrantRequestQuery,
  RequestApproval,
  RequestEvidenceQuery,
  RequestRefusal,
} from './schema.ts'

const tag = 'grants'
const path = z.strictObject({ id: StatementId })

const OWN: Errors = together(STALE, {
  forbidden: ['GRANT_REQUEST_NOT_YOURS'],
  notFound: ['GRANT_REQUEST_NOT_FOUND'],
})
const ANSWERING: Errors = {
  conflict: ['GRANT_REQUEST_EXPIRED', 'GRANT_REQUEST_ENDED', 'GRANT_REQUEST_ANSWERED'],
}

/** Made when somebody asks, as those of grants. */
const examples = {
  get asked() {
    const { draft } = examplesOfGrants()
    const { holder, notAfter, uses } = draft.grant
    const { items, purposes } = draft.scopeDocument
    const about = { case: '001900000100001', holder, materials: ['PROPERTY_CERT'] }
    return { ...about, items, purposes, notAfter, uses, depth: 0, reason: '住所变更登记' }
  },
  get found() {
    const { grantee, items, purposes } = examplesOfGrants().draft.grant
    const made = { ...this.asked, grantee, expires: 1_767_800_000 }
    const { holder, notAfter, uses, depth } = made
    return {
      ...made,
      id: 'request-5f0c7e1b9a3d4c2e8f6a7b9c0d1e2f3a',
      index: 43,
      at: '2026-01-02T03:04:05.678Z',
      sentence: describeRequest(made),
      state: 'pending',
      draft: { holder, grantee, items, purposes, notAfter, depth, uses },
    }
  },
}

export const make: Documentation = {
  id: 'requestGrant',
  tag,
  summary: 'Ask a holder for a grant, for a case 申请授权',
  description:
    'By a department that handles the case, or by the applicant or an agent. What `requests` of a resolution proposes ' +
    'may be asked as it is. The holder sees who asks for what, for what and until when, and answers until it expires. ' +
    'What would have the holder sign the same, but for its end, is the request that waits. A case that is decided asks ' +
    'for nothing any more, and what waits for it ends.',
  request: { [JSON_TYPE]: shown(AskedGrant, () => examples.asked) },
  answers: {
    200: { description: 'It was asked, and waits; its evidence', content: evidence },
    201: { description: 'It is asked; its evidence', content: evidence },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, {
    invalid: [
      'GRANT_REQUEST_MALFORMED',
      'GRANT_REQUEST_PURPOSE_OTHER',
      'GRANT_REQUEST_TIMES_WRONG',
    ],
    forbidden: ['CASE_NOT_YOURS'],
    notFound: ['CASE_NOT_FOUND', 'HOLDER_NOT_FOUND'],
    conflict: ['CASE_DECIDED'],
    tooMany: ['GRANT_REQUESTS_PENDING'],
  }),
}

export const list: Documentation = {
  id: 'listGrantRequests',
  tag,
  summary: 'Requests to a holder, or by whoever asks, newest first',
  parameters: { query: GrantRequestQuery },
  answers: {
    200: {
      description: 'A page of them',
      content: { [JSON_TYPE]: shown(GrantRequestPage, () => ({ requests: [examples.found] })) },
    },
  },
  errors: together(STALE, {
    invalid: ['QUERY_MALFORMED'],
    forbidden: ['GRANT_REQUEST_NOT_YOURS'],
  }),
}

export const get: Documentation = {
  id: 'getGrantRequest',
  tag,
  summary: 'A request for a grant, in words, and how it was answered',
  parameters: { path },
  answers: {
    200: {
      description: 'For the holder, and for whoever asked',
      content: { [JSON_TYPE]: shown(GrantRequest, () => examples.found) },
    },
  },
  errors: OWN,
}

export const approve: Documentation = {
  id: 'approveGrantRequest',
  tag,
  summary: 'Grant what was asked for, or less 批准（可缩小范围）',
  description:
    'By the holder, with a grant that its account signed: of the same items and purposes or fewer, no longer, no more ' +
    'often. It is recorded as any grant, and shown to whoever asked; the case then finds it by itself.',
  parameters: { path },
  request: { [JSON_TYPE]: shown(RequestApproval, () => examplesOfGrants().registration) },
  answers: registerGrant.answers,
  errors: together(registerGrant.errors ?? {}, OWN, ANSWERING, {
    invalid: ['GRANT_REQUEST_EXCEEDED'],
  }),
}

export const decline: Documentation = {
  id: 'declineGrantRequest',
  tag,
  summary: 'Decline a request for a grant 拒绝',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: RequestRefusal, example: { reason: '请本人到场办理' } } },
  answers: {
    200: {
      description: 'It was declined before, for this reason; the evidence',
      content: evidence,
    },
    201: { description: 'It is declined; the evidence', content: evidence },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, OWN, ANSWERING, {
    invalid: ['GRANT_REQUEST_MALFORMED'],
  }),
}

export const evidenceOf: Documentation = {
  id: 'getGrantRequestEvidence',
  tag,
  summary: 'Evidence that a grant was asked for, or of the answer',
  parameters: { path, query: RequestEvidenceQuery.extend(waiting.shape) },
  answers: { 200: { description: 'Evidence, to be kept and checked offline', content: evidence } },
  errors: together(OWN, {
    invalid: ['QUERY_MALFORMED', 'WAIT_UNKNOWN'],
    notFound: ['GRANT_REQUEST_NOT_ANSWERED'],
    unavailable: ['ANCHOR_TIMEOUT'],
  }),
}
