import {
  readDisclosed,
  verifyCertificate,
  type Certificate,
} from '../core/certificates/credential.ts'
import { requireFace } from '../core/certificates/face.ts'
import { certificateTypeWord } from '../core/acts/certificateType.ts'
import type { CertificateType } from '../core/certificates/types.ts'
import { LedgerError } from '../core/errors.ts'
import type { PartyReader } from './certificates.ts'

export interface Jurisdiction {
  readonly departments: PartyReader
  /** As in force; throws CERTIFICATE_TYPE_UNKNOWN. */
  readonly typeOf: (code: string) => CertificateType
  /** Of the chain that carries the registries. */
  readonly chainId: number
  /** Seconds since 1970. */
  readonly now: number
}

/** Seconds by which a department's clock may be ahead. */
const CLOCK_SKEW = 300

/**
 * A certificate that may be logged: everything on it agrees, and a department signed it that may issue its type now.
 *
 * @throws LedgerError see `Certificates.issue`
 */
export function judgeCertificate(
  sdJwt: string,
  { departments, typeOf, chainId, now }: Jurisdiction,
): Certificate {
  const { issuer, type, ...unverified } = readDisclosed(sdJwt)
  // The same department address on another chain may be another department.
  if (unverified.chainId !== chainId) throw refuse('CERTIFICATE_CHAIN_WRONG', { chainId })
  const published = typeOf(type)
  const certificateType = certificateTypeWord(type)
  const account = departments.accountAs(issuer, 'issuer', certificateType, now)
  if (account === undefined) {
    const details = { department: issuer, role: 'issuer', certificateType: type }
    throw new LedgerError('forbidden', 'NOT_ACCREDITED', details)
  }
  const certificate = verifyCertificate(sdJwt, { account })
  if (Object.keys(certificate.fields).length !== certificate.fieldCount) {
    throw refuse('CERTIFICATE_INCOMPLETE')
  }
  const { validFrom, validTo } = requireFace(certificate, published, now * 1000)
  // What a machine reads must be what a person reads.
  if (validFrom !== certificate.validFrom || validTo !== certificate.validTo) {
    throw refuse('CERTIFICATE_VALIDITY_MISMATCH')
  }
  if (certificate.issuedAt > now + CLOCK_SKEW) throw refuse('CERTIFICATE_ISSUED_IN_FUTURE')
  return certificate
}

function refuse(code: string, details?: Readonly<Record<string, unknown>>): LedgerError {
  return new LedgerError('invalid', code, details)
}
