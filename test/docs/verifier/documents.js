import { demand, refuse } from './bytes.js'
import { readJson } from './json.js'

// A shape is a table of members; a name with ? is optional.

const matches = (pattern) => (value) => typeof value === 'string' && pattern.test(value)
const printable = (most) => matches(new RegExp(`^\\P{Cc}{1,${most}}$`, 'u'))
const integer = (least) => (value) => Number.isSafeInteger(value) && value >= least
const exactly = (expected) => (value) => value === expected
const list = (item, least, most) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(item)
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const shape = (members) => (value) =>
  isObject(value) &&
  Object.keys(value).every((name) => name in members || `${name}?` in members) &&
  Object.entries(members).every(([name, fits]) =>
    name.endsWith('?')
      ? !Object.hasOwn(value, name.slice(0, -1)) || fits(value[name.slice(0, -1)])
      : Object.hasOwn(value, name) && fits(value[name]),
  )

const ID = matches(/^[A-Za-z0-9_-]{1,64}$/)
const HEX_32 = matches(/^[0-9a-f]{64}$/)
const HASH = matches(/^0x[0-9a-f]{64}$/)
const ADDRESS = matches(/^0x[0-9a-f]{40}$/)
const BYTES = (most) => (value) =>
  matches(/^0x(?:[0-9a-f]{2})+$/)(value) && value.length <= 2 + 2 * most
const NODES = list(BYTES(16 * 1024), 0, 65)
const DIGEST = matches(/^(?:sha-256|sm3):[0-9a-f]{64}$/)
const isField = (value) =>
  ['string', 'boolean', 'number'].includes(typeof value) ||
  (Array.isArray(value) ? value.every(isField) : isFields(value))
const isFields = (value) => isObject(value) && Object.values(value).every(isField)
const isSorted = (digests) =>
  digests.length < 2 || digests[0].split(':')[0] < digests[1].split(':')[0]
const isInstant = (value) =>
  matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value

const content = shape({
  digests: (value) => list(DIGEST, 1, 2)(value) && isSorted(value),
  size: integer(1),
  mediaType: matches(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/),
  kept: matches(/^(?:here|department)$/),
})

const CODE = matches(/^[A-Za-z0-9._-]{1,64}$/)
const REGION = matches(/^[0-9]{6}$/)
const distinct = (item, least, most) => (value) =>
  list(item, least, most)(value) && new Set(value).size === value.length
const ascending = (item, least, most) => (value) =>
  list(item, least, most)(value) && value.every((each, i) => i === 0 || value[i - 1] < each)
const either =
  (...shapes) =>
  (value) =>
    shapes.some((fits) => fits(value))
const isDay = (value) => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day)
}

const REGISTRIES = shape({
  chainId: integer(1),
  parties: ADDRESS,
  certificates: ADDRESS,
  grants: ADDRESS,
})
const FIELD = matches(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)
const SCOPE_FIELDS = ascending(matches(/^[\p{L}_][\p{L}\p{N}_.-]{0,63}$/u), 1, 100)
const MAY = matches(/^(?:read|copy)$/)
const uint = (bits) => (value) => integer(0)(value) && value < 2 ** bits
const GRANT = shape({
  parent: HASH,
  grantor: ADDRESS,
  grantee: ADDRESS,
  holder: HASH,
  scope: HASH,
  items: HASH,
  purposes: HASH,
  notBefore: uint(48),
  notAfter: uint(48),
  depth: uint(8),
  uses: uint(32),
  epoch: integer(0),
  salt: HASH,
})
const USE = shape({
  grant: HASH,
  user: ADDRESS,
  items: HASH,
  purposes: HASH,
  context: HASH,
  audience: HASH,
  sequence: uint(32),
  notAfter: uint(48),
})
const opening = (name, entry) =>
  shape({ index: uint(8), salt: HEX_32, proof: list(HEX_32, 8, 8), [name]: entry })
const ANY_ITEM = either(
  shape({ material: ID, 'fields?': SCOPE_FIELDS, 'plain?': SCOPE_FIELDS, may: MAY }),
  shape({ certificateType: CODE, fields: SCOPE_FIELDS, 'plain?': SCOPE_FIELDS, may: MAY }),
)
const ITEM = (value) =>
  ANY_ITEM(value) &&
  (value.plain ?? []).every((name) => value.fields === undefined || value.fields.includes(name))
const PURPOSE = shape({ matter: CODE, 'department?': ADDRESS, 'region?': REGION })
const areInOrder = (openings) =>
  openings.every(({ index }, i) => i === 0 || openings[i - 1].index < index)
const AUTHORIZATION = shape({
  chain: list(GRANT, 1, 8),
  use: USE,
  signature: BYTES(4096),
  'granteeSignature?': BYTES(4096),
  openings: shape({
    itemsRoot: HEX_32,
    purposesRoot: HEX_32,
    items: (value) => list(opening('item', ITEM), 1, 256)(value) && areInOrder(value),
    purpose: opening('purpose', PURPOSE),
  }),
})
const ASKED = {
  user: ADDRESS,
  registries: REGISTRIES,
  fields: ascending(FIELD, 0, 256),
  manner: MAY,
  context: shape({
    case: matches(/^[0-9]{15}$/),
    matter: CODE,
    officer: printable(100),
    cause: printable(500),
    'until?': isDay,
    salt: HEX_32,
  }),
  authorizations: list(AUTHORIZATION, 1, 8),
  decision: shape({
    rules: exactly(1),
    at: integer(0),
    block: shape({ number: integer(0), hash: HASH }),
    'region?': REGION,
  }),
}

/** Members of a struct in its order, as section 3 lists them; those of others beside it. */
const uint40 = uint(40)
const uint64 = integer(0)
const [accreditor, department, account] = [ADDRESS, ADDRESS, ADDRESS]
const flag = (value) => typeof value === 'boolean'
const chain = list(GRANT, 1, Infinity)
const ACTS = {
  Accreditation: [
    {
      accreditor,
      department,
      rights: uint(16),
      notBefore: uint40,
      notAfter: uint40,
      nonce: uint64,
    },
    { 'accountSignature?': BYTES(4096) },
  ],
  TypesChange: [
    { accreditor, department, types: list(HASH, 1, 100), permitted: flag, nonce: uint64 },
  ],
  StandingChange: [
    { accreditor, department, standing: (value) => [0, 1, 2].includes(value), nonce: uint64 },
  ],
  Rekeying: [{ accreditor, department, account, nonce: uint64 }, { accountSignature: BYTES(4096) }],
  HolderBinding: [{ registrar: ADDRESS, holder: HASH, account, nonce: uint64 }],
  HolderRelease: [{ registrar: ADDRESS, holder: HASH, account, endGrants: flag, nonce: uint64 }],
  StatusChange: [
    { issuer: ADDRESS, certificateType: HASH, serial: HASH, status: uint(8), sequence: uint64 },
  ],
  Revocation: [{ grant: HASH, revoker: ADDRESS }, { chain }],
  EpochBump: [{ account, epoch: uint64 }],
}
const isAct = either(
  ...Object.entries(ACTS).map(([type, [message, beside = {}]]) =>
    shape({ type: exactly(type), message: shape(message), signature: BYTES(4096), ...beside }),
  ),
  shape({ type: exactly('Grant'), message: GRANT, signature: BYTES(4096), chain }),
  shape({
    type: exactly('Use'),
    message: USE,
    signature: BYTES(4096),
    'granteeSignature?': BYTES(4096),
    chain,
  }),
)

const KINDS = {
  'certificate.issued': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('certificate.issued'),
    issuer: ADDRESS,
    chainId: integer(1),
    type: matches(/^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$/),
    identifier: (value) => typeof value === 'string' && value.length <= 160,
    holders: distinct(HASH, 1, 64),
    credential: matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
    content,
    validFrom: integer(0),
    'validTo?': integer(0),
    'renews?': HASH,
    'replaces?': HASH,
  }),
  'use.released': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('use.released'),
    subject: either(
      shape({ kind: exactly('material'), id: ID, index: integer(0), type: CODE }),
      shape({
        kind: exactly('certificate'),
        id: ID,
        index: integer(0),
        type: CODE,
        certificate: HASH,
      }),
    ),
    holders: list(HASH, 1, 8),
    ...ASKED,
    'plain?': ascending(FIELD, 0, 256),
    counted: list(HASH, 0, 8),
    content,
    expires: integer(0),
  }),
  'use.refused': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('use.refused'),
    subject: shape({ kind: matches(/^(?:certificate|material)$/), id: ID }),
    holders: list(HASH, 0, 8),
    ...ASKED,
    code: matches(/^[A-Z][A-Z0-9_]{0,63}$/),
    'hop?': (value) => integer(0)(value) && value <= 7,
  }),
  'department.described': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('department.described'),
    department: ADDRESS,
    name: printable(100),
    region: REGION,
    'code?': printable(18),
    by: ADDRESS,
  }),
  'holder.registered': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('holder.registered'),
    holder: HASH,
    salt: HASH,
    codeType: matches(/^(?:001|099|111|114|414|511|516|999)$/),
    code: matches(/^[\p{L}\p{N}()（）./-]{1,64}$/u),
    name: printable(100),
    registrar: ADDRESS,
  }),
  'act.signed': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('act.signed'),
    registries: REGISTRIES,
    act: isAct,
    'note?': printable(500),
    'by?': printable(100),
  }),
  'grant.shown': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('grant.shown'),
    grant: HASH,
    content,
  }),
  'material.submitted': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('material.submitted'),
    type: CODE,
    content,
    submitter: printable(100),
    'title?': printable(200),
    'holder?': shape({
      codeType: matches(/^(?:001|099|111|114|414|511|516|999)$/),
      code: matches(/^[\p{L}\p{N}()（）./-]{1,64}$/u),
    }),
    'fields?': isFields,
    'caseCode?': matches(/^[0-9]{15}$/),
    'reason?': printable(500),
    'certificateIdentifier?': printable(160),
    'supersedes?': ID,
    'channel?': CODE,
    'receiptMode?': (value) => integer(0)(value) && value <= 5,
    'catalogue?': shape({ version: integer(1) }),
    'quarantine?': shape({ code: matches(/^[A-Z][A-Z0-9_]{0,63}$/) }),
  }),
  ...Object.fromEntries(
    ['material.withdrawn', 'material.released', 'material.rejected'].map((kind) => [
      kind,
      shape({
        v: exactly(1),
        id: ID,
        kind: exactly(kind),
        material: ID,
        index: integer(0),
        reason: printable(500),
        by: printable(100),
      }),
    ]),
  ),
  'material.erased': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('material.erased'),
    material: ID,
    index: integer(0),
    reason: printable(500),
    legalBasis: printable(500),
    by: printable(100),
    'supersedes?': ID,
  }),
}

const isEntry = shape({
  v: exactly(1),
  at: isInstant,
  commitment: HEX_32,
  kind: matches(/^(?=.{1,64}$)[a-z]+(?:\.[a-z]+)+$/),
})

const ANCHOR = shape({
  chainId: integer(1),
  registry: ADDRESS,
  logId: HASH,
  blockNumber: integer(0),
  blockHash: HASH,
  'header?': BYTES(32 * 1024),
  'accountProof?': NODES,
  'storageProof?': NODES,
  'transaction?': HASH,
  'transactionProof?': shape({ index: integer(0), nodes: NODES }),
})
const isAnchor = (value) => {
  if (!ANCHOR(value)) return false
  const { header, accountProof, storageProof, transaction, transactionProof } = value
  const proofs = [header, accountProof, storageProof].filter((part) => part !== undefined).length
  if (proofs !== 0 && proofs !== 3) return false
  return transactionProof === undefined || (proofs === 3 && transaction !== undefined)
}
const areDistinct = (anchors) =>
  new Set(anchors.map(({ chainId, registry, logId }) => `${chainId} ${registry} ${logId}`)).size ===
  anchors.length

const HEADER = BYTES(32 * 1024)
const STATE = shape({
  of: matches(/^(?:issue|use|status)$/),
  chainId: integer(1),
  blockNumber: integer(0),
  blockHash: HASH,
  header: HEADER,
  contracts: list(
    shape({
      address: ADDRESS,
      accountProof: NODES,
      slots: list(shape({ slot: HASH, proof: NODES }), 1, 256),
    }),
    1,
    3,
  ),
  'headers?': list(HEADER, 0, 512),
})
const PROOF = (value) => typeof value === 'string' && value.length >= 1 && value.length <= 262_144

const isEvidence = shape({
  v: exactly(1),
  statement: isObject,
  salt: HEX_32,
  entry: isObject,
  proof: PROOF,
  'certificate?': shape({
    statement: KINDS['certificate.issued'],
    salt: HEX_32,
    entry: isEntry,
    proof: PROOF,
  }),
  'states?': list(STATE, 0, 3),
  anchors: (value) => list(isAnchor, 0, 16)(value) && areDistinct(value),
})

export function readEvidence(bytes) {
  const evidence = readJson(bytes, { bytes: 4 * 1024 * 1024, depth: 33 })
  const { v, statement, entry } = isObject(evidence) ? evidence : {}
  demand(!(v > 1), 'EVIDENCE_VERSION_UNSUPPORTED')
  if (statement !== undefined) requireStatement(statement)
  if (entry !== undefined) {
    demand(!(entry?.v > 1), 'ENTRY_VERSION_UNSUPPORTED')
    demand(isEntry(entry), 'ENTRY_MALFORMED')
  }
  demand(isEvidence(evidence) && hasNothingBeside(evidence), 'EVIDENCE_MALFORMED')
  return evidence
}

/** Nothing that no check of its statement reads. */
function hasNothingBeside({ statement: { kind, subject }, certificate, states = [] }) {
  const ofCertificate = kind === 'use.released' && subject.kind === 'certificate'
  const needed = {
    'certificate.issued': ['issue', 'status'],
    'use.released': ofCertificate ? ['use', 'issue'] : ['use'],
  }
  const names = states.map(({ of }) => of)
  return (
    (certificate === undefined || ofCertificate) &&
    new Set(names).size === names.length &&
    names.every((of) => (needed[kind] ?? []).includes(of))
  )
}

function requireStatement(statement) {
  const { v, kind, content } = isObject(statement) ? statement : {}
  demand(!(v > 1), 'STATEMENT_VERSION_UNSUPPORTED')
  const isKind = Object.hasOwn(KINDS, kind)
  demand(typeof kind !== 'string' || isKind, 'STATEMENT_KIND_UNKNOWN')
  if (Array.isArray(content?.digests))
    for (const digest of content.digests) if (typeof digest === 'string') requireDigest(digest)
  demand(isKind && KINDS[kind](statement), 'STATEMENT_MALFORMED')
}

function requireDigest(text) {
  if (DIGEST(text)) return
  const [, algorithm] = /^([a-z0-9-]{1,32}):[0-9a-f]*$/.exec(text) ?? refuse('DIGEST_MALFORMED')
  demand(['sha-256', 'sm3'].includes(algorithm), 'DIGEST_ALGORITHM_UNKNOWN')
  refuse('DIGEST_LENGTH_WRONG')
}
