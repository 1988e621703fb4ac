import { ed25519 } from '@noble/curves/ed25519.js'
import { verifyEd25519 as verifyOnPlatform } from '#ed25519'
import { equalBytes } from '../bytes.ts'

const KEY_LENGTH = 32
const SIGNATURE_LENGTH = 64
const IDENTITY = ed25519.Point.ZERO.toBytes()

export type VerifyEd25519 = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean

/**
 * RFC 8032 §5.1.7 at its strictest: no cofactor, s below the group order, R in its one encoding and
 * not the identity. A verdict must not depend on who verifies: provided `isEd25519Key(key)`,
 * OpenSSL under Node and the library in a browser answer alike.
 */
export const verifyEd25519 = strict(verifyOnPlatform)

/** Adds what the platforms leave open, or answer differently. */
export function strict(verify: VerifyEd25519): VerifyEd25519 {
  return (signature, message, key) =>
    signature.length === SIGNATURE_LENGTH &&
    // Versions of Node differ on R = identity, which gives the private key away.
    !equalBytes(signature.subarray(0, KEY_LENGTH), IDENTITY) &&
    verify(signature, message, key)
}

/**
 * A point in its one encoding, of the large prime order. Under a key of small order, signatures
 * verify that nobody made; a key with a part of small order divides the verifiers.
 */
export function isEd25519Key(bytes: Uint8Array): boolean {
  if (bytes.length !== KEY_LENGTH) return false
  try {
    const point = ed25519.Point.fromBytes(bytes)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}
