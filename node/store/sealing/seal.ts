import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { LedgerError } from '../../core/errors.ts'

/**
 * The one format of sealed bytes: chunks of 256 KiB, the last one shorter or as long, each followed by its
 * tag of 16 bytes; nothing at all is one empty chunk. It is the STREAM construction (Hoang, Reyhanitabar,
 * Rogaway, Vizár: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015)
 * with AES-256-GCM. The nonce of a chunk is
 *
 *     domain(1) ‖ 0(6) ‖ number of the chunk(4, big-endian) ‖ 1 if it is the last, else 0 (1)
 *
 * so that a chunk which is missing, moved or appended does not open, and any chunk opens alone.
 *
 * The nonce has nothing random in it, and needs nothing: a data key is made for one statement and its
 * content, each is a domain of its own, and each is sealed once. Who seals again takes a new data key.
 *
 * Measured for 1 GiB in chunks of 16, 64, 256 and 1024 KiB: 421, 248, 199 and 162 ms. A reader of one byte
 * opens a whole chunk, in 50 µs.
 */
export const CHUNK_LENGTH = 256 * 1024
export const TAG_LENGTH = 16
export const SEALED_CHUNK_LENGTH = CHUNK_LENGTH + TAG_LENGTH
const CHUNK_LIMIT = 2 ** 32

const DOMAINS = { statement: 1, content: 2 } as const
export type SealDomain = keyof typeof DOMAINS

/** Bytes of the sealed form of `length` bytes. */
export function sealedLength(length: number): number {
  return length + TAG_LENGTH * chunkCount(length)
}

/** @throws LedgerError corrupt/SEAL_BROKEN when nothing has this sealed length */
export function openedLength(sealed: number): number {
  const chunks = Math.ceil(sealed / SEALED_CHUNK_LENGTH)
  const length = sealed - TAG_LENGTH * chunks
  if (length < 0 || sealedLength(length) !== sealed) throw sealBroken()
  return length
}

function chunkCount(length: number): number {
  return Math.max(1, Math.ceil(length / CHUNK_LENGTH))
}

export function seal(dataKey: Uint8Array, domain: SealDomain, plaintext: Uint8Array): Uint8Array {
  const sealer = new Sealer(dataKey, domain)
  const last = chunkCount(plaintext.length) - 1
  const chunks: Uint8Array[] = []
  for (let number = 0; number <= last; number++) {
    const start = number * CHUNK_LENGTH
    const chunk = plaintext.subarray(start, start + CHUNK_LENGTH)
    chunks.push(...sealer.seal(chunk, number === last))
  }
  return Buffer.concat(chunks)
}

/** @throws LedgerError corrupt/SEAL_BROKEN */
export function open(dataKey: Uint8Array, domain: SealDomain, sealed: Uint8Array): Uint8Array {
  const opener = new Opener(dataKey, domain, sealed.length)
  const chunks: Uint8Array[] = []
  for (let number = 0; number < opener.chunkCount; number++) {
    const start = number * SEALED_CHUNK_LENGTH
    chunks.push(opener.open(number, sealed.subarray(start, start + SEALED_CHUNK_LENGTH)))
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}

/** Seals the chunks of one plaintext, one after the other. */
export class Sealer {
  readonly #key: KeyObject
  readonly #domain: SealDomain
  #next = 0
  #ended = false

  constructor(dataKey: Uint8Array, domain: SealDomain) {
    this.#key = dataKeyObject(dataKey)
    this.#domain = domain
  }

  /** Ciphertext and tag. Every chunk but the last has CHUNK_LENGTH bytes. */
  seal(chunk: Uint8Array, last: boolean): readonly [ciphertext: Uint8Array, tag: Uint8Array] {
    if (this.#ended || this.#next === CHUNK_LIMIT) throw new TypeError('no chunk follows the last')
    if (chunk.length !== CHUNK_LENGTH && !(last && chunk.length < CHUNK_LENGTH))
      throw new TypeError('only the last chunk is shorter')
    this.#ended = last
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce(this.#domain, this.#next++, last))
    const ciphertext = cipher.update(chunk)
    cipher.final()
    return [ciphertext, cipher.getAuthTag()]
  }
}

/** Opens any chunk of sealed bytes whose whole length is known. */
export class Opener {
  readonly chunkCount: number
  /** Bytes of the plaintext. */
  readonly length: number
  readonly #key: KeyObject
  readonly #domain: SealDomain

  /** @throws LedgerError corrupt/SEAL_BROKEN when nothing has this sealed length */
  constructor(dataKey: Uint8Array, domain: SealDomain, sealed: number) {
    this.length = openedLength(sealed)
    this.chunkCount = chunkCount(this.length)
    this.#key = dataKeyObject(dataKey)
    this.#domain = domain
  }

  /** @throws LedgerError corrupt/SEAL_BROKEN */
  open(number: number, chunk: Uint8Array): Uint8Array {
    const last = number === this.chunkCount - 1
    const end = chunk.length - TAG_LENGTH
    if (end < 0) throw sealBroken()
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce(this.#domain, number, last))
    decipher.setAuthTag(chunk.subarray(end))
    try {
      const plaintext = decipher.update(chunk.subarray(0, end))
      decipher.final()
      return plaintext
    } catch (cause) {
      throw sealBroken(cause)
    }
  }
}

function nonce(domain: SealDomain, number: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes[0] = DOMAINS[domain]
  bytes.writeUInt32BE(number, 7)
  bytes[11] = last ? 1 : 0
  return bytes
}

// Node takes 4 µs less a cipher for a KeyObject than for bytes, even made for one use.
function dataKeyObject(dataKey: Uint8Array): KeyObject {
  if (dataKey.length !== 32) throw new TypeError('a data key is 32 bytes long')
  return createSecretKey(dataKey)
}

function sealBroken(cause?: unknown): LedgerError {
  return new LedgerError('corrupt', 'SEAL_BROKEN', {}, { cause })
}
