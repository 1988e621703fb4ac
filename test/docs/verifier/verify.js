// A verifier of evidence, written from docs/formats.md alone: it shares no line with the ledger.
// Of libraries it takes Node's own crypto, and from ethers Keccak-256 and the recovery of public keys.
// node test/docs/verifier/verify.js <evidence> <trust> [content]
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { attempt, Refusal } from './bytes.js'
import { checkIssuer, checkStatus, momentOf, openCertificate } from './certificate.js'
import { checkChain } from './chain.js'
import { isReceipt, readEvidence } from './documents.js'
import { checkCommitment, checkInclusion } from './entry.js'
import { checkGrants } from './grants.js'
import {
  hasSigned,
  isCosignature,
  isLogSignature,
  readCheckpoint,
  readKey,
  readNote,
  readProof,
} from './log.js'
import { statesOf } from './states.js'
import { checkUndertaking } from './undertaking.js'
import { checkUse } from './use.js'

/**
 * @param {Uint8Array} evidenceBytes
 * @param {object} trust trust.json, parsed
 * @param {Uint8Array} [content]
 * @param {{at?: number, now?: number}} [times] seconds since 1970: asked about, and present
 */
export function verify(evidenceBytes, trust, content, { at, now } = {}) {
  let evidence
  const unreadable = codeOf(() => void (evidence = readEvidence(Buffer.from(evidenceBytes))))
  if (unreadable !== undefined) return verdictOf({ evidence: unreadable })
  const note = attempt(() => readProof(evidence.proof).checkpoint)
  const checkpoint = attempt(() => readCheckpoint(readNote(note ?? '').text))
  return verdictOf({
    content: checkContent(evidence.statement, content, at ?? now),
    commitment: checkCommitment(evidence),
    inclusion: codeOf(() => checkInclusion(evidence, checkpoint)),
    checkpoint: codeOf(() => checkCheckpoint(note, trust.log)),
    witnesses: codeOf(() => checkWitnesses(note, trust.witnesses)),
    anchor: checkAnchor(evidence.anchors, checkpoint, trust.chains),
    ...checkStatement(evidence, trust, at),
  })
}

/** The last four checks; `grant` is a code for each hop. */
function checkStatement(evidence, trust, at) {
  const { kind, decision } = evidence.statement
  const issuer = 'ISSUER_NOT_APPLICABLE'
  const status = 'STATUS_NOT_APPLICABLE'
  const grant = 'GRANT_NOT_APPLICABLE'
  const use = 'USE_NOT_APPLICABLE'
  if (kind === 'use.refused') return { issuer, status, grant, use: 'USE_REFUSED' }
  if (kind === 'undertaking.given') {
    const signer = () => checkUndertaking(evidence, statesOf(evidence, trust)('sign'), trust)
    return { issuer: codeOf(signer), status, grant, use }
  }
  const isUse = isReceipt(kind)
  if (kind !== 'certificate.issued' && !isUse) return { issuer, status, grant, use }
  let certificate
  const unopened = codeOf(() => void (certificate = openCertificate(evidence)))
  if (unopened !== undefined) {
    const skipped = 'NOT_REACHED'
    return {
      issuer: unopened,
      status: skipped,
      grant: isUse ? skipped : grant,
      use: isUse ? skipped : use,
    }
  }
  const open = statesOf(evidence, trust)
  const ofCertificate = certificate && {
    issuer: codeOf(() => checkIssuer(certificate, open('issue'), trust.registries)),
    status: codeOf(() => {
      const state = open(isUse ? 'use' : 'status')
      return checkStatus(certificate, state, ...momentOf(certificate, state, decision?.at, at))
    }),
  }
  if (!isUse) return { ...ofCertificate, grant, use }
  let state
  const closed = codeOf(() => void (state = open('use')))
  return {
    issuer,
    status,
    ...ofCertificate,
    ...(closed === undefined
      ? {
          grant: checkGrants(evidence.statement, state, trust.registries),
          use: codeOf(() => checkUse(evidence, certificate, state, trust)),
        }
      : { grant: closed, use: 'NOT_REACHED' }),
  }
}

function checkContent(statement, content, time) {
  if (statement.content === undefined) return 'CONTENT_NOT_APPLICABLE'
  if (content === undefined) return 'CONTENT_NOT_GIVEN'
  if (content.length !== statement.content.size) return 'CONTENT_SIZE_MISMATCH'
  const names = { 'sha-256': 'sha256', sm3: 'sm3' }
  const isRight = (digest) => {
    const [algorithm, hex] = digest.split(':')
    return createHash(names[algorithm]).update(content).digest('hex') === hex
  }
  if (!statement.content.digests.every(isRight)) return 'CONTENT_DIGEST_MISMATCH'
  const isOver = statement.kind === 'use.released' && time >= statement.expires
  return isOver ? 'DERIVED_COPY_EXPIRED' : 'CONTENT_MATCHES'
}

function checkCheckpoint(noteText, log) {
  if (noteText === undefined) return 'CHECKPOINT_UNREADABLE'
  const note = readNote(noteText)
  const signed = hasSigned(note, readKey(log.key), isLogSignature, 'CHECKPOINT_SIGNATURE_INVALID')
  if (!signed) return 'CHECKPOINT_KEY_UNKNOWN'
  const { origin } = readCheckpoint(note.text)
  return origin === log.origin ? 'CHECKPOINT_SIGNED' : 'CHECKPOINT_ORIGIN_MISMATCH'
}

function checkWitnesses(noteText, { quorum, keys }) {
  if (keys.length === 0) return 'WITNESSES_NOT_REQUIRED'
  const note = noteText === undefined ? undefined : attempt(() => readNote(noteText))
  if (note === undefined) return 'CHECKPOINT_UNREADABLE'
  const signers = keys
    .map(readKey)
    .filter((key) => hasSigned(note, key, isCosignature, 'WITNESS_SIGNATURE_INVALID'))
  const different = new Set(signers.map(({ key }) => key.toString('hex'))).size
  if (different < quorum) return 'WITNESS_QUORUM_NOT_MET'
  return quorum === 0 ? 'WITNESSES_NOT_REQUIRED' : 'WITNESSES_COSIGNED'
}

function checkAnchor(anchors, checkpoint, chains) {
  if (chains.length === 0) return 'ANCHOR_NOT_REQUIRED'
  if (checkpoint === undefined) return 'CHECKPOINT_UNREADABLE'
  const known = new Set(chains.map(({ chainId }) => chainId))
  const foreign = anchors.some(({ chainId }) => !known.has(chainId))
  const codes = chains.map((chain) => codeOf(() => checkChain(anchors, foreign, chain, checkpoint)))
  return (
    codes.find((code) => resultOf(code) === 'fail') ??
    codes.find((code) => resultOf(code) === 'pass') ??
    codes[0]
  )
}

function codeOf(check) {
  try {
    return check()
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function verdictOf(codes) {
  const checks = Object.entries(codes).flatMap(([check, found]) =>
    [found].flat().map((code) => ({ check, result: resultOf(code), code })),
  )
  const has = (result) => checks.some((check) => check.result === result)
  const unfailed = has('unknown') || !has('pass') ? 'unknown' : 'pass'
  return { result: has('fail') ? 'fail' : unfailed, checks }
}

const PASS = [
  'CONTENT_MATCHES',
  'COMMITMENT_OPENS',
  'ENTRY_INCLUDED',
  'CHECKPOINT_SIGNED',
  'WITNESSES_COSIGNED',
  'CHECKPOINT_ANCHORED',
  'ISSUER_ACCREDITED',
  'UNDERTAKING_SIGNED',
  'STATUS_VALID',
  'GRANT_HOLDS',
  'USE_AUTHORIZED',
]
const SKIPPED = [
  'CONTENT_NOT_GIVEN',
  'CONTENT_NOT_APPLICABLE',
  'WITNESSES_NOT_REQUIRED',
  'ANCHOR_NOT_REQUIRED',
  'ISSUER_NOT_APPLICABLE',
  'STATUS_NOT_APPLICABLE',
  'GRANT_NOT_APPLICABLE',
  'GRANT_NOT_REACHED',
  'USE_NOT_APPLICABLE',
  'USE_REFUSED',
  'NOT_REACHED',
]
const UNKNOWN = [
  'CHECKPOINT_UNREADABLE',
  'ANCHOR_PENDING',
  'ANCHOR_PROOF_ABSENT',
  'ANCHOR_BLOCK_NOT_TRUSTED',
  'ANCHOR_TRANSACTION_UNPROVEN',
  'REGISTRIES_NOT_TRUSTED',
  'STATE_ABSENT',
  'STATE_BLOCK_NOT_TRUSTED',
  'STATE_NOT_PROVEN',
  'ISSUER_PROVEN_AT_OTHER_TIME',
  'UNDERTAKING_PROVEN_AT_OTHER_TIME',
  'UNDERTAKING_SIGNATURE_UNKNOWN',
  'STATUS_AFTER_PROOF',
  'USE_STATE_MAYBE_OUTDATED',
  'USE_COUNT_OVERTAKEN',
  'USE_SIGNATURE_OF_CONTRACT',
]

function resultOf(code) {
  if (PASS.includes(code)) return 'pass'
  if (SKIPPED.includes(code)) return 'skipped'
  return UNKNOWN.includes(code) ? 'unknown' : 'fail'
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [evidence, trust, content] = process.argv.slice(2)
  const verdict = verify(
    readFileSync(evidence),
    JSON.parse(readFileSync(trust, 'utf8')),
    content && readFileSync(content),
  )
  for (const { check, result, code } of verdict.checks)
    console.log(`${result.padEnd(8)} ${check.padEnd(11)} ${code}`)
  console.log(verdict.result)
  process.exitCode = verdict.result === 'pass' ? 0 : 1
}
