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

const KINDS = {
  'material.submitted': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('material.submitted'),
    type: matches(/^[A-Za-z0-9._-]{1,64}$/),
    content: shape({
      digests: (value) => list(DIGEST, 1, 2)(value) && isSorted(value),
      size: integer(1),
      mediaType: matches(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/),
      kept: matches(/^(?:here|department)$/),
    }),
    submitter: printable(100),
    'title?': printable(200),
    'holder?': shape({
      codeType: matches(/^(?:001|099|111|114|414|511|516|999)$/),
      code: matches(/^[\p{L}\p{N}()（）./-]{1,64}$/u),
    }),
    'fields?': isFields,
    'caseCode?': matches(/^[0-9]{15}$/),
  }),
  'material.erased': shape({
    v: exactly(1),
    id: ID,
    kind: exactly('material.erased'),
    material: ID,
    index: integer(0),
    reason: printable(500),
    legalBasis: printable(500),
    by: printable(100),
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

const isEvidence = shape({
  v: exactly(1),
  statement: isObject,
  salt: HEX_32,
  entry: isObject,
  proof: (value) => typeof value === 'string' && value.length >= 1 && value.length <= 262_144,
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
  demand(isEvidence(evidence), 'EVIDENCE_MALFORMED')
  return evidence
}

function requireStatement(statement) {
  const { v, kind, content } = isObject(statement) ? statement : {}
  demand(!(v > 1), 'STATEMENT_VERSION_UNSUPPORTED')
  const isKind = Object.hasOwn(KINDS, kind)
  demand(typeof kind !== 'string' || isKind, 'STATEMENT_KIND_UNKNOWN')
  if (kind === 'material.submitted' && Array.isArray(content?.digests))
    for (const digest of content.digests) if (typeof digest === 'string') requireDigest(digest)
  demand(isKind && KINDS[kind](statement), 'STATEMENT_MALFORMED')
}

function requireDigest(text) {
  if (DIGEST(text)) return
  const [, algorithm] = /^([a-z0-9-]{1,32}):[0-9a-f]*$/.exec(text) ?? refuse('DIGEST_MALFORMED')
  demand(['sha-256', 'sm3'].includes(algorithm), 'DIGEST_ALGORITHM_UNKNOWN')
  refuse('DIGEST_LENGTH_WRONG')
}
