import {
  ADDRESS,
  CERTIFICATE_TYPE,
  CODE,
  CODE_TYPE,
  distinct,
  either,
  exactly,
  FIELD,
  flag,
  integer,
  isDay,
  length,
  list,
  matches,
  oneOf,
  shape,
  such,
  text,
} from './shapes.js'

const HEAD = {
  code: CODE,
  version: integer(1, 1_000_000),
  from: isDay,
  owner: ADDRESS,
  duty: text(500),
}
const CLAIMS = [
  'iss',
  'vct',
  'iat',
  'nbf',
  'exp',
  'identifier',
  'holders',
  'renews',
  'replaces',
  'cnf',
  '_sd',
  '_sd_alg',
]
const SENSITIVITY = oneOf('L1', 'L2', 'L3', 'L4')
const LEVEL = oneOf('NATIONAL', 'CITY', 'PREFECTURE', 'DISTRICT', 'STREET')
const TARGET = oneOf('ORGANISATION', 'PERSON', 'BOTH')
const PLACE = shape({ material: CODE, field: FIELD })

const FIELD_OF_TYPE = such(
  shape({
    name: FIELD,
    label: text(100),
    type: oneOf('string', 'number', 'boolean', 'date', 'array'),
    required: flag,
    sensitivity: SENSITIVITY,
    'pattern?': length(200),
    'enum?': distinct(text(200), 1, 200),
    'check?': oneOf('uscc', 'citizenNumber', 'certificateIdentifier'),
    'longTerm?': exactly(true),
  }),
  ({ type, pattern, enum: values, check, longTerm }) =>
    (longTerm === undefined || type === 'date') &&
    (pattern === undefined || ['string', 'number'].includes(type)) &&
    ((values === undefined && check === undefined) || type === 'string'),
)
const VALIDITY = either(
  shape({ mode: oneOf('SINGLE_USE', 'UNTIL_SUPERSEDED', 'LONG_TERM', 'CERTIFICATE') }),
  shape({ mode: exactly('DAYS'), days: integer(0, 36_600), 'since?': FIELD }),
  shape({ mode: exactly('UNTIL_DATE'), field: FIELD }),
)
/** GB/T 4754-2017: the last division of each section, A to T. */
const LAST_DIVISIONS = [
  5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97,
]
const INDUSTRIES = distinct(
  such(matches(/^[A-T](?:[0-9]{2,4})?$/), (code) => {
    const section = code.charCodeAt(0) - 65
    const division = Number(code.slice(1, 3))
    const before = LAST_DIVISIONS[section - 1] ?? 0
    return code.length === 1 || (division > before && division <= LAST_DIVISIONS[section])
  }),
  1,
  20,
)
const isFieldOfFace = (name, type) => (field) => field.name === name && field.type === type
const CERTIFICATE_TYPE_ENTRY = such(
  shape({
    kind: exactly('certificateType'),
    ...HEAD,
    code: CERTIFICATE_TYPE,
    name: text(100),
    holderCodeType: CODE_TYPE,
    multiHolder: flag,
    validity: shape({
      mode: oneOf('LONG_TERM', 'LONG_TERM_OR_DATE', 'YEARS', 'DATE_RANGE', 'ANNUAL_REVIEW'),
      'years?': integer(1, 100),
      'options?': list(either(integer(-Infinity), exactly('长期')), 0, 20),
    }),
    fields: distinct(FIELD_OF_TYPE, 0, 200, ({ name }) => name),
    'industries?': INDUSTRIES,
    'recognised?': distinct(
      shape({ region: matches(/^[0-9]{6}$/), type: CERTIFICATE_TYPE }),
      1,
      500,
      ({ region, type }) => region + type,
    ),
  }),
  ({ fields }) =>
    fields.every(({ name }) => !CLAIMS.includes(name)) &&
    [
      ['certificateNumber', 'string'],
      ['issuerCode', 'string'],
      ['validFrom', 'date'],
      ['validTo', 'date'],
    ].every(([name, type]) =>
      fields.some(
        (field) => isFieldOfFace(name, type)(field) && (field.required || name === 'validTo'),
      ),
    ),
)
const MATERIAL_TYPE = such(
  shape({
    kind: exactly('materialType'),
    ...HEAD,
    name: text(100),
    'category?': text(50),
    'catalogueCode?': text(50),
    'source?': oneOf('APPLICANT', 'GOVERNMENT'),
    'issuer?': ADDRESS,
    'certificateType?': CERTIFICATE_TYPE,
    reusable: flag,
    validity: VALIDITY,
    retention: oneOf('10年', '30年', '永久'),
    formats: distinct(matches(/^[a-z0-9]{1,10}$/), 1, 50),
    maxBytes: integer(1),
    sensitivity: SENSITIVITY,
    fields: distinct(FIELD_OF_TYPE, 0, 200, ({ name }) => name),
  }),
  ({ validity, fields, certificateType, reusable }) => {
    const { mode, since, field = since } = validity
    const isDating = ({ name, type, required }) => name === field && type === 'date' && required
    return (
      (field === undefined || fields.some(isDating)) &&
      (mode !== 'CERTIFICATE' || certificateType !== undefined) &&
      (mode !== 'SINGLE_USE' || !reusable)
    )
  },
)

export const ROLE = matches(/^(?=.{1,32}$)[A-Z]+(?:_[A-Z]+)*$/)
const QUESTION = either(
  shape({ kind: exactly('validOn') }),
  shape({ kind: exactly('ageAtLeast'), field: FIELD, years: integer(0, 150) }),
  shape({
    kind: exactly('is'),
    field: FIELD,
    value: either(text(1000), integer(-Infinity), flag),
  }),
)
const isUndertakenOtherwise = ({ exemption, undertaking }) =>
  undertaking !== undefined && exemption !== 'commitment'
const isCheckedOtherwise = ({ exemption, questions }) =>
  (exemption === 'dataCheck') !== (questions !== undefined)
const MATTER = such(
  shape({
    kind: exactly('matter'),
    ...HEAD,
    name: text(200),
    'type?': text(50),
    level: LEVEL,
    serviceTarget: TARGET,
    'industries?': INDUSTRIES,
    crossRegion: flag,
    'workingDays?': integer(0, 1000),
    'basicCode?': matches(/^[0-9]{12}$/),
    'implementationCode?': matches(/^[0-9A-Z]{31}$/),
    'handlingItemCode?': matches(/^[0-9A-Z]{33}$/),
    'benefit?': CODE,
    materials: distinct(
      shape({
        material: CODE,
        necessity: oneOf('required', 'optional', 'later'),
        holder: ROLE,
        exemption: oneOf('certificatePull', 'reuse', 'dataCheck', 'commitment', 'mustSubmit'),
        maxGrantDepth: integer(0, 8),
        'plain?': distinct(FIELD, 0, 200),
        'questions?': list(QUESTION, 1, 20),
        'undertaking?': shape({ 'text?': text(1000), 'days?': integer(1, 3650) }),
      }),
      0,
      100,
      ({ material, holder }) => `${holder} ${material}`,
    ),
    rules: distinct(
      shape({
        id: matches(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
        text: text(200),
        kind: oneOf('equal', 'oneOf', 'sameDay', 'notBefore'),
        left: PLACE,
        right: either(PLACE, shape({ case: FIELD })),
      }),
      0,
      100,
      ({ id }) => id,
    ),
    agency: either(
      shape({ allowed: exactly(false) }),
      shape({
        allowed: exactly(true),
        maxDepth: integer(1, 8),
        kinds: distinct(CODE_TYPE, 1, 8),
        'proof?': CODE,
      }),
    ),
  }),
  ({ materials, rules }) => {
    if (materials.some(isUndertakenOtherwise) || materials.some(isCheckedOtherwise)) return false
    const checked = materials.filter(({ exemption }) => exemption === 'dataCheck')
    const read = rules.flatMap(({ left, right }) => [left.material, right.material])
    if (checked.some(({ material, plain }) => plain || read.includes(material))) return false
    const isAskedOnce = (code) => materials.filter(({ material }) => material === code).length === 1
    return rules
      .flatMap(({ left, right }) => [left.material, right.material ?? left.material])
      .every(isAskedOnce)
  },
)

const THEME = shape({
  kind: exactly('theme'),
  ...HEAD,
  name: text(100),
  matters: distinct(CODE, 1, 100),
})

const CONDITION = either(
  shape({ kind: exactly('ageAtLeast'), text: text(200), years: integer(0, 150) }),
  shape({
    kind: exactly('oneOf'),
    text: text(200),
    left: PLACE,
    values: list(either(text(200), integer(-Infinity), flag), 1, 200),
  }),
  shape({ kind: exactly('atLeast'), text: text(200), left: PLACE, value: integer(-Infinity) }),
)
const BENEFIT = such(
  shape({
    kind: exactly('benefit'),
    ...HEAD,
    name: text(200),
    level: LEVEL,
    serviceTarget: TARGET,
    mode: oneOf('DIRECT', 'CONFIRM'),
    'status?': oneOf('NEW', 'OPTIMISED'),
    period: oneOf('ONCE', 'YEAR', 'QUARTER', 'MONTH'),
    evidence: distinct(CODE, 0, 100),
    conditions: list(CONDITION, 0, 50),
    'plain?': list(PLACE, 0, 100),
  }),
  ({ evidence, conditions, plain = [] }) =>
    [...conditions.flatMap(({ left }) => left ?? []), ...plain].every(({ material }) =>
      evidence.includes(material),
    ),
)

const SYSTEM = shape({
  kind: exactly('system'),
  ...HEAD,
  name: text(100),
  purpose: text(500),
  protection: integer(1, 5),
  materials: distinct(CODE, 0, 500),
  matters: distinct(CODE, 0, 500),
})

export const ENTRY = either(CERTIFICATE_TYPE_ENTRY, MATERIAL_TYPE, MATTER, THEME, BENEFIT, SYSTEM)
