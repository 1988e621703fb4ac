import { ed25519 } from '@noble/curves/ed25519.js'

/** For `strict` alone, which adds what holds on every platform. */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  key: Uint8Array,
): boolean {
  return (
    ed25519.verify(signature, message, key, { zip215: false }) &&
    // The library multiplies by the cofactor before it compares, OpenSSL does not. They agree
    // where both the key and R are of prime order.
    ed25519.Point.fromBytes(signature.subarray(0, 32)).isTorsionFree()
  )
}
