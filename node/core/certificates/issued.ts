import { encodeHex, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import { canonicalize } from '../json.ts'
import type { CertificateIssued } from '../statements/certificate.ts'
import { readDisclosed, verifyCertificate, type Certificate } from './credential.ts'
import { joinSdJwt } from './sdJwt.ts'

/** Id of the statement that issued a certificate: it follows from the identifier, so that none is issued twice. */
export function statementIdOf(identifier: string): string {
  return `certificate-${encodeHex(sha256(utf8(identifier)).subarray(0, 24))}`
}

/** Whether an id is made as those are. */
export function isStatementIdOfCertificate(id: string): boolean {
  return /^certificate-[0-9a-f]{48}$/.test(id)
}

/**
 * The statement that a certificate was issued: it says what the credential says, and nothing that stands on its face.
 */
export function stateCertificate(
  certificate: Certificate,
  content: CertificateIssued['content'],
): CertificateIssued {
  const { issuer, chainId, type, identifier, holders, jwt, validFrom } = certificate
  const { validTo, renews, replaces } = certificate
  return {
    v: 1,
    id: statementIdOf(identifier),
    kind: 'certificate.issued',
    issuer,
    chainId,
    type,
    identifier,
    holders: [...holders],
    credential: jwt,
    content,
    validFrom,
    ...(validTo !== undefined && { validTo }),
    ...(renews !== undefined && { renews }),
    ...(replaces !== undefined && { replaces }),
  }
}

/**
 * The statement is about the credential in it, and the department's account signed that. Without the first, a statement
 * could give one holder's certificate to another.
 *
 * @param account that the issuing department acted by
 * @throws LedgerError unverified/CERTIFICATE_STATEMENT_MISMATCH
 * @throws LedgerError as `verifyCertificate`
 */
export function verifyIssued(
  statement: CertificateIssued,
  { account }: { account: Hex },
): Certificate {
  const sdJwt = joinSdJwt(statement.credential, [])
  const told = stateCertificate(readDisclosed(sdJwt), statement.content)
  if (canonicalize(told) !== canonicalize(statement)) {
    throw new LedgerError('unverified', 'CERTIFICATE_STATEMENT_MISMATCH')
  }
  return verifyCertificate(sdJwt, { account })
}
