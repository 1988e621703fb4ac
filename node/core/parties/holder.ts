import { concatBytes, utf8 } from '../bytes.ts'
import { SALT_LENGTH } from '../commitment.ts'
import { encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import type { Holder } from '../statement.ts'

const LABEL = utf8('onceledger/holder/v1\0')
const END = Uint8Array.of(0)

/**
 * What stands for a holder on chain: SHA-256(label ‖ salt ‖ codeType ‖ 0x00 ‖ code). Citizen numbers are few enough to
 * try them all, so that a hash without salt would tell who it is.
 *
 * @param salt 32 random bytes, drawn once for the holder and kept from everybody else
 * @throws TypeError when the salt is not 32 bytes long
 */
export function holderIdOf(
  salt: Uint8Array,
  codeType: Holder['codeType'],
  code: Holder['code'],
): Hex {
  if (salt.length !== SALT_LENGTH) throw new TypeError('a salt has 32 bytes')
  return encode0x(sha256(concatBytes(LABEL, salt, utf8(codeType), END, utf8(code))))
}
