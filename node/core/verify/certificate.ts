import { verifyIssued } from '../certificates/issued.ts'
import { certificateIdOf, isUsable, statusCodeOf } from '../certificates/status.ts'
import { certificateTypeWord } from '../acts/certificateType.ts'
import type { Registries } from '../parties/registries.ts'
import type { Finding } from './finding.ts'
import type { OpenedCertificate } from './opened.ts'
import { isNear } from './provenState.ts'
import type { ProvenState } from './provenState.ts'

/**
 * The issuing department was accredited for the type when the log took the certificate in, it and every department
 * above it; its account signed the credential, and the statement says what the credential says.
 *
 * @throws LedgerError unverified/CERTIFICATE_STATEMENT_MISMATCH, SIGNATURE_INVALID, SIGNATURE_MALFORMED,
 *   STATE_NOT_PROVEN, CREDENTIAL_*; invalid/CREDENTIAL_MALFORMED
 */
export function checkIssuer(
  { statement, at }: OpenedCertificate,
  { proven, registries }: { readonly proven: ProvenState; readonly registries: Registries },
): Finding {
  const { issuer, type, chainId } = statement
  const details = { issuer, type, asOf: proven.world.time }
  // The same address may be another department on another chain.
  if (chainId !== registries.chainId) return { code: 'ISSUER_ON_OTHER_CHAIN', details }
  if (!isNear(proven, at)) return { code: 'ISSUER_PROVEN_AT_OTHER_TIME', details }
  const account = proven.world.at(at).accountAs(issuer, 'issuer', certificateTypeWord(type))
  if (account === undefined) return { code: 'ISSUER_NOT_ACCREDITED', details }
  verifyIssued(statement, { account })
  return { code: 'ISSUER_ACCREDITED', details }
}

/**
 * How the certificate stood at a time.
 *
 * @param at seconds since 1970
 * @param slack seconds by which `at` may lie after the last that is proven
 * @throws LedgerError unverified/STATE_NOT_PROVEN
 */
export function checkStatus(
  { statement, serial, at: issuedAt }: OpenedCertificate,
  { world, until }: ProvenState,
  { at, slack = 0 }: { readonly at: number; readonly slack?: number },
): Finding {
  const { issuer, type, validFrom, validTo } = statement
  const certificate = certificateIdOf(issuer, type, serial)
  const recorded = world.statusHistory(certificate).findLast((change) => change.at <= at)?.status
  const details = { certificate, at, status: statusCodeOf(recorded ?? 0), asOf: until }
  if (at < issuedAt) return { code: 'STATUS_BEFORE_ISSUE', details }
  // What came after the proof was made, nobody can read from it.
  if (at > until + slack) return { code: 'STATUS_AFTER_PROOF', details }
  if (!isUsable(recorded ?? 0)) return { code: 'STATUS_NOT_VALID', details }
  if (at < validFrom) return { code: 'STATUS_NOT_YET_VALID', details }
  if (validTo !== undefined && at >= validTo) return { code: 'STATUS_EXPIRED', details }
  return { code: 'STATUS_VALID', details }
}
