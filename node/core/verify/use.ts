import { hashAct } from '../acts/typedData.ts'
import { certificateIdOf } from '../certificates/status.ts'
import { LedgerError } from '../errors.ts'
import { verifyAudience } from '../grants/use.ts'
import type { Registries } from '../parties/registries.ts'
import { fieldsToGrant } from '../checks/questions.ts'
import type { UseReceipt } from '../statements/check.ts'
import { verifyContext } from '../uses/context.ts'
import { verifyHolders, verifyScope } from '../uses/decide.ts'
import type { AskedUse } from '../uses/decide.ts'
import { latestExpiry } from '../uses/derivedCopy.ts'
import { isLimited } from '../uses/documents.ts'
import type { Authorization } from '../uses/documents.ts'
import { isGrantedPlain } from '../uses/plain.ts'
import { useStatementId } from '../uses/request.ts'
import { isSignedByKey, neededSignatures } from '../uses/signatures.ts'
import { countingOf } from './grant.ts'
import type { OpenedCertificate } from './opened.ts'
import { NEAR } from './provenState.ts'
import type { SlotWorld } from './slotWorld.ts'

/** Where and when something was logged. */
export interface Logged {
  /** Of the trusted log: a use asks one node, and an undertaking is given to one. */
  readonly origin: string
  /** Time of the entry, seconds since 1970. */
  readonly loggedAt: number
}

/**
 * That the use is one that its holders allowed and its department asked for: who signed, for which case and purpose,
 * which fields of which certificate, and that limited uses were counted. The grants themselves are another check.
 *
 * @returns USE_AUTHORIZED, or USE_SIGNATURE_OF_CONTRACT where only the chain could tell
 * @throws LedgerError what is wrong
 */
export function checkUse(
  receipt: UseReceipt,
  certificate: OpenedCertificate | undefined,
  world: SlotWorld,
  registries: Registries,
  { origin, loggedAt }: Logged,
): string {
  const { subject, holders, fields, manner, context, authorizations, decision } = receipt
  const questions = receipt.kind === 'use.checked' ? receipt.questions : undefined
  verifyReceipt(receipt, registries, loggedAt)
  if (certificate !== undefined) verifySubject(receipt, certificate)
  verifyHolders(holders, authorizations)
  const asked: AskedUse = {
    subject,
    holders,
    fields,
    manner,
    questions,
    context,
    origin,
    region: decision.region,
  }
  // Whatever a check says of fields: these are the ones that its questions are about.
  const granted = questions ? { ...asked, fields: fieldsToGrant(subject, questions) } : asked
  const then = world.at(decision.at)
  const plain = receipt.kind === 'use.released' ? (receipt.plain ?? []) : []
  for (const field of plain)
    if (!isGrantedPlain(field, authorizations, asked)) throw unverified('USE_PLAIN_NOT_GRANTED')
  const signed = authorizations.map((authorization) => {
    const { use } = authorization
    if (use.user !== receipt.user) throw unverified('USE_USER_MISMATCH')
    verifyContext(use, asked)
    verifyAudience(use, origin)
    verifyScope(authorization, granted)
    const counting = countingOf(authorization, world, registries)
    if (counting === 'not counted' && isLimited(authorization)) throw unverified('USE_NOT_COUNTED')
    // What the chain counted, it saw signed.
    return counting === 'counted' || isSigned(authorization, then, registries)
  })
  return signed.every(Boolean) ? 'USE_AUTHORIZED' : 'USE_SIGNATURE_OF_CONTRACT'
}

/** It answers this very request, once, when it was asked, and lets the copy live no longer than the grants do. */
function verifyReceipt(
  receipt: UseReceipt,
  { chainId, parties, certificates, grants }: Registries,
  loggedAt: number,
): void {
  const { registries, decision } = receipt
  if (
    registries.chainId !== chainId ||
    registries.parties !== parties ||
    registries.certificates !== certificates ||
    registries.grants !== grants
  )
    throw unverified('USE_REGISTRIES_UNTRUSTED')
  if (receipt.id !== useStatementId(receipt, registries)) throw unverified('USE_ID_MISMATCH')
  // Else a node could decide by a time that suits it.
  if (Math.abs(loggedAt - decision.at) > NEAR) throw unverified('USE_LOGGED_AT_OTHER_TIME')
  if (
    receipt.kind === 'use.released' &&
    receipt.expires > latestExpiry(receipt, decision.at + NEAR)
  )
    throw unverified('USE_EXPIRY_TOO_LATE')
}

/** The certificate that travels along is the one that the receipt names, and these are its holders. */
function verifySubject(
  { subject, holders }: UseReceipt,
  { statement, index, serial }: OpenedCertificate,
): void {
  const { id, issuer, type } = statement
  if (
    subject.kind !== 'certificate' ||
    subject.id !== id ||
    subject.index !== index ||
    subject.type !== type ||
    subject.certificate !== certificateIdOf(issuer, type, serial)
  )
    throw unverified('USE_SUBJECT_MISMATCH')
  // One named twice would leave another out.
  const isSame = holders.length === statement.holders.length
  if (!isSame || !holders.every((holder, i) => holder === statement.holders[i]))
    throw unverified('USE_HOLDERS_MISMATCH')
}

/**
 * False where a contract account may have signed: its owner's key may do that in 65 bytes, as a key does for itself.
 */
function isSigned(authorization: Authorization, world: SlotWorld, registries: Registries): boolean {
  const digest = hashAct({ type: 'Use', message: authorization.use }, registries)
  return neededSignatures(authorization, world).every((needed) => isSignedByKey(needed, digest))
}

function unverified(code: string): LedgerError {
  return new LedgerError('unverified', code)
}
