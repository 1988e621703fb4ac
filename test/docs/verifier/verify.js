// A verifier of evidence, written from docs/formats.md alone: it shares no line with the ledger.
// Of libraries it takes Node's own crypto, and Keccak-256 from ethers.
// node test/docs/verifier/verify.js <evidence> <trust> [content]
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { attempt, fromHex, Refusal, sha256, utf8 } from './bytes.js'
import { checkChain } from './chain.js'
import { readEvidence } from './documents.js'
import { canonical } from './json.js'
import {
  hasSigned,
  isCosignature,
  isLogSignature,
  readCheckpoint,
  readKey,
  readNote,
  readProof,
} from './log.js'

/**
 * @param {Uint8Array} evidenceBytes
 * @param {object} trust trust.json, parsed
 * @param {Uint8Array} [content]
 */
export function verify(evidenceBytes, trust, content) {
  let evidence
  const unreadable = codeOf(() => void (evidence = readEvidence(Buffer.from(evidenceBytes))))
  if (unreadable !== undefined) return verdictOf({ evidence: unreadable })
  const note = attempt(() => readProof(evidence.proof).checkpoint)
  const checkpoint = attempt(() => readCheckpoint(readNote(note ?? '').text))
  return verdictOf({
    content: checkContent(evidence.statement, content),
    commitment: checkCommitment(evidence),
    inclusion: codeOf(() => checkInclusion(evidence, checkpoint)),
    checkpoint: codeOf(() => checkCheckpoint(note, trust.log)),
    witnesses: codeOf(() => checkWitnesses(note, trust.witnesses)),
    anchor: checkAnchor(evidence.anchors, checkpoint, trust.chains),
    issuer: 'ISSUER_NOT_APPLICABLE',
    status: 'STATUS_NOT_APPLICABLE',
    grant: 'GRANT_NOT_APPLICABLE',
    use: 'USE_NOT_APPLICABLE',
  })
}

function checkContent(statement, content) {
  if (statement.kind !== 'material.submitted') return 'CONTENT_NOT_APPLICABLE'
  if (content === undefined) return 'CONTENT_NOT_GIVEN'
  if (content.length !== statement.content.size) return 'CONTENT_SIZE_MISMATCH'
  const names = { 'sha-256': 'sha256', sm3: 'sm3' }
  const isRight = (digest) => {
    const [algorithm, hex] = digest.split(':')
    return createHash(names[algorithm]).update(content).digest('hex') === hex
  }
  return statement.content.digests.every(isRight) ? 'CONTENT_MATCHES' : 'CONTENT_DIGEST_MISMATCH'
}

function checkCommitment({ statement, salt, entry }) {
  const bytes = utf8(canonical(statement))
  if (bytes.length > 65_536) return 'JSON_TOO_LONG'
  const label = utf8('onceledger/commitment/v1\0')
  const commitment = sha256(label, fromHex(salt), bytes).toString('hex')
  if (commitment !== entry.commitment) return 'COMMITMENT_MISMATCH'
  return entry.kind === statement.kind ? 'COMMITMENT_OPENS' : 'COMMITMENT_KIND_MISMATCH'
}

function checkInclusion({ entry, proof }, checkpoint) {
  const { extra, index, hashes } = readProof(proof)
  if (extra !== undefined) return 'TLOG_PROOF_EXTRA'
  if (checkpoint === undefined) return 'CHECKPOINT_UNREADABLE'
  if (index >= checkpoint.size) return 'MERKLE_INDEX_BEYOND_SIZE'
  let fn = BigInt(index)
  let sn = BigInt(checkpoint.size - 1)
  let r = sha256(Buffer.of(0x00), utf8(canonical(entry)))
  for (const p of hashes) {
    if (sn === 0n) return 'MERKLE_PROOF_TOO_LONG'
    if (fn % 2n === 1n || fn === sn) {
      r = sha256(Buffer.of(0x01), p, r)
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else r = sha256(Buffer.of(0x01), r, p)
    fn >>= 1n
    sn >>= 1n
  }
  if (sn !== 0n) return 'MERKLE_PROOF_TOO_SHORT'
  return r.equals(checkpoint.root) ? 'ENTRY_INCLUDED' : 'MERKLE_ROOT_MISMATCH'
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
  const checks = Object.entries(codes).map(([check, code]) => ({
    check,
    result: resultOf(code),
    code,
  }))
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
]
const SKIPPED = [
  'CONTENT_NOT_GIVEN',
  'CONTENT_NOT_APPLICABLE',
  'WITNESSES_NOT_REQUIRED',
  'ANCHOR_NOT_REQUIRED',
  'ISSUER_NOT_APPLICABLE',
  'STATUS_NOT_APPLICABLE',
  'GRANT_NOT_APPLICABLE',
  'USE_NOT_APPLICABLE',
]
const UNKNOWN = [
  'CHECKPOINT_UNREADABLE',
  'ANCHOR_PENDING',
  'ANCHOR_PROOF_ABSENT',
  'ANCHOR_BLOCK_NOT_TRUSTED',
  'ANCHOR_TRANSACTION_UNPROVEN',
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
