import { KBJwt } from '@sd-jwt/core'
import { base64urlnopad } from '@scure/base'
import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import { parseBy } from '../schema.ts'
import { verifyCertificate, type Certificate } from './credential.ts'
import { requireEs256k, type Sign } from './es256k.ts'
import { parseJwt, requireHeader, splitSdJwt } from './sdJwt.ts'

/** A holder shows a certificate: SD-JWT+KB, RFC 9901 §4.3. */

const TYP = 'kb+jwt'
/** Seconds by which the holder's clock may be ahead. */
const CLOCK_SKEW = 60

export interface Presenting {
  /** By an account of a holder. */
  readonly sign: Sign
  /** What the verifier gave to be signed. */
  readonly nonce: string
  readonly audience: string
  /** Seconds since 1970. */
  readonly now: number
}

export interface Expected {
  /** That the issuing department acted by. */
  readonly account: Hex
  /** Accounts bound to one of the holders; those named in the certificate itself, unless given. */
  readonly holderAccounts?: readonly Hex[]
  /** What the verifier gave to be signed, for this presentation alone. */
  readonly nonce: string
  readonly audience: string
  /** Seconds since 1970. */
  readonly now: number
  /** Seconds. */
  readonly maxAge: number
}

export interface Presented {
  readonly certificate: Certificate
  /** That signed. */
  readonly holderAccount: Hex
}

/**
 * Signs that these disclosures are shown, now, to this verifier.
 *
 * @param sdJwt with the disclosures to show: see `discloseFields`
 */
export async function presentCertificate(
  sdJwt: string,
  { sign, nonce, audience, now }: Presenting,
): Promise<string> {
  const jwt = new KBJwt({
    header: { typ: TYP, alg: 'ES256K' },
    payload: { iat: now, aud: audience, nonce, sd_hash: hashOf(sdJwt) },
  })
  return sdJwt + (await jwt.sign(async (input) => base64urlnopad.encode(await sign(utf8(input)))))
}

/**
 * RFC 9901 §7.3, with key binding required.
 *
 * @throws LedgerError unverified/PRESENTATION_NONCE_MISSING the verifier gave no nonce, or none was signed
 * @throws LedgerError unverified/PRESENTATION_KEY_BINDING_MISSING, PRESENTATION_HOLDER_UNKNOWN
 * @throws LedgerError unverified/PRESENTATION_ALTERED other disclosures were signed for
 * @throws LedgerError unverified/PRESENTATION_NONCE_WRONG, PRESENTATION_AUDIENCE_WRONG
 * @throws LedgerError unverified/PRESENTATION_TOO_OLD, PRESENTATION_TOO_EARLY
 * @throws LedgerError as `verifyCertificate`
 */
export function verifyPresentation(sdJwtKb: string, expected: Expected): Presented {
  if (expected.nonce === '') throw refuse('PRESENTATION_NONCE_MISSING')
  const { keyBinding } = splitSdJwt(sdJwtKb)
  if (keyBinding === undefined) throw refuse('PRESENTATION_KEY_BINDING_MISSING')
  const sdJwt = sdJwtKb.slice(0, -keyBinding.length)
  const certificate = verifyCertificate(sdJwt, expected)
  const { header, payload, input, signature } = parseJwt(keyBinding)
  requireHeader(header, TYP)
  const claims = parseBy(KeyBinding, payload, 'CREDENTIAL_MALFORMED')
  const holderAccount = requireEs256k(accountsOf(certificate, expected), input, signature)
  if (claims.sd_hash !== hashOf(sdJwt)) throw refuse('PRESENTATION_ALTERED')
  if (!claims.nonce) throw refuse('PRESENTATION_NONCE_MISSING')
  if (claims.nonce !== expected.nonce) throw refuse('PRESENTATION_NONCE_WRONG')
  if (claims.aud !== expected.audience) throw refuse('PRESENTATION_AUDIENCE_WRONG')
  if (claims.iat < expected.now - expected.maxAge) throw refuse('PRESENTATION_TOO_OLD')
  if (claims.iat > expected.now + CLOCK_SKEW) throw refuse('PRESENTATION_TOO_EARLY')
  return { certificate, holderAccount }
}

const KeyBinding = z.strictObject({
  iat: z.int().min(0),
  aud: z.string(),
  nonce: z.string().optional(),
  sd_hash: z.string(),
})

function accountsOf({ holderAccount }: Certificate, { holderAccounts }: Expected): readonly Hex[] {
  if (holderAccount === undefined && holderAccounts === undefined) {
    throw refuse('PRESENTATION_HOLDER_UNKNOWN')
  }
  if (holderAccount === undefined) return holderAccounts ?? []
  // An account that was named at issue and is bound no longer may not present any more.
  const bound = holderAccounts?.includes(holderAccount) ?? true
  return bound ? [holderAccount] : []
}

function hashOf(sdJwt: string): string {
  return base64urlnopad.encode(sha256(utf8(sdJwt)))
}

function refuse(code: string): LedgerError {
  return new LedgerError('unverified', code)
}
