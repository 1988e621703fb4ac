import { decodeHex, encodeHex } from '../bytes.ts'
import { commit, SALT_LENGTH } from '../commitment.ts'
import type { Evidence } from '../evidence.ts'
import { encodeStatement } from '../statement.ts'

/** The public entry commits to the private statement, and names its kind. */
export function checkCommitment({
  statement,
  salt,
  entry,
}: Pick<Evidence, 'statement' | 'salt' | 'entry'>): string {
  const commitment = commit(decodeHex(salt, SALT_LENGTH), encodeStatement(statement))
  if (encodeHex(commitment) !== entry.commitment) return 'COMMITMENT_MISMATCH'
  return entry.kind === statement.kind ? 'COMMITMENT_OPENS' : 'COMMITMENT_KIND_MISMATCH'
}
