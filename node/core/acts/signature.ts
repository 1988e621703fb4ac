import { recoverPublicKey } from '#secp256k1'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { decode0x, encode0x, type Hex } from '../ethereum/hex.ts'
import { LedgerError } from '../errors.ts'

// SEC 2 §2.4.1: the order of secp256k1, and half of it rounded down. As text: lower-case hex of one length sorts as
// the numbers do.
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'
const HALF_ORDER = '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0'
const ZERO = '0'.repeat(64)

/**
 * The account whose key signed a digest. Takes what OpenZeppelin's ECDSA.tryRecover(bytes32, bytes) takes and nothing
 * else: 65 bytes r ‖ s ‖ v, v 27 or 28, s in the lower half (EIP-2), so that an act has one signature by one key.
 *
 * @param digest 32 bytes, the result of a hash
 * @throws LedgerError unverified/SIGNATURE_MALFORMED, or unverified/SIGNATURE_INVALID where no key could have signed so
 */
export function recoverAccount(digest: Uint8Array, signature: Hex): Hex {
  if (digest.length !== 32) throw new TypeError('a digest is 32 bytes long')
  const { rs, parity } = parseSignature(signature)
  const key = recoverPublicKey(digest, rs, parity)
  if (key === undefined) throw new LedgerError('unverified', 'SIGNATURE_INVALID')
  return encode0x(keccak_256(key.subarray(1)).subarray(12))
}

/**
 * For accounts of a key; a contract account answers on its chain (ERC-1271).
 *
 * @throws LedgerError unverified/SIGNATURE_MALFORMED, SIGNATURE_INVALID
 */
export function requireSignedBy(account: Hex, digest: Uint8Array, signature: Hex): void {
  if (recoverAccount(digest, signature) !== account)
    throw new LedgerError('unverified', 'SIGNATURE_INVALID', { account })
}

function parseSignature(signature: Hex): { rs: Uint8Array; parity: 0 | 1 } {
  if (!/^0x[0-9a-f]{130}$/.test(signature)) throw malformed('not 65 bytes')
  const r = signature.slice(2, 66)
  const s = signature.slice(66, 130)
  const v = signature.slice(130)
  if (v !== '1b' && v !== '1c') throw malformed('v is neither 27 nor 28')
  if (r === ZERO || r >= ORDER) throw malformed('r is out of range')
  if (s === ZERO || s > HALF_ORDER) throw malformed('s is not in the lower half')
  return { rs: decode0x(`0x${r}${s}`), parity: v === '1b' ? 0 : 1 }
}

function malformed(reason: string): LedgerError {
  return new LedgerError('unverified', 'SIGNATURE_MALFORMED', { reason })
}
