import { ed25519 } from '@noble/curves/ed25519.js'
import { verifyEd25519 as verifyOnPlatform } from '#ed25519'

export const ED25519_KEY_LENGTH = 32
export const ED25519_SIGNATURE_LENGTH = 64

/**
 * RFC 8032 §5.1.7 without the cofactor; s below the group order, R in its one encoding.
 * Same answer under Node (OpenSSL) and in a browser, provided that `isEd25519Key(publicKey)`.
 */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  return verifyOnPlatform(signature, message, publicKey)
}

/**
 * A point in its one encoding, of the large prime order. A key of small order would verify
 * signatures that nobody made, and a mixed one would divide verifiers.
 */
export function isEd25519Key(bytes: Uint8Array): boolean {
  if (bytes.length !== ED25519_KEY_LENGTH) return false
  try {
    const point = ed25519.Point.fromBytes(bytes)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}
