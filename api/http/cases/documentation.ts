import { z } from 'zod'
import { CaseOpening, CaseStaging } from '../../../node/cases/cases.ts'
import { Resolution } from '../../../node/core/resolution/document.ts'
import { CaseResolving, ResolutionRequest } from '../../../node/resolution/resolutions.ts'
import { ReuseRequest } from '../../../node/reuse/reuse.ts'
import { BODY_ERRORS, evidence, JSON_TYPE, shown, together, waiting } from '../documentation.ts'
import { prefer } from '../registered/documentation.ts'
import { APPEND_ERRORS, STALE } from '../registered/errors.ts'
import type { Documentation, Errors } from '../route.ts'
import { examplesOfUses } from '../uses/examples.ts'
import * as examples from './examples.ts'
import { Case, CaseEvidenceQuery, CasePage, CaseQuery, ReusedMaterials } from './schema.ts'

const tag = 'cases'
const path = z.strictObject({ code: z.string().regex(/^\d{15}$/) })

/** Made when somebody asks, as those of uses. */
const reusing = {
  get request() {
    return { uses: [{ material: 'PROPERTY_CERT', request: examplesOfUses().request }] }
  },
  get answer() {
    const { id, index } = examplesOfUses().use
    const crossing = { department: true, level: false, region: false }
    const material = 'PROPERTY_CERT'
    return {
      materials: [{ material, result: 'released', use: id, index, created: true, crossing }],
    }
  },
}

const OWN: Errors = together(STALE, {
  forbidden: ['CASE_NOT_YOURS'],
  notFound: ['CASE_NOT_FOUND'],
})
const CATALOGUE: Errors = { notFound: ['CATALOGUE_UNKNOWN', 'CATALOGUE_NOT_IN_FORCE'] }
const AGENTS: Errors = {
  invalid: ['CASE_AGENT_IS_APPLICANT'],
  forbidden: ['AGENT_NOT_ALLOWED', 'AGENT_KIND_NOT_ALLOWED', 'AGENT_TOO_DEEP'],
}

export const open: Documentation = {
  id: 'openCase',
  tag,
  summary: 'Open a case 办件',
  description:
    'By the department that accepts it, for an applicant and, where the matter allows, an agent. It is bound to ' +
    'the version of the matter that is in force on its day, whatever is published later. Who has a part in it is named by a holder id, or by the code that one has everywhere: then ' +
    'the statement has the id, if there is exactly one. The same twice is the same case.',
  request: { [JSON_TYPE]: { schema: CaseOpening, example: examples.opening } },
  answers: {
    200: { description: 'It was opened before; its evidence', content: evidence },
    201: { description: 'It is opened; its evidence', content: evidence },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, STALE, CATALOGUE, AGENTS, {
    invalid: ['CASE_MALFORMED', 'CASE_DAY_IN_FUTURE', 'CASE_THEME_OTHER', 'CASE_ROLE_NOT_ASKED'],
    forbidden: [
      'DEPARTMENT_NEEDED',
      'CASE_DECIDER_NOT_OWNER',
      'CASE_DEPARTMENT_NOT_ACCREDITED',
      'CASE_REGION_NOT_SERVED',
      'CASE_TARGET_OTHER',
    ],
    notFound: ['CASE_HOLDER_UNKNOWN', 'HOLDER_CODE_UNKNOWN'],
    conflict: ['CASE_CODE_TAKEN', 'CASE_MATTER_VERSION_OTHER', 'HOLDER_CODE_AMBIGUOUS'],
  }),
}

export const stage: Documentation = {
  id: 'stageCase',
  tag,
  summary: 'Bring a case to its next stage',
  description:
    '受理 accepted, 审查 reviewed, 决定 decided, 出证 issued, 物流 delivered, one after the other; what was refused is ' +
    'delivered without being issued. Who accepts a case need not be who decides it.',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: CaseStaging, example: examples.staging } },
  answers: {
    200: { description: 'It came there before; the evidence', content: evidence },
    201: { description: 'It came there; the evidence', content: evidence },
  },
  errors: together(BODY_ERRORS, APPEND_ERRORS, OWN, {
    invalid: ['CASE_STAGE_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED', 'CASE_STAGE_NOT_YOURS'],
    conflict: ['CASE_STAGE_OUT_OF_ORDER', 'CASE_STAGE_TAKEN'],
  }),
}

export const list: Documentation = {
  id: 'listCases',
  tag,
  summary: 'Cases of a holder, or of a department, newest first',
  description:
    'Of a holder: where it applies or acts for who does. Of a department: what it accepts or decides.',
  parameters: { query: CaseQuery },
  answers: {
    200: {
      description: 'A page of them',
      content: { [JSON_TYPE]: { schema: CasePage, example: { cases: [examples.found] } } },
    },
  },
  errors: together(STALE, { invalid: ['QUERY_MALFORMED'], forbidden: ['CASE_NOT_YOURS'] }),
}

export const get: Documentation = {
  id: 'getCase',
  tag,
  summary: 'A case with its stages',
  description: 'For its parties, those who handle it, and the departments above these.',
  parameters: { path },
  answers: {
    200: {
      description: 'The case',
      content: { [JSON_TYPE]: { schema: Case, example: examples.found } },
    },
  },
  errors: OWN,
}

export const evidenceOf: Documentation = {
  id: 'getCaseEvidence',
  tag,
  summary: 'Evidence that a case was opened, or came to a stage',
  parameters: { path, query: CaseEvidenceQuery.extend(waiting.shape), header: prefer },
  answers: { 200: { description: 'Evidence, to be kept and checked offline', content: evidence } },
  errors: together(OWN, {
    invalid: ['QUERY_MALFORMED', 'WAIT_UNKNOWN'],
    notFound: ['CASE_STAGE_NOT_REACHED'],
    unavailable: ['ANCHOR_TIMEOUT'],
  }),
}

const RESOLVED = {
  200: {
    description: 'The way of each material, and what is missing',
    content: { [JSON_TYPE]: { schema: Resolution, example: examples.resolution } },
  },
}

export const resolveCase: Documentation = {
  id: 'resolveCase',
  tag,
  summary: 'What a case needs, and how much of it is there',
  description:
    'For each material the way 电子证照调取, 电子材料复用, 数据核验, 告知承诺, 不可免交; what was found, why the others were not ' +
    'taken, whose grant is missing with the request that waits for it or what to ask the holder to sign, what can be filled ' +
    'in, and how the rules across materials go. Of what may be used the candidates are taken that pass the most rules, the ' +
    'newest among equals; one that a rule speaks against says which. Nothing ' +
    'is handed out: of what is not granted no field is told, and values are masked. To take something, use it; where the way is 告知承诺, see `/v1/undertakings`. The applicant and ' +
    'those who act for it are told what is their own; of what others have, whether it is there and what to ask them for, and of rules that look at it nothing. ' +
    'What is applied for they cannot change: they send nothing but `{}`.',
  parameters: { path },
  request: { [JSON_TYPE]: { schema: CaseResolving, example: {} } },
  answers: RESOLVED,
  errors: together(BODY_ERRORS, OWN, CATALOGUE, {
    invalid: ['CASE_ROLE_NOT_ASKED', 'RESOLUTION_MALFORMED'],
    forbidden: ['DEPARTMENT_NEEDED'],
    notFound: ['CASE_HOLDER_UNKNOWN'],
  }),
}

export const reuse: Documentation = {
  id: 'reuseMaterials',
  tag,
  summary: 'Use all that a case needs and that is there, in one call 免于提交',
  description:
    'A signed use for each material that the resolution found `ready`: its `candidate` says what to ask for and under which ' +
    'grants. Where it names `questions`, a signed data check with these takes the place of the use, and answers come in the place of ' +
    'a copy. Each is decided, counted and logged like one that is sent alone to `/v1/uses`, and has its own receipt and ' +
    'derived copy; what is refused spoils no other, and its `reasons` name code and sentence of why it is not taken. With the same `Idempotency-Key` the same request gets the same answer, ' +
    'whatever has changed since; what it did not answer then is asked anew.',
  parameters: {
    path,
    header: z.strictObject({
      'Idempotency-Key': z
        .string()
        .optional()
        .meta({ examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'] }),
    }),
  },
  request: { [JSON_TYPE]: shown(ReuseRequest, () => reusing.request) },
  answers: {
    200: {
      description: 'Of each material the receipt, or why not',
      content: { [JSON_TYPE]: shown(ReusedMaterials, () => reusing.answer) },
    },
  },
  errors: together(BODY_ERRORS, OWN, CATALOGUE, {
    invalid: ['REUSE_MALFORMED', 'IDEMPOTENCY_KEY_MALFORMED'],
    conflict: ['IDEMPOTENCY_KEY_REUSED'],
    forbidden: ['DEPARTMENT_NEEDED'],
    notFound: ['CASE_HOLDER_UNKNOWN'],
  }),
}

export const dryRun: Documentation = {
  id: 'resolveMaterials',
  tag,
  summary: 'What a matter, or a theme 一件事, would need',
  description:
    'As if there were a case. A theme asks for a material once, whichever of its matters need it. Whoever applies, or ' +
    'acts for it, learns of what it has itself, and of nobody else; a department, what the matter takes and by which way: what ' +
    'somebody has it learns for a case, which is on record. Agents are those with whom a case could be opened, of each matter of a theme.',
  request: { [JSON_TYPE]: { schema: ResolutionRequest, example: examples.request } },
  answers: RESOLVED,
  errors: together(BODY_ERRORS, STALE, CATALOGUE, AGENTS, {
    invalid: ['CASE_ROLE_NOT_ASKED', 'RESOLUTION_MALFORMED'],
    forbidden: ['CASE_NOT_YOURS', 'CASE_TARGET_OTHER'],
    notFound: ['CASE_HOLDER_UNKNOWN'],
  }),
}
