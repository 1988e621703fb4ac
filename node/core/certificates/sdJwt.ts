import { base64urlnopad } from '@scure/base'
import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { isLedgerError, LedgerError } from '../errors.ts'
import { sha256 } from '../hash/hash.ts'
import { parseStrictJson, STATEMENT_LIMITS } from '../json.ts'
import { parseBy } from '../schema.ts'
import { Fields, type FieldValue } from '../statements/parts.ts'

/**
 * SD-JWT (RFC 9901) as this ledger reads it: stricter than the standard where the standard leaves a choice, so that one
 * credential has one spelling and one meaning. Compact serialization; SHA-256; every disclosure is a member of the
 * payload itself, with nothing disclosable inside it.
 */

/** Bytes; a portrait fits, a scan does not. */
const MAX_LENGTH = 512 * 1024
const LIMITS = { ...STATEMENT_LIMITS, bytes: MAX_LENGTH }

/** What stands between the tildes. */
export interface SdJwtParts {
  readonly jwt: string
  readonly disclosures: readonly string[]
  readonly keyBinding: string | undefined
}

export interface Jwt {
  readonly header: unknown
  readonly payload: unknown
  /** What was signed. */
  readonly input: Uint8Array
  readonly signature: Uint8Array
}

/** RFC 9901 §4. @throws LedgerError invalid/CREDENTIAL_MALFORMED */
export function splitSdJwt(text: string): SdJwtParts {
  if (text.length > MAX_LENGTH) throw malformed('too long')
  const [jwt = '', ...rest] = text.split('~')
  const keyBinding = rest.pop()
  if (keyBinding === undefined) throw malformed('no tilde')
  return { jwt, disclosures: rest, keyBinding: keyBinding || undefined }
}

export function joinSdJwt(jwt: string, disclosures: readonly string[]): string {
  return [jwt, ...disclosures, ''].join('~')
}

/** RFC 7515 §3.1. @throws LedgerError invalid/CREDENTIAL_MALFORMED */
export function parseJwt(text: string): Jwt {
  const [header, payload, signature, ...more] = text.split('.')
  if (signature === undefined || more.length > 0) throw malformed('a JWT has three parts')
  return {
    header: decodeJson(header),
    payload: decodeJson(payload),
    input: utf8(`${header}.${payload}`),
    signature: decodeBase64Url(signature),
  }
}

/**
 * The only header that is taken: nothing in it is for the signer to choose.
 *
 * @throws LedgerError invalid/CREDENTIAL_MALFORMED
 * @throws LedgerError unverified/CREDENTIAL_ALGORITHM_WRONG, CREDENTIAL_KIND_WRONG
 */
export function requireHeader(header: unknown, typ: string): void {
  const { alg, typ: found } = parseBy(Header, header, 'CREDENTIAL_MALFORMED')
  // `none`, or a key of another kind: what is not ES256K would not be verified at all.
  if (alg !== 'ES256K') throw new LedgerError('unverified', 'CREDENTIAL_ALGORITHM_WRONG')
  // RFC 8725 §3.11: a JWT that was made for another purpose does not count here.
  if (found !== typ) throw new LedgerError('unverified', 'CREDENTIAL_KIND_WRONG', { expected: typ })
}

const Header = z.strictObject({ alg: z.string(), typ: z.string() })

/**
 * The fields that are disclosed: RFC 9901 §7.1 steps 3 and 4.
 *
 * @param digests `_sd` of the payload
 * @param claims names that stand in the payload in clear
 * @throws LedgerError invalid/DISCLOSURE_MALFORMED
 * @throws LedgerError unverified/DISCLOSURE_UNKNOWN, DISCLOSURE_REPEATED, DISCLOSURE_NAME_TAKEN
 */
export function readDisclosures(
  disclosures: readonly string[],
  digests: readonly string[],
  claims: readonly string[],
): { readonly [name: string]: FieldValue } {
  const unused = new Set(digests)
  const fields = new Map<string, FieldValue>()
  for (const disclosure of disclosures) {
    const digest = base64urlnopad.encode(sha256(utf8(disclosure)))
    if (!unused.delete(digest)) {
      if (digests.includes(digest)) throw new LedgerError('unverified', 'DISCLOSURE_REPEATED')
      throw new LedgerError('unverified', 'DISCLOSURE_UNKNOWN')
    }
    const [name, value] = parseDisclosure(disclosure)
    // The signer itself put it there, yet it would say two things of one name.
    if (claims.includes(name) || fields.has(name)) {
      throw new LedgerError('unverified', 'DISCLOSURE_NAME_TAKEN')
    }
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

/** RFC 9901 §4.2.1: [salt, name, value]. @throws LedgerError invalid/DISCLOSURE_MALFORMED */
export function parseDisclosure(text: string): readonly [name: string, value: FieldValue] {
  const [, name, value] = parseBy(Disclosure, decodeJson(text), 'DISCLOSURE_MALFORMED')
  return [name, value]
}

const Disclosure = z.tuple([
  z.string(),
  z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'not a field name'),
  z.custom<FieldValue>(
    (value) => Fields.safeParse({ value }).success && !holdsDigests(value),
    'not a value of a field',
  ),
])

/** What RFC 9901 would take for something still undisclosed. */
function holdsDigests(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([name, inner]) => name === '_sd' || name === '...' || holdsDigests(inner),
  )
}

function decodeJson(text: string | undefined): unknown {
  try {
    return parseStrictJson(decodeBase64Url(text), LIMITS)
  } catch (cause) {
    if (!isLedgerError(cause) || cause.code === 'CREDENTIAL_MALFORMED') throw cause
    throw new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason: cause.code }, { cause })
  }
}

/** RFC 7515 §2: unpadded; unused bits must be zero, or one signature would have several spellings. */
function decodeBase64Url(text: string | undefined): Uint8Array {
  try {
    return base64urlnopad.decode(text ?? '')
  } catch (cause) {
    throw new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason: 'base64url' }, { cause })
  }
}

function malformed(reason: string): LedgerError {
  return new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason })
}
