import { createPublicKey, verify } from 'node:crypto'

/** RFC 8410 §4: what stands before the 32 bytes of a key in its SubjectPublicKeyInfo. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** For `strict` alone, which adds what OpenSSL leaves open. */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  key: Uint8Array,
): boolean {
  const spki = Buffer.concat([SPKI_PREFIX, key])
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  return verify(null, message, publicKey, signature)
}
