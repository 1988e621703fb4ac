import { concatBytes, encodeBase64, tryDecodeBase64, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { sha256 } from '../hash/hash.ts'
import { isEd25519Key } from './ed25519.ts'
import { isKeyName } from './text.ts'

/** C2SP signed-note, "Signature types": those this ledger makes and checks. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const

export interface VerifierKey {
  readonly name: string
  /** uint32; with the name it says which signature line is this key's. */
  readonly keyId: number
  readonly type: number
  /** 32 bytes of Ed25519 public key. */
  readonly key: Uint8Array
}

/** C2SP signed-note: the first 4 bytes, big-endian, of SHA-256(name ‖ 0x0A ‖ type ‖ key). */
export function keyId(name: string, type: number, key: Uint8Array): number {
  const digest = sha256(concatBytes(utf8(name), Uint8Array.of(0x0a, type), key))
  return new DataView(digest.buffer).getUint32(0)
}

/** @throws LedgerError invalid/VKEY_MALFORMED when the parts have no form that can be parsed */
export function makeVerifierKey(name: string, type: number, key: Uint8Array): VerifierKey {
  const known = type === SIGNATURE_TYPE.ed25519 || type === SIGNATURE_TYPE.cosignature
  if (!isKeyName(name) || !known || !isEd25519Key(key)) throw malformed()
  return { name, keyId: keyId(name, type, key), type, key }
}

/** `<name>+<key id in hex>+<base64 of type ‖ key>` */
export function formatVerifierKey({ name, keyId, type, key }: VerifierKey): string {
  return `${name}+${formatKeyId(keyId)}+${encodeBase64(concatBytes(Uint8Array.of(type), key))}`
}

/**
 * Accepts exactly what `formatVerifierKey` gives, and only Ed25519 keys that verify alike
 * everywhere (see `isEd25519Key`).
 *
 * @throws LedgerError invalid/VKEY_MALFORMED
 */
export function parseVerifierKey(vkey: string): VerifierKey {
  const [name, id, encoded] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(vkey)?.slice(1) ?? []
  const typeAndKey = tryDecodeBase64(encoded ?? '')
  if (name === undefined || typeAndKey === undefined) throw malformed()
  const key = makeVerifierKey(name, typeAndKey[0] ?? 0, typeAndKey.slice(1))
  if (id !== formatKeyId(key.keyId)) throw malformed()
  return key
}

function formatKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0')
}

function malformed(): LedgerError {
  return new LedgerError('invalid', 'VKEY_MALFORMED')
}
