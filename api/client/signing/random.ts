import { encodeHex } from '../../../node/core/bytes.ts'

/** 64 hex digits that nobody guesses: salts and seeds. */
export function randomWord(): string {
  return encodeHex(crypto.getRandomValues(new Uint8Array(32)))
}
