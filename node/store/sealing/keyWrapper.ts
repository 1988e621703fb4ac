import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { LedgerError } from '../../core/errors.ts'
import { unwrapKeys, WRAPPED_KEY_LENGTH } from './keyUnwrap.ts'

const FORMAT = 1
const ID_LENGTH = 4
const HEADER_LENGTH = 1 + ID_LENGTH
const DATA_KEY_LENGTH = 32
const RFC_3394_IV = Buffer.alloc(8, 0xa6)

/** Format ‖ id of the master key ‖ wrapped key, in bytes. */
export const WRAPPED_LENGTH = HEADER_LENGTH + WRAPPED_KEY_LENGTH

/** What a master key wraps; each purpose has a key of its own derived from it. */
export type WrapPurpose = 'data-key' | 'key-ring'

/** What a wrapper consists of, in a form that another thread can be given. */
export interface WrappingKey {
  readonly header: Uint8Array
  readonly key: KeyObject
}

/**
 * Wraps 32-byte keys under a master key: 1 ‖ master key id(4) ‖ AES-256 key wrap (RFC 3394).
 *
 * Key wrap rather than AES-GCM, because it needs no nonce: GCM with random nonces is good for 2^32 keys
 * (NIST SP 800-38D §8.3), and its first repetition would give keys away.
 */
export class KeyWrapper {
  /** Tells master keys apart; gives nothing of them away. */
  readonly #header: Buffer
  readonly #key: KeyObject

  private constructor({ header, key }: WrappingKey) {
    this.#header = Buffer.from(header)
    this.#key = key
  }

  /** @throws TypeError unless the master key has 32 bytes */
  static derive(masterKey: Uint8Array, purpose: WrapPurpose): KeyWrapper {
    if (masterKey.length !== 32) throw new TypeError('a master key is 32 bytes long')
    const id = createHmac('sha256', masterKey).update('onceledger/master-key-id/v1').digest()
    const key = hkdfSync('sha256', masterKey, '', `onceledger/wrap/${purpose}/v1`, 32)
    return new KeyWrapper({
      header: Buffer.concat([Uint8Array.of(FORMAT), id.subarray(0, ID_LENGTH)]),
      key: createSecretKey(Buffer.from(key)),
    })
  }

  /** In another thread. */
  static of(wrappingKey: WrappingKey): KeyWrapper {
    return new KeyWrapper(wrappingKey)
  }

  get wrappingKey(): WrappingKey {
    return { header: this.#header, key: this.#key }
  }

  wrap(key: Uint8Array): Uint8Array {
    if (key.length !== DATA_KEY_LENGTH) throw new TypeError('only keys of 32 bytes are wrapped')
    const cipher = createCipheriv('id-aes256-wrap', this.#key, RFC_3394_IV)
    const wrapped = Buffer.allocUnsafe(WRAPPED_LENGTH)
    wrapped.set(this.#header)
    wrapped.set(cipher.update(key), HEADER_LENGTH)
    return wrapped
  }

  /** Whether this master key wrapped it, by the id it carries. */
  hasWrapped(wrapped: Uint8Array): boolean {
    return this.#header.equals(wrapped.subarray(0, HEADER_LENGTH))
  }

  /**
   * @throws LedgerError corrupt/SEAL_BROKEN when it was altered
   * @throws LedgerError invalid/MASTER_KEY_WRONG when it names another master key
   */
  unwrap(wrapped: Uint8Array): Uint8Array {
    this.#assertOurs(wrapped)
    try {
      const decipher = createDecipheriv('id-aes256-wrap', this.#key, RFC_3394_IV)
      return decipher.update(wrapped.subarray(HEADER_LENGTH))
    } catch (cause) {
      throw new LedgerError('corrupt', 'SEAL_BROKEN', {}, { cause })
    }
  }

  /** Many at once, in their order, for a fraction of the time. @throws LedgerError as `unwrap` */
  unwrapAll(wrapped: readonly Uint8Array[]): Uint8Array[] {
    const joined = new Uint8Array(wrapped.length * WRAPPED_KEY_LENGTH)
    for (const [i, one] of wrapped.entries()) {
      this.#assertOurs(one)
      joined.set(one.subarray(HEADER_LENGTH), i * WRAPPED_KEY_LENGTH)
    }
    const keys = unwrapKeys(this.#key, joined)
    if (keys === undefined) throw new LedgerError('corrupt', 'SEAL_BROKEN')
    return wrapped.map((_, i) => keys.subarray(i * DATA_KEY_LENGTH, (i + 1) * DATA_KEY_LENGTH))
  }

  #assertOurs(wrapped: Uint8Array): void {
    if (wrapped.length !== WRAPPED_LENGTH || wrapped[0] !== FORMAT)
      throw new LedgerError('corrupt', 'SEAL_BROKEN')
    if (!this.hasWrapped(wrapped)) throw new LedgerError('invalid', 'MASTER_KEY_WRONG')
  }
}
