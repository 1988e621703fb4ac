import {
  attempt,
  demand,
  fromBase64Url,
  keccak,
  recover,
  sha256,
  to0x,
  utf8,
  word,
} from './bytes.js'
import { checkCommitment, checkInclusion, commitmentOf } from './entry.js'
import { canonical, readJson } from './json.js'
import { readCheckpoint, readNote, readProof } from './log.js'
import { HOUR } from './states.js'

export const secondsOf = (instant) => Math.floor(Date.parse(instant) / 1000)

const noteIn = (text) => attempt(() => readProof(text).checkpoint)

/** The certificate that the statement issued or used; undefined where there is none. */
export function openCertificate(evidence) {
  const { statement, proof, certificate } = evidence
  if (statement.kind === 'certificate.issued') return describe(evidence)
  if (statement.subject.kind !== 'certificate') return undefined
  demand(certificate !== undefined, 'CERTIFICATE_ABSENT')
  demand(checkCommitment(certificate) === 'COMMITMENT_OPENS', 'CERTIFICATE_ALTERED')
  const note = noteIn(certificate.proof)
  const isSame = note !== undefined && note === noteIn(proof)
  demand(isSame, 'CERTIFICATE_OF_OTHER_CHECKPOINT')
  const checkpoint = attempt(() => readCheckpoint(readNote(note).text))
  const included = checkInclusion(certificate, checkpoint)
  demand(included !== 'TLOG_PROOF_EXTRA', 'CERTIFICATE_NOT_INCLUDED')
  demand(included === 'ENTRY_INCLUDED', included)
  return describe(certificate)
}

function describe({ statement, salt, entry, proof }) {
  const { issuer, type } = statement
  const typeWord = Buffer.concat([utf8(type), Buffer.alloc(32 - type.length)])
  const id = keccak(Buffer.concat([word(issuer), typeWord, commitmentOf(statement, salt)]))
  const index = attempt(() => readProof(proof).index)
  return { statement, index, id: to0x(id), typeWord: to0x(typeWord), at: secondsOf(entry.at) }
}

export function checkIssuer({ statement, typeWord, at }, state, registries) {
  const { issuer, chainId } = statement
  if (chainId !== registries.chainId) return 'ISSUER_ON_OTHER_CHAIN'
  if (!state.isNear(at)) return 'ISSUER_PROVEN_AT_OTHER_TIME'
  if (!state.may(issuer, 'issuer', at, typeWord)) return 'ISSUER_NOT_ACCREDITED'
  const account = state.accountOf(issuer)
  const { told, input, signature } = readCredential(statement.credential)
  const own = { ...statement }
  delete own.content
  if (canonical(told) !== canonical(own)) return 'CERTIFICATE_STATEMENT_MISMATCH'
  demand(signature.length === 64, 'SIGNATURE_MALFORMED')
  const signers = [27, 28].map((v) =>
    recover(sha256(input), Buffer.concat([signature, Buffer.of(v)])),
  )
  return signers.includes(account) ? 'ISSUER_ACCREDITED' : 'SIGNATURE_INVALID'
}

/** What the credential has the statement say, and what was signed. */
function readCredential(jwt) {
  const code = 'CREDENTIAL_MALFORMED'
  const [head, body, tail] = jwt.split('.')
  const read = (part) => {
    const found = attempt(() => readJson(fromBase64Url(part, code), { bytes: 524_288, depth: 32 }))
    demand(found !== undefined, code)
    return found
  }
  const header = read(head)
  const payload = read(body)
  const signature = fromBase64Url(tail, code)
  demand(isShaped(header, { alg: isText, typ: isText }), code)
  demand(header.alg === 'ES256K', 'CREDENTIAL_ALGORITHM_WRONG')
  demand(header.typ === 'dc+sd-jwt', 'CREDENTIAL_KIND_WRONG')
  demand(isShaped(payload, PAYLOAD), code)
  const { iss, vct, nbf, exp, identifier, holders, renews, replaces, cnf } = payload
  const [chainId, issuer] = readDid(iss, code)
  demand(exp === undefined || exp > nbf, code)
  demand(cnf === undefined || readDid(cnf.kid, code)[0] === chainId, code)
  const told = {
    v: 1,
    id: `certificate-${sha256(utf8(identifier)).toString('hex').slice(0, 48)}`,
    kind: 'certificate.issued',
    issuer,
    chainId,
    type: vct.slice(VCT.length),
    identifier,
    holders,
    credential: jwt,
    validFrom: nbf,
    ...(exp !== undefined && { validTo: exp }),
    ...(renews !== undefined && { renews }),
    ...(replaces !== undefined && { replaces }),
  }
  return { told, input: utf8(`${head}.${body}`), signature }
}

const VCT = 'urn:onceledger:certificate:'
const isText = (value) => typeof value === 'string'
const isTime = (value) => Number.isSafeInteger(value) && value >= 0
const isWord = (value) => isText(value) && /^0x[0-9a-f]{64}$/.test(value)
const isListOf = (fits, most) => (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= most &&
  value.every(fits) &&
  new Set(value).size === value.length
const isShaped = (value, members) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((name) => Object.hasOwn(members, name)) &&
  Object.entries(members).every(([name, fits]) => fits(value[name]))
const optional = (fits) => (value) => value === undefined || fits(value)
const PAYLOAD = {
  iss: isText,
  vct: (value) => isText(value) && value.startsWith(VCT),
  iat: isTime,
  nbf: isTime,
  exp: optional(isTime),
  identifier: (value) => isText(value) && value.length <= 160,
  holders: isListOf(isWord, 64),
  renews: optional(isWord),
  replaces: optional(isWord),
  cnf: optional((value) => isShaped(value, { kid: isText })),
  _sd: isListOf((value) => isText(value) && /^[A-Za-z0-9_-]{43}$/.test(value), 256),
  _sd_alg: (value) => value === 'sha-256',
}

function readDid(text, code) {
  const form = /^did:pkh:eip155:([1-9][0-9]*):(0x[0-9a-f]{40})$/
  const [, chainId, address] = form.exec(text) ?? []
  demand(Number.isSafeInteger(Number(chainId)), code)
  return [Number(chainId), address]
}

/** @param slack seconds by which the time may lie beyond what is proven */
export function checkStatus({ statement, id, at }, { until, changesOf }, time, slack) {
  const { validFrom, validTo } = statement
  const code = changesOf(id).findLast((change) => change.time <= time)?.status ?? 0
  if (![0, 1, 2, 3, 4, 5, 6, 7, 99].includes(code)) return 'CERTIFICATE_STATUS_UNKNOWN'
  if (time < at) return 'STATUS_BEFORE_ISSUE'
  if (time > until + slack) return 'STATUS_AFTER_PROOF'
  if (code > 1) return 'STATUS_NOT_VALID'
  if (time < validFrom) return 'STATUS_NOT_YET_VALID'
  if (validTo !== undefined && time >= validTo) return 'STATUS_EXPIRED'
  return 'STATUS_VALID'
}

/** Of a certificate: as it stood last, as far as is proven. Of a use: when it was made. */
export const momentOf = (certificate, state, decidedAt, at) => {
  if (at !== undefined) return [at, 0]
  return decidedAt === undefined ? [Math.max(state.until, certificate.at), 0] : [decidedAt, HOUR]
}
