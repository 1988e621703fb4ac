import * as z from 'zod'
import { decodeUtf8, encodeHex } from './bytes.ts'
import { EntryDocument, readEntry } from './entry.ts'
import { LedgerError } from './errors.ts'
import { HexAddress, hexBytesUpTo, HexHash } from './ethereum/hex.ts'
import { canonicalize, parseStrictJson, STATEMENT_LIMITS } from './json.ts'
import type { JsonLimits } from './json.ts'
import { parseBy } from './schema.ts'
import { readStatement, Statement } from './statement.ts'
import { CertificateIssued } from './statements/certificate.ts'
import { isReceipt } from './statements/check.ts'
import { StateProof } from './stateProof.ts'

export const EVIDENCE_MEDIA_TYPE = 'application/vnd.onceledger.evidence+json'

/** A statement of full size, with anchors on several chains, fits many times. */
export const EVIDENCE_LIMITS: JsonLimits = {
  bytes: 4 * 1024 * 1024,
  depth: STATEMENT_LIMITS.depth + 1,
}

const count = z.int().min(0)

/** Trie nodes, RLP, root first. A path has one node for each of 64 half-bytes at most. */
const trieProof = z.array(hexBytesUpTo(16 * 1024)).max(65)

/** Consortium chains put the seals of all their validators in. */
const header = hexBytesUpTo(32 * 1024)

/**
 * Where the checkpoint in `proof` is anchored: `_roots[logId][size]` of the registry holds its root.
 *
 * Everything that stands here is checked. What a chain cannot prove is left out:
 * without `header`, `accountProof` and `storageProof` (all or none) only the chain itself can answer,
 * and `transaction` stands here only with its proof, or for those who can ask the chain.
 */
export const EvidenceAnchor = z
  .strictObject({
    chainId: z.int().min(1),
    registry: HexAddress,
    logId: HexHash,
    /** The transaction that anchored, in this very block. */
    transaction: HexHash.optional(),
    blockNumber: count,
    blockHash: HexHash,
    /** RLP of the block's header. */
    header: header.optional(),
    /** EIP-1186, of the registry's account in the header's state. */
    accountProof: trieProof.optional(),
    /** EIP-1186, of the slot that holds the root. */
    storageProof: trieProof.optional(),
    /** Proof of `transaction` in the header's transaction trie; `index` is its place in the block. */
    transactionProof: z.strictObject({ index: count, nodes: trieProof }).optional(),
  })
  .refine(hasWholeProof, 'header, accountProof and storageProof only together')
  .refine(
    ({ header, transaction, transactionProof }) =>
      transactionProof === undefined || (header !== undefined && transaction !== undefined),
    'transactionProof only with header and transaction',
  )
  .meta({ id: 'EvidenceAnchor' })
export type EvidenceAnchor = z.infer<typeof EvidenceAnchor>

const salt = z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hex digits')

const proof = z
  .string()
  .min(1)
  .max(256 * 1024)

/** The one file that travels: all that it takes to check one statement. */
export const EvidenceDocument = z
  .strictObject({
    v: z.literal(1),
    statement: Statement,
    /** 32 bytes, hex. */
    salt,
    entry: EntryDocument,
    /** C2SP tlog-proof: the entry's index, its inclusion proof, the signed checkpoint. */
    proof,
    /** Empty while the checkpoint waits for its first anchor. */
    anchors: z
      .array(EvidenceAnchor)
      .max(16)
      .refine(areDistinct, 'one anchor for each log on a chain'),
    /** The entry that issued the certificate which the statement says was used, in the same checkpoint. */
    certificate: z
      .strictObject({ statement: CertificateIssued, salt, entry: EntryDocument, proof })
      .optional(),
    /** What the registries held, of a certificate or a use. */
    states: z
      .array(StateProof)
      .max(3)
      .refine(
        (states) => new Set(states.map((state) => state.of)).size === states.length,
        'one state for each question',
      )
      .optional(),
  })
  .refine(
    ({ statement, certificate, states = [] }) =>
      (certificate === undefined || isUseOfCertificate(statement)) &&
      states.every(({ of }) => questionsOf(statement).includes(of)),
    'a certificate or a state that the statement does not need',
  )
  .meta({ id: 'Evidence' })
export type Evidence = z.infer<typeof EvidenceDocument>

/**
 * Reads evidence. White space, member order and escapes of the JSON are free; nothing else is.
 *
 * @throws LedgerError invalid/JSON_*, see `parseStrictJson`
 * @throws LedgerError invalid/EVIDENCE_VERSION_UNSUPPORTED, STATEMENT_VERSION_UNSUPPORTED,
 *   STATEMENT_KIND_UNKNOWN, ENTRY_VERSION_UNSUPPORTED: a newer verifier is needed
 * @throws LedgerError invalid/EVIDENCE_MALFORMED, STATEMENT_MALFORMED, DIGEST_*, ENTRY_MALFORMED
 */
export function parseEvidence(source: string | Uint8Array): Evidence {
  return readEvidence(parseStrictJson(source, EVIDENCE_LIMITS))
}

/** As `parseEvidence`, for a value that was strict JSON. */
export function readEvidence(value: unknown): Evidence {
  const { v, statement, entry } = evidenceParts(value)
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('invalid', 'EVIDENCE_VERSION_UNSUPPORTED', { v })
  }
  // Their own codes first: they say more than the evidence's.
  if (statement !== undefined) readStatement(statement)
  if (entry !== undefined) readEntry(entry)
  return parseBy(EvidenceDocument, value, 'EVIDENCE_MALFORMED')
}

/** RFC 8785 text. */
export function formatEvidence(evidence: Evidence): string {
  return canonicalize(evidence)
}

/** Evidence in the forms in which a ledger keeps its parts. */
export interface EvidenceParts {
  /** As `encodeStatement` gives it. */
  readonly statement: Uint8Array
  readonly salt: Uint8Array
  /** As `formatEntry` gives it. */
  readonly entry: Uint8Array
  /** As `formatTlogProof` gives it. */
  readonly proof: string
  readonly anchors: readonly EvidenceAnchor[]
}

/** The text that `formatEvidence` gives, without reading and sorting the parts once more. */
export function composeEvidence({ statement, salt, entry, proof, anchors }: EvidenceParts): string {
  return (
    `{"anchors":${anchors.length === 0 ? '[]' : canonicalize(anchors)}` +
    `,"entry":${decodeUtf8(entry)}` +
    `,"proof":${JSON.stringify(proof)}` +
    `,"salt":"${encodeHex(salt)}"` +
    `,"statement":${decodeUtf8(statement)},"v":1}`
  )
}

/** What a statement needs proven. Whatever else stood in evidence, nothing would check. */
function questionsOf(statement: Statement): readonly StateProof['of'][] {
  if (statement.kind === 'certificate.issued') return ['issue', 'status']
  if (statement.kind === 'undertaking.given') return ['sign']
  if (!isReceipt(statement)) return []
  return isUseOfCertificate(statement) ? ['issue', 'use'] : ['use']
}

function isUseOfCertificate(statement: Statement): boolean {
  return isReceipt(statement) && statement.subject.kind === 'certificate'
}

function evidenceParts(value: unknown): { v?: unknown; statement?: unknown; entry?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}

function hasWholeProof(anchor: {
  header?: unknown
  accountProof?: unknown
  storageProof?: unknown
}): boolean {
  const given = [anchor.header, anchor.accountProof, anchor.storageProof].map(
    (part) => part !== undefined,
  )
  return given.every(Boolean) || !given.some(Boolean)
}

function areDistinct(anchors: readonly { chainId: number; registry: string; logId: string }[]) {
  const places = anchors.map(({ chainId, registry, logId }) => `${chainId} ${registry} ${logId}`)
  return new Set(places).size === places.length
}
