import { composeEvidence } from '../core/evidence.ts'
import type { Hash } from '../core/hash/hash.ts'
import { formatTlogProof } from '../core/tlog/tlogProof.ts'
import { isAnchored, toEvidenceAnchor } from './anchoring/records.ts'
import type { AnchorRecord } from './anchoring/records.ts'

export interface EvidenceParts {
  /** RFC 8785 bytes, as stored. */
  readonly statement: Uint8Array
  readonly salt: Uint8Array
  /** RFC 8785 bytes, as logged. */
  readonly entry: Uint8Array
  readonly index: number
  readonly proof: readonly Hash[]
  /** Signed note. */
  readonly checkpoint: string
  /** Of this very checkpoint. */
  readonly anchors: readonly AnchorRecord[]
}

/** Evidence as JSON text, from the forms in which the ledger keeps its parts. */
export function evidenceText(parts: EvidenceParts): string {
  const { statement, salt, entry, index, proof, checkpoint, anchors } = parts
  return composeEvidence({
    statement,
    salt,
    entry,
    proof: formatTlogProof({ index, proof, checkpoint }),
    anchors: anchors.filter(isAnchored).map(toEvidenceAnchor),
  })
}
