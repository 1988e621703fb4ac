import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { formatCheckpoint } from '../core/tlog/checkpoint.ts'
import { formatNote } from '../core/tlog/note.ts'
import { formatVerifierKey, makeVerifierKey, SIGNATURE_TYPE } from '../core/tlog/verifierKey.ts'
import type { VerifierKey } from '../core/tlog/verifierKey.ts'
import type { Hash } from '../core/hash/hash.ts'

/** Signs this log's checkpoints with its Ed25519 key. */
export class LogSigner {
  readonly origin: string
  readonly verifierKey: VerifierKey
  readonly #key: KeyObject

  /** @param pkcs8 the private key as DER */
  constructor(origin: string, pkcs8: Uint8Array) {
    this.origin = origin
    this.#key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    const { x } = createPublicKey(this.#key).export({ format: 'jwk' })
    const publicKey = Uint8Array.from(Buffer.from(x ?? '', 'base64url'))
    this.verifierKey = makeVerifierKey(origin, SIGNATURE_TYPE.ed25519, publicKey)
  }

  /** A new private key, PKCS #8 DER. */
  static newKey(): Uint8Array {
    const { privateKey } = generateKeyPairSync('ed25519')
    return privateKey.export({ format: 'der', type: 'pkcs8' })
  }

  /** C2SP verifier key: what a trust.json pins. */
  get vkey(): string {
    return formatVerifierKey(this.verifierKey)
  }

  /** Signed note of the checkpoint. */
  sign(size: number, root: Hash): string {
    const text = formatCheckpoint({ origin: this.origin, size, root })
    const { name, keyId } = this.verifierKey
    return formatNote({
      text,
      signatures: [{ name, keyId, signature: sign(null, Buffer.from(text), this.#key) }],
    })
  }
}
