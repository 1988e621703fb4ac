import type { IncomingMessage } from 'node:http'
import { parseDictionary, parseItem, serializeDictionary } from 'structured-headers'
import { encodeHex, tryDecodeBase64 } from '../../node/core/bytes.ts'
import { LedgerError } from '../../node/core/errors.ts'

/** A header that Node knows nothing special about: several are one, joined by commas. */
export function findHeader(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}

/**
 * Digests that a Content-Digest header promises (RFC 9530), tagged as in statements.
 * Algorithms beside sha-256 may stand there too and are not looked at.
 *
 * @throws LedgerError invalid/CONTENT_DIGEST_MALFORMED, CONTENT_DIGEST_ALGORITHM_UNSUPPORTED
 */
export function parseContentDigest(header: string): string {
  const value = parseField(header, parseDictionary, 'CONTENT_DIGEST_MALFORMED').get('sha-256')
  if (value === undefined)
    throw new LedgerError('invalid', 'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED', {
      supported: ['sha-256'],
    })
  const [digest] = value
  if (!(digest instanceof ArrayBuffer) || digest.byteLength !== 32)
    throw new LedgerError('invalid', 'CONTENT_DIGEST_MALFORMED')
  return `sha-256:${encodeHex(new Uint8Array(digest))}`
}

/** Value of a Content-Digest or Repr-Digest header, of a tagged sha-256 digest. */
export function formatDigestHeader(digest: string): string {
  return serializeDictionary({ 'sha-256': Buffer.from(digest.slice('sha-256:'.length), 'hex') })
}

/**
 * Bytes of the submission in `Once-Statement`: an RFC 9651 byte sequence, `:<base64>:`.
 *
 * @throws LedgerError invalid/STATEMENT_HEADER_MALFORMED
 */
export function parseStatementHeader(header: string): Uint8Array {
  const text = header.trim()
  // A byte sequence without parameters has one spelling, so it needs no parser of its own.
  const bytes =
    text.length > 2 && text.startsWith(':') && text.endsWith(':')
      ? tryDecodeBase64(text.slice(1, -1))
      : undefined
  if (bytes === undefined) throw new LedgerError('invalid', 'STATEMENT_HEADER_MALFORMED')
  return bytes
}

/**
 * The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a structured string,
 * `"8e03978e-40d5"`; the bare form without quotes, which many clients send, means the same.
 *
 * @throws LedgerError invalid/IDEMPOTENCY_KEY_MALFORMED unless it is 1 to 255 visible ASCII characters
 */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = header.startsWith('"')
    ? parseField(header, parseItem, 'IDEMPOTENCY_KEY_MALFORMED')[0]
    : header
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new LedgerError('invalid', 'IDEMPOTENCY_KEY_MALFORMED')
  return key
}

export interface Preferences {
  /** Milliseconds. */
  readonly wait?: number
  /** The caller wants no evidence in the answer. */
  readonly minimal: boolean
}

/** The Prefer header (RFC 7240); what is not understood is ignored, as the RFC asks. */
export function parsePrefer(header: string | undefined): Preferences {
  if (header === undefined) return { minimal: false }
  const preferences = new Map(
    header.split(',').map((preference) => {
      const [name = '', value = ''] = (preference.split(';')[0] ?? '').split('=')
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')]
    }),
  )
  const wait = preferences.get('wait') ?? ''
  return {
    minimal: preferences.get('return') === 'minimal',
    ...(/^\d{1,6}$/.test(wait) && { wait: Number(wait) * 1000 }),
  }
}

/**
 * Type and subtype of a Content-Type header, lower case, without parameters.
 *
 * @throws LedgerError invalid/MEDIA_TYPE_MALFORMED
 */
export function parseMediaType(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const semicolon = header.indexOf(';')
  const type = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase()
  if (!/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/.test(type))
    throw new LedgerError('invalid', 'MEDIA_TYPE_MALFORMED')
  return type
}

function parseField<T>(header: string, parse: (text: string) => T, code: string): T {
  try {
    return parse(header)
  } catch (cause) {
    // The parser throws nothing but its opinion of the text.
    throw new LedgerError('invalid', code, {}, { cause })
  }
}
