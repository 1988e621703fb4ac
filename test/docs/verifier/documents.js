import { demand, refuse } from './bytes.js'
import { readJson } from './json.js'
import {
  ADDRESS,
  BYTES,
  DIGEST,
  exactly,
  HASH,
  HEX_32,
  integer,
  isObject,
  length,
  list,
  matches,
  oneOf,
  shape,
} from './shapes.js'
import { KINDS } from './statements.js'

const NODES = list(BYTES(16 * 1024), 0, 65)
const isInstant = (value) =>
  matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value

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
  of: oneOf('issue', 'use', 'status', 'sign'),
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
const PROOF = length(262_144)

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

/** That a department got what it asked for: a copy, or answers. */
export const isReceipt = (kind) => kind === 'use.released' || kind === 'use.checked'

/** What other statements need proven. */
const STATES = { 'certificate.issued': ['issue', 'status'], 'undertaking.given': ['sign'] }

/** Nothing that no check of its statement reads. */
function hasNothingBeside({ statement: { kind, subject }, certificate, states = [] }) {
  const isUse = isReceipt(kind)
  const ofCertificate = isUse && subject.kind === 'certificate'
  const ofUse = ofCertificate ? ['use', 'issue'] : ['use']
  const needed = isUse ? ofUse : (STATES[kind] ?? [])
  const names = states.map(({ of }) => of)
  return (
    (certificate === undefined || ofCertificate) &&
    new Set(names).size === names.length &&
    names.every((of) => needed.includes(of))
  )
}

export function requireStatement(statement) {
  const { v, kind, content, document } = isObject(statement) ? statement : {}
  demand(!(v > 1), 'STATEMENT_VERSION_UNSUPPORTED')
  const isKind = Object.hasOwn(KINDS, kind)
  demand(typeof kind !== 'string' || isKind, 'STATEMENT_KIND_UNKNOWN')
  for (const digests of [content?.digests, document?.digests])
    if (Array.isArray(digests))
      for (const digest of digests) if (typeof digest === 'string') requireDigest(digest)
  demand(isKind && KINDS[kind](statement), 'STATEMENT_MALFORMED')
}

function requireDigest(text) {
  if (DIGEST(text)) return
  const [, algorithm] = /^([a-z0-9-]{1,32}):[0-9a-f]*$/.exec(text) ?? refuse('DIGEST_MALFORMED')
  demand(['sha-256', 'sm3'].includes(algorithm), 'DIGEST_ALGORITHM_UNKNOWN')
  refuse('DIGEST_LENGTH_WRONG')
}
