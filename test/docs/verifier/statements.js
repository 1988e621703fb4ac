import { ENTRY, ROLE } from './catalogue.js'
import { ASKED, ITEMS, PURPOSES, QUESTIONS, SUBJECT } from './granting.js'
import {
  ADDRESS,
  ascending,
  BYTES,
  CASE,
  CERTIFICATE_TYPE,
  CODE,
  CODE_TYPE,
  CONTENT,
  DOCUMENT,
  distinct,
  either,
  exactly,
  FIELD,
  flag,
  HASH,
  HOLDER,
  ID,
  integer,
  isDay,
  isFields,
  length,
  list,
  matches,
  oneOf,
  REASON,
  record,
  REGION,
  REGISTRIES,
  shape,
  such,
  text,
  uint,
} from './shapes.js'
import { isAct } from './signed.js'

const RECEIPT = { subject: SUBJECT, holders: list(HASH, 1, 8), ...ASKED, counted: list(HASH, 0, 8) }
const ENDED = { material: ID, index: integer(0), reason: text(500), by: text(100) }

const SPARED = shape({ material: CODE, 'holder?': ROLE })
const HOLDERS = distinct(HASH, 1, 8)
const isPart = (name) => ROLE(name) && !['APPLICANT', 'AGENT'].includes(name)

const CHANNEL = oneOf('counter', 'web', 'mobile', 'kiosk', 'virtual', 'exchange')
const VERSION = shape({ code: CODE, version: integer(1) })
const PERIOD = matches(/^(?:once|\d{4}(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?)$/)
const BENEFIT = { benefit: VERSION, subject: HOLDER, period: PERIOD }
const LOOK = {
  ...BENEFIT,
  day: isDay,
  by: ADDRESS,
  officer: text(100),
  batch: ID,
  finding: shape({
    qualifies: flag,
    'because?': REASON,
    evidence: list(
      shape({
        material: CODE,
        standing: oneOf('valid', 'unusable', 'missing'),
        'source?': shape({ kind: oneOf('certificate', 'material'), id: ID }),
        'fields?': list(FIELD, 0, 200),
        'because?': REASON,
      }),
      0,
      100,
    ),
    conditions: list(oneOf('pass', 'fail', 'unknown'), 0, 50),
  }),
}
const ANSWER = { request: ID, by: ADDRESS }

/** Members of each kind beside `v`, `id` and `kind`, and what they have to do with one another. */
const MEMBERS = {
  'material.submitted': {
    type: CODE,
    content: CONTENT,
    submitter: text(100),
    'title?': text(200),
    'holder?': HOLDER,
    'fields?': isFields,
    'caseCode?': CASE,
    'reason?': text(500),
    'certificateIdentifier?': text(160),
    'supersedes?': ID,
    'channel?': CHANNEL,
    'receiptMode?': integer(0, 5),
    'catalogue?': shape({ version: integer(1) }),
    'recognised?': shape({
      certificateType: CERTIFICATE_TYPE,
      version: integer(1),
      region: REGION,
    }),
    'quarantine?': shape({ code: REASON }),
  },
  'material.withdrawn': ENDED,
  'material.released': ENDED,
  'material.rejected': ENDED,
  'material.erased': { ...ENDED, legalBasis: text(500), 'supersedes?': ID },
  'department.described': {
    department: ADDRESS,
    name: text(100),
    region: REGION,
    'code?': text(18),
    by: ADDRESS,
  },
  'holder.registered': {
    holder: HASH,
    salt: HASH,
    codeType: CODE_TYPE,
    code: (value) => HOLDER({ codeType: '999', code: value }),
    name: text(100),
    registrar: ADDRESS,
  },
  'act.signed': { registries: REGISTRIES, act: isAct, 'note?': text(500), 'by?': text(100) },
  'grant.shown': { grant: HASH, content: CONTENT },
  'certificate.issued': {
    issuer: ADDRESS,
    chainId: integer(1),
    type: CERTIFICATE_TYPE,
    identifier: (value) => value === '' || length(160)(value),
    holders: distinct(HASH, 1, 64),
    credential: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
    content: CONTENT,
    validFrom: integer(0),
    'validTo?': integer(0),
    'renews?': HASH,
    'replaces?': HASH,
  },
  'use.released': {
    ...RECEIPT,
    'plain?': ascending(FIELD, 0, 256),
    'shown?': integer(1),
    'spares?': SPARED,
    content: CONTENT,
    'document?': DOCUMENT,
    expires: integer(0),
  },
  'use.checked': {
    ...RECEIPT,
    manner: exactly('read'),
    'spares?': SPARED,
    questions: QUESTIONS,
    answers: list(flag, 1, 20),
  },
  'use.refused': {
    subject: shape({ kind: oneOf('certificate', 'material'), id: ID }),
    holders: list(HASH, 0, 72),
    ...ASKED,
    code: REASON,
    'questions?': QUESTIONS,
    'hop?': integer(0, 7),
  },
  'catalogue.published': { entry: ENTRY, by: text(100) },
  'case.opened': {
    case: CASE,
    matter: VERSION,
    day: isDay,
    applicant: HASH,
    'agents?': HOLDERS,
    'parties?': record(isPart, HOLDERS, 16),
    channel: CHANNEL,
    'theme?': CODE,
    'bundle?': CASE,
    'fields?': isFields,
    acceptedBy: ADDRESS,
    decidedBy: ADDRESS,
  },
  'case.staged': {
    case: CASE,
    stage: oneOf('accepted', 'reviewed', 'decided', 'issued', 'delivered'),
    by: ADDRESS,
    'outcome?': oneOf('granted', 'refused'),
    'note?': text(500),
  },
  'request.made': {
    case: CASE,
    holder: HASH,
    grantee: ADDRESS,
    'materials?': list(CODE, 1, 256),
    items: ITEMS,
    purposes: PURPOSES,
    notAfter: uint(48),
    uses: uint(32),
    depth: uint(8),
    'reason?': text(500),
    expires: integer(0),
  },
  'request.approved': { ...ANSWER, grant: HASH },
  'request.declined': { ...ANSWER, reason: text(500) },
  'undertaking.given': {
    registries: REGISTRIES,
    undertaking: shape({
      holder: HASH,
      by: HASH,
      account: ADDRESS,
      caseCode: CASE,
      matter: CODE,
      version: integer(1, 1_000_000),
      material: CODE,
      role: ROLE,
      text: text(1000),
      due: either(isDay, exactly('')),
      audience: HASH,
    }),
    signature: BYTES(4096),
    acceptedBy: ADDRESS,
  },
  'undertaking.checked': {
    undertaking: ID,
    result: oneOf('kept', 'broken'),
    reason: text(500),
    officer: text(100),
    by: ADDRESS,
  },
  'benefit.checked': LOOK,
  'benefit.confirmed': {
    ...BENEFIT,
    confirmation: either(
      shape({ way: exactly('account'), holder: HASH, account: ADDRESS }),
      shape({ way: exactly('department'), by: ADDRESS, officer: text(100), reference: text(100) }),
    ),
  },
  'benefit.granted': { ...LOOK, 'confirmed?': ID },
}
const HOLDS = {
  'use.checked': ({ questions, answers }) => questions.length === answers.length,
  'case.staged': ({ stage, outcome }) => (stage === 'decided') === (outcome !== undefined),
  'benefit.granted': ({ finding }) => finding.qualifies,
}

/** Shapes of statements by their kind. */
export const KINDS = Object.fromEntries(
  Object.entries(MEMBERS).map(([kind, members]) => [
    kind,
    such(
      shape({ v: exactly(1), id: ID, kind: exactly(kind), ...members }),
      HOLDS[kind] ?? (() => true),
    ),
  ]),
)
