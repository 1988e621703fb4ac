import { encodeBase64, tryDecodeBase64 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { HASH_LENGTH } from '../hash/hash.ts'
import type { InclusionProof } from '../merkle/verify.ts'

/** C2SP tlog-proof: an entry's place in a log, in a form that needs nothing else to be checked. */
export interface TlogProof extends InclusionProof {
  /** Not authenticated by anything; not empty. */
  readonly extra?: Uint8Array
  /** The signed checkpoint, verbatim and not verified. */
  readonly checkpoint: string
}

/** A tree of 2^63 entries has no longer inclusion proof. */
const LONGEST_PROOF = 63

/** What every proof begins with. */
export const TLOG_PROOF_HEADER = 'c2sp.org/tlog-proof@v1\n'

/** @throws LedgerError invalid/TLOG_PROOF_MALFORMED when the parts have no form that can be parsed */
export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): string {
  const sound =
    isIndex(index) &&
    proof.length <= LONGEST_PROOF &&
    proof.every((hash) => hash.length === HASH_LENGTH) &&
    extra?.length !== 0 &&
    checkpoint !== ''
  if (!sound) throw malformed()
  const extraLine = extra === undefined ? '' : `extra ${encodeBase64(extra)}\n`
  const hashLines = proof.map((hash) => `${encodeBase64(hash)}\n`).join('')
  return `${TLOG_PROOF_HEADER}${extraLine}index ${index}\n${hashLines}\n${checkpoint}`
}

const TLOG_PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra (?<extra>[^\n]+)\n)?index (?<index>0|[1-9]\d*)\n(?<hashes>(?:[^\n]+\n)*)\n(?<checkpoint>[^]+)$/

/**
 * Accepts exactly what `formatTlogProof` gives. The checkpoint in it is for `verifyCheckpoint`.
 *
 * @throws LedgerError invalid/TLOG_PROOF_MALFORMED
 */
export function parseTlogProof(text: string): TlogProof {
  const groups = TLOG_PROOF.exec(text)?.groups
  if (groups === undefined) throw malformed()
  const lines = groups['hashes']?.split('\n').slice(0, -1) ?? []
  const proof = lines.map((line) => decodeOrThrow(line, HASH_LENGTH))
  const index = Number(groups['index'])
  const checkpoint = groups['checkpoint'] ?? ''
  if (!isIndex(index) || proof.length > LONGEST_PROOF) throw malformed()
  const extra = groups['extra']
  const place = { index, proof, checkpoint }
  return extra === undefined ? place : { extra: decodeOrThrow(extra), ...place }
}

function isIndex(index: number): boolean {
  return Number.isSafeInteger(index) && index >= 0
}

function decodeOrThrow(line: string, length?: number): Uint8Array {
  const bytes = tryDecodeBase64(line, length)
  if (bytes === undefined) throw malformed()
  return bytes
}

function malformed(): LedgerError {
  return new LedgerError('invalid', 'TLOG_PROOF_MALFORMED')
}
