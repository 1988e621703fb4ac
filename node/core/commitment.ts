import { utf8 } from './bytes.ts'
import { sha256 } from './hash/hash.ts'

/** Domain separation: no other hash of ours starts so. The 0x00 ends the label. */
const LABEL = utf8('onceledger/commitment/v1\0')

/** Bytes of a salt. It is drawn at random for each statement: without it, a commitment could be guessed open. */
export const SALT_LENGTH = 32

const PREFIX_LENGTH = LABEL.length + SALT_LENGTH
// Most statements fit: memory made anew for each took longer than the hash.
const input = new Uint8Array(16 * 1024)

/**
 * SHA-256(label ‖ salt ‖ statement).
 *
 * The label and the salt have fixed lengths, so the parts cannot be shifted against each other.
 *
 * @param statement RFC 8785 bytes, see `encodeStatement`
 * @throws TypeError when the salt is not 32 bytes long
 */
export function commit(salt: Uint8Array, statement: Uint8Array): Uint8Array {
  if (salt.length !== SALT_LENGTH) throw new TypeError('a salt has 32 bytes')
  const length = PREFIX_LENGTH + statement.length
  const bytes = length <= input.length ? input.subarray(0, length) : new Uint8Array(length)
  bytes.set(LABEL)
  bytes.set(salt, LABEL.length)
  bytes.set(statement, PREFIX_LENGTH)
  return sha256(bytes)
}
