import { requireEs256k } from '../certificates/es256k.ts'
import { parseJwt } from '../certificates/sdJwt.ts'
import { certificateIdOf, isUsable, statusCodeOf } from '../certificates/status.ts'
import { typeWordOf } from '../certificates/types.ts'
import type { OpenedCertificate } from './opened.ts'
import type { SlotWorld } from './slotWorld.ts'

/** A code, and what it is about. */
export interface Finding {
  readonly code: string
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The issuing department was accredited for the type, it and every department above it, and its account signed.
 *
 * @param world as it was when the certificate was issued
 * @throws LedgerError unverified/SIGNATURE_INVALID, SIGNATURE_MALFORMED, STATE_NOT_PROVEN; invalid/CREDENTIAL_*
 */
export function checkIssuer({ statement }: OpenedCertificate, world: SlotWorld): Finding {
  const { issuer, type, credential } = statement
  const details = { issuer, type, asOf: world.time }
  const account = world.accountAs(issuer, 'issuer', typeWordOf(type))
  if (account === undefined) return { code: 'ISSUER_NOT_ACCREDITED', details }
  const { input, signature } = parseJwt(credential)
  requireEs256k([account], input, signature)
  return { code: 'ISSUER_ACCREDITED', details }
}

/**
 * How the certificate stood at a time.
 *
 * @param world in which the history is proven; it tells of no time after its own
 * @param at seconds since 1970; unless given, the world's own
 * @throws LedgerError unverified/STATE_NOT_PROVEN
 */
export function checkStatus(
  { statement, serial, at: issuedAt }: OpenedCertificate,
  world: SlotWorld,
  at: number = world.time,
): Finding {
  const { issuer, type, validFrom, validTo } = statement
  const certificate = certificateIdOf(issuer, type, serial)
  const change = world.statusHistory(certificate).findLast((entry) => entry.at <= at)
  const status = statusCodeOf(change?.status ?? 0)
  const details = { certificate, at, status, asOf: world.time }
  // What came after the proof was made, nobody can read from it.
  if (at > world.time) return { code: 'STATUS_AFTER_PROOF', details }
  if (at < issuedAt) return { code: 'STATUS_BEFORE_ISSUE', details }
  if (!isUsable(change?.status ?? 0)) return { code: 'STATUS_NOT_VALID', details }
  if (at < validFrom) return { code: 'STATUS_NOT_YET_VALID', details }
  if (validTo !== undefined && at >= validTo) return { code: 'STATUS_EXPIRED', details }
  return { code: 'STATUS_VALID', details }
}
