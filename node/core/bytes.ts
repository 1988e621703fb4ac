import { base64ToBytes, bytesToBase64, bytesToHex, hexToBytes } from '#bytes'
import { LedgerError } from './errors.ts'

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

const encoder = new TextEncoder()
// A byte order mark is a character like any other: it must come back out.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws LedgerError invalid/UTF8_MALFORMED on a lone surrogate, which has no UTF-8 form */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new LedgerError('invalid', 'UTF8_MALFORMED')
  return encoder.encode(text)
}

/** @throws LedgerError invalid/UTF8_MALFORMED */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new LedgerError('invalid', 'UTF8_MALFORMED', {}, { cause })
  }
}

/** Lower case. */
export function encodeHex(bytes: Uint8Array): string {
  return bytesToHex(bytes)
}

/**
 * Lower case only: one spelling for each value.
 *
 * @throws LedgerError invalid/HEX_MALFORMED, also when `length` (in bytes) is given and differs
 */
export function decodeHex(text: string, length?: number): Uint8Array {
  const bytes = /^(?:[0-9a-f]{2})*$/.test(text) ? hexToBytes(text) : undefined
  if (bytes === undefined || (length !== undefined && bytes.length !== length))
    throw new LedgerError('invalid', 'HEX_MALFORMED')
  return bytes
}

/** RFC 4648 §4, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  return bytesToBase64(bytes)
}

/**
 * Accepts exactly what `encodeBase64` gives: padded, no white space, unused bits zero.
 *
 * @throws LedgerError invalid/BASE64_MALFORMED, also when `length` (in bytes) is given and differs
 */
export function decodeBase64(text: string, length?: number): Uint8Array {
  const bytes = tryDecodeBase64(text, length)
  if (bytes === undefined) throw new LedgerError('invalid', 'BASE64_MALFORMED')
  return bytes
}

/** As `decodeBase64`, for parsers that have a code of their own. */
export function tryDecodeBase64(text: string, length?: number): Uint8Array | undefined {
  const bytes = base64ToBytes(text)
  if (bytes === undefined || (length !== undefined && bytes.length !== length)) return undefined
  return bytes
}
