import * as z from 'zod'
import { LedgerError } from '../errors.ts'
import { HexHash, type Hex } from '../ethereum/hex.ts'
import { parseBy } from '../schema.ts'
import { HolderIds } from '../statements/certificate.ts'
import { parseDid } from './did.ts'
import { requireEs256k } from './es256k.ts'
import {
  joinSdJwt,
  parseDisclosure,
  parseJwt,
  readDisclosures,
  requireHeader,
  splitSdJwt,
} from './sdJwt.ts'
import type { CertificateFields } from './types.ts'

/**
 * A certificate as a credential: SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc), signed ES256K by the account of the
 * issuing department. Every field of its face can be disclosed by itself.
 */

export const CREDENTIAL_MEDIA_TYPE = 'application/dc+sd-jwt'
/** `typ` of its header. */
export const CREDENTIAL_TYP = 'dc+sd-jwt'
/** `vct` without the code of the type. */
export const VCT = 'urn:onceledger:certificate:'

/** What the issuer states. Seconds since 1970. */
export interface CertificateClaims {
  /** Address that names the department in the party registry of chain `chainId`. */
  readonly issuer: Hex
  readonly chainId: number
  readonly type: string
  readonly identifier: string
  readonly holders: readonly Hex[]
  readonly issuedAt: number
  readonly validFrom: number
  /** The first second in which it is no longer valid. */
  readonly validTo?: number
  /** Serial of the earlier certificate. */
  readonly renews?: Hex
  readonly replaces?: Hex
  /** The only account that may present it, where the issuer says so; else those bound to a holder may. */
  readonly holderAccount?: Hex
}

/** A certificate that was read: its claims, and those of its fields that came along. */
export interface Certificate extends CertificateClaims {
  readonly fields: CertificateFields
  /** How many fields it has, disclosed or not. */
  readonly fieldCount: number
  /** The JWT that the issuer signed, without disclosures. */
  readonly jwt: string
}

const seconds = z.int().min(0)

const Payload = z
  .strictObject({
    iss: z.string(),
    vct: z.string().startsWith(VCT),
    iat: seconds,
    nbf: seconds,
    exp: seconds.optional(),
    identifier: z.string().max(160),
    holders: HolderIds,
    renews: HexHash.optional(),
    replaces: HexHash.optional(),
    cnf: z.strictObject({ kid: z.string() }).optional(),
    _sd: z
      .array(z.string().regex(/^[\w-]{43}$/))
      .min(1)
      .max(256)
      .refine((digests) => new Set(digests).size === digests.length, 'a digest twice'),
    _sd_alg: z.literal('sha-256'),
  })
  .refine(({ nbf, exp }) => exp === undefined || exp > nbf, 'never valid')

/** Names that no field may have. */
export const CLAIM_NAMES: readonly string[] = Object.keys(Payload.shape)

/**
 * A certificate by the department's account: its signature, and that each disclosure belongs to it.
 *
 * @param sdJwt without key binding, with as many of its disclosures as there are
 * @param account that the issuing department acted by
 * @throws LedgerError unverified/SIGNATURE_MALFORMED, SIGNATURE_INVALID
 * @throws LedgerError as `readDisclosed`
 */
export function verifyCertificate(sdJwt: string, { account }: { account: Hex }): Certificate {
  const certificate = readDisclosed(sdJwt)
  const { input, signature } = parseJwt(certificate.jwt)
  requireEs256k([account], input, signature)
  return certificate
}

/**
 * What a certificate says, with the signature not looked at.
 *
 * @throws LedgerError invalid/CREDENTIAL_MALFORMED, DISCLOSURE_MALFORMED
 * @throws LedgerError unverified/CREDENTIAL_ALGORITHM_WRONG, CREDENTIAL_KIND_WRONG
 * @throws LedgerError unverified/DISCLOSURE_UNKNOWN, DISCLOSURE_REPEATED, DISCLOSURE_NAME_TAKEN
 */
export function readDisclosed(sdJwt: string): Certificate {
  const { jwt, disclosures, keyBinding } = splitSdJwt(sdJwt)
  if (keyBinding !== undefined) {
    throw new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason: 'a presentation' })
  }
  const { header, payload } = parseJwt(jwt)
  requireHeader(header, CREDENTIAL_TYP)
  const claims = parseBy(Payload, payload, 'CREDENTIAL_MALFORMED')
  const { chainId, address } = parseDid(claims.iss)
  const holderDid = claims.cnf && parseDid(claims.cnf.kid)
  if (holderDid && holderDid.chainId !== chainId) {
    throw new LedgerError('invalid', 'CREDENTIAL_MALFORMED', { reason: 'another chain' })
  }
  return {
    issuer: address,
    chainId,
    type: claims.vct.slice(VCT.length),
    identifier: claims.identifier,
    holders: claims.holders,
    issuedAt: claims.iat,
    validFrom: claims.nbf,
    ...(claims.exp !== undefined && { validTo: claims.exp }),
    ...(claims.renews !== undefined && { renews: claims.renews }),
    ...(claims.replaces !== undefined && { replaces: claims.replaces }),
    ...(holderDid && { holderAccount: holderDid.address }),
    fields: readDisclosures(disclosures, claims._sd, CLAIM_NAMES),
    fieldCount: claims._sd.length,
    jwt,
  }
}

/**
 * The same certificate with these fields alone, in the order they came.
 *
 * @throws LedgerError invalid/CERTIFICATE_FIELD_UNKNOWN a name that is not there to be disclosed
 * @throws LedgerError invalid/CREDENTIAL_MALFORMED, DISCLOSURE_MALFORMED
 */
export function discloseFields(sdJwt: string, names: readonly string[]): string {
  const { jwt, disclosures } = splitSdJwt(sdJwt)
  const named = disclosures.map((disclosure) => ({
    disclosure,
    name: parseDisclosure(disclosure)[0],
  }))
  const missing = names.find((name) => !named.some((one) => one.name === name))
  if (missing !== undefined) {
    throw new LedgerError('invalid', 'CERTIFICATE_FIELD_UNKNOWN', { field: missing.slice(0, 64) })
  }
  const wanted = named.filter(({ name }) => names.includes(name))
  return joinSdJwt(
    jwt,
    wanted.map(({ disclosure }) => disclosure),
  )
}
