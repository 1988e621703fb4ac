import { ed25519 } from '@noble/curves/ed25519.js'

export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== 64) return false
  return (
    ed25519.verify(signature, message, publicKey, { zip215: false }) &&
    // The library multiplies by the cofactor before it compares, OpenSSL does not. They agree on
    // every signature whose key and R both lie in the prime-order group; `isEd25519Key` sees to
    // the key.
    ed25519.Point.fromBytes(signature.subarray(0, 32)).isTorsionFree()
  )
}
