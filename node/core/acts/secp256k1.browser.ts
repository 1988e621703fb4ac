import { secp256k1 } from '@noble/curves/secp256k1.js'

/** For `recoverAccount` alone, which checks ranges and lengths. 65 bytes; undefined where there is no such key. */
export function recoverPublicKey(
  digest: Uint8Array,
  signature: Uint8Array,
  parity: 0 | 1,
): Uint8Array | undefined {
  const parsed = secp256k1.Signature.fromBytes(signature, 'compact').addRecoveryBit(parity)
  try {
    return parsed.recoverPublicKey(digest).toBytes(false)
  } catch {
    // Thrown where r is no x coordinate of the curve, and for the point at infinity.
    return undefined
  }
}
