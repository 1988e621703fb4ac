import { fromHex, sha256, utf8 } from './bytes.js'
import { canonical } from './json.js'
import { readProof } from './log.js'

export function commitmentOf(statement, salt) {
  const label = utf8('onceledger/commitment/v1\0')
  return sha256(label, fromHex(salt), utf8(canonical(statement)))
}

export function checkCommitment({ statement, salt, entry }) {
  const bytes = utf8(canonical(statement))
  if (bytes.length > 65_536) return 'JSON_TOO_LONG'
  const commitment = commitmentOf(statement, salt).toString('hex')
  if (commitment !== entry.commitment) return 'COMMITMENT_MISMATCH'
  return entry.kind === statement.kind ? 'COMMITMENT_OPENS' : 'COMMITMENT_KIND_MISMATCH'
}

export function checkInclusion({ entry, proof }, checkpoint) {
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
