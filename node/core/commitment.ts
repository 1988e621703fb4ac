import { concatBytes, utf8 } from './bytes.ts'
import { sha256 } from './hash/hash.ts'

/** Domain separation: no other hash of ours starts so. The 0x00 ends the label. */
const LABEL = utf8('onceledger/commitment/v1\0')

/** Bytes of a salt. It is drawn at random for each statement: without it, a commitment could be guessed open. */
export const SALT_LENGTH = 32

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
  return sha256(concatBytes(LABEL, salt, statement))
}
