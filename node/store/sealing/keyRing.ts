import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { LedgerError } from '../../core/errors.ts'
import type { KeyValueStore } from '../keyValueStore.ts'
import { familyRange, metaKey } from '../layout.ts'
import { KeyWrapper, WRAPPED_LENGTH } from './keyWrapper.ts'
import type { WrappingKey } from './keyWrapper.ts'
import { Mac } from './mac.ts'
import { randomPiece } from './random.ts'
import { open, seal } from './seal.ts'
import { StatementSealer } from './statementSealer.ts'

const NONCE_LENGTH = 12
const TAG_LENGTH = 16
/** Characters of base64url: 132 bits, so that not even 2^48 names meet by chance. */
const BLINDED_LENGTH = 22

/**
 * What one data folder encrypts with. The master key wraps a secret of the folder, from which the keys for
 * names and records derive, and the data key of each statement and its content. A statement is erased by
 * erasing its data key.
 */
export class KeyRing {
  readonly #wrapper: KeyWrapper
  readonly #blinding: Mac
  readonly #records: KeyObject

  private constructor(wrapper: KeyWrapper, secret: Uint8Array) {
    this.#wrapper = wrapper
    this.#blinding = new Mac(derive(secret, 'onceledger/blinding/v1'))
    this.#records = createSecretKey(derive(secret, 'onceledger/records/v1'))
  }

  /**
   * Opens the key ring kept in the store, or makes one for a store that is empty.
   *
   * @throws LedgerError invalid/MASTER_KEY_WRONG, invalid/ROTATION_UNFINISHED
   * @throws LedgerError corrupt/SEAL_BROKEN, corrupt/KEY_RING_MISSING
   */
  static async open(store: KeyValueStore, masterKey: Uint8Array): Promise<KeyRing> {
    const ringWrapper = KeyWrapper.derive(masterKey, 'key-ring')
    const stored = await store.get(metaKey('keyRing'))
    const secret =
      stored === undefined
        ? await createSecret(store, ringWrapper)
        : ringWrapper.unwrap(onlyWrapped(stored))
    return new KeyRing(KeyWrapper.derive(masterKey, 'data-key'), secret)
  }

  /** A name that stands in a key: the same text gives the same name, and nobody without the ring can test a guess. */
  blind(domain: string, text: string): string {
    return this.#blinding.base64url(`${domain}\0${text}`).slice(0, BLINDED_LENGTH)
  }

  newDataKey(): Uint8Array {
    return randomPiece(32)
  }

  /** Seals the statements of whole groups. */
  statementSealer(): StatementSealer {
    return new StatementSealer(this.#wrapper)
  }

  wrap(dataKey: Uint8Array): Uint8Array {
    return this.#wrapper.wrap(dataKey)
  }

  /** @throws LedgerError corrupt/SEAL_BROKEN, invalid/MASTER_KEY_WRONG */
  unwrap(wrapped: Uint8Array): Uint8Array {
    return this.#wrapper.unwrap(wrapped)
  }

  /** What another thread needs to unwrap data keys. */
  get wrappingKey(): WrappingKey {
    return this.#wrapper.wrappingKey
  }

  /** Once for each data key: see `seal`. */
  sealStatement(dataKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return seal(dataKey, 'statement', plaintext)
  }

  /** @throws LedgerError corrupt/SEAL_BROKEN */
  openStatement(dataKey: Uint8Array, sealed: Uint8Array): Uint8Array {
    return open(dataKey, 'statement', sealed)
  }

  /**
   * Seals a record that is no statement: nonce(12) ‖ AES-256-GCM ‖ tag(16). `name` is the record's key in
   * the store; under another name it does not open. A record may be replaced: the nonce is random, and each
   * name has a key of its own, so that the number of records does not wear the nonces out.
   */
  sealRecord(name: string, plaintext: Uint8Array): Uint8Array {
    const nonce = randomPiece(NONCE_LENGTH)
    const cipher = createCipheriv('aes-256-gcm', this.#recordKey(name), nonce)
    const ciphertext = cipher.update(plaintext)
    cipher.final()
    return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
  }

  /** @throws LedgerError corrupt/SEAL_BROKEN */
  openRecord(name: string, sealed: Uint8Array): Uint8Array {
    const end = sealed.length - TAG_LENGTH
    if (end < NONCE_LENGTH) throw new LedgerError('corrupt', 'SEAL_BROKEN', { key: name })
    const nonce = sealed.subarray(0, NONCE_LENGTH)
    const decipher = createDecipheriv('aes-256-gcm', this.#recordKey(name), nonce)
    decipher.setAuthTag(sealed.subarray(end))
    try {
      const plaintext = decipher.update(sealed.subarray(NONCE_LENGTH, end))
      decipher.final()
      return plaintext
    } catch (cause) {
      throw new LedgerError('corrupt', 'SEAL_BROKEN', { key: name }, { cause })
    }
  }

  #recordKey(name: string): KeyObject {
    return createSecretKey(createHmac('sha256', this.#records).update(name).digest())
  }
}

async function createSecret(store: KeyValueStore, wrapper: KeyWrapper): Promise<Uint8Array> {
  // A ring made anew beside wrapped data keys would leave every name unfindable.
  for await (const [key] of store.scan({ ...familyRange('dataKey'), limit: 1 }))
    throw new LedgerError('corrupt', 'KEY_RING_MISSING', { found: key })
  const secret = randomPiece(32)
  await store.commit([{ type: 'put', key: metaKey('keyRing'), value: wrapper.wrap(secret) }])
  return secret
}

/** While master keys are being changed, the record holds the secret twice: under the old key and the new. */
function onlyWrapped(record: Uint8Array): Uint8Array {
  if (record.length === 2 * WRAPPED_LENGTH) throw new LedgerError('invalid', 'ROTATION_UNFINISHED')
  return record
}

function derive(secret: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32))
}
