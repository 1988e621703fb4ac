import { hashAct } from '../acts/typedData.ts'
import { certificateIdOf } from '../certificates/status.ts'
import { LedgerError } from '../errors.ts'
import { grantIdOf } from '../grants/rules.ts'
import { verifyAudience, verifyContext } from '../grants/use.ts'
import type { Registries } from '../parties/registries.ts'
import type { UseReleased } from '../statements/use.ts'
import { verifyHolders, verifyScope } from '../uses/decide.ts'
import type { AskedUse } from '../uses/decide.ts'
import type { Authorization } from '../uses/documents.ts'
import { isSignedByKey, neededSignatures } from '../uses/signatures.ts'
import { isCounted } from './grant.ts'
import type { OpenedCertificate } from './opened.ts'
import type { SlotWorld } from './slotWorld.ts'

/**
 * That the use is one that its holders allowed and its department asked for: who signed, for which case and purpose,
 * which fields of which certificate, and that limited uses were counted. The grants themselves are another check.
 *
 * @param origin of the trusted log: a use asks one node
 * @returns USE_AUTHORIZED, or USE_SIGNATURE_OF_CONTRACT where only the chain could tell
 * @throws LedgerError what is wrong
 */
export function checkUse(
  statement: UseReleased,
  certificate: OpenedCertificate | undefined,
  world: SlotWorld,
  registries: Registries,
  origin: string,
): string {
  const { subject, holders, fields, manner, context, authorizations, decision } = statement
  if (certificate !== undefined) verifySubject(statement, certificate)
  verifyHolders(holders, authorizations)
  const asked: AskedUse = {
    subject,
    holders,
    fields,
    manner,
    context,
    origin,
    region: decision.region,
  }
  let isByContract = false
  for (const authorization of authorizations) {
    const { use } = authorization
    if (use.user !== statement.user) throw new LedgerError('unverified', 'USE_USER_MISMATCH')
    verifyContext(use, context)
    verifyAudience(use, origin)
    verifyScope(authorization, asked)
    const counted = wasCounted(authorization, world, registries)
    if (!counted && authorization.chain.some(({ uses }) => uses !== 0))
      throw new LedgerError('unverified', 'USE_NOT_COUNTED')
    isByContract ||= !isSigned(authorization, world, registries, counted)
  }
  return isByContract ? 'USE_SIGNATURE_OF_CONTRACT' : 'USE_AUTHORIZED'
}

/** The certificate that travels along is the one that the receipt names, and these are its holders. */
function verifySubject(
  { subject, holders }: UseReleased,
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
    throw new LedgerError('unverified', 'USE_SUBJECT_MISMATCH')
  const same = holders.length === statement.holders.length
  if (!same || !holders.every((holder) => statement.holders.includes(holder)))
    throw new LedgerError('unverified', 'USE_HOLDERS_MISMATCH')
}

/** What the chain counted, it saw signed: so it is with contract accounts, whose signatures only the chain can check. */
function isSigned(
  authorization: Authorization,
  world: SlotWorld,
  registries: Registries,
  counted: boolean,
): boolean {
  const digest = hashAct({ type: 'Use', message: authorization.use }, registries)
  const needed = neededSignatures(authorization, world)
  if (counted || needed.every((signature) => isSignedByKey(signature, digest))) return true
  // A key signs in 65 bytes. What has that length and is of another key is no signature of the account's.
  for (const each of needed)
    if (!isSignedByKey(each, digest) && each.signature.length === 2 + 2 * 65)
      throw new LedgerError('unverified', 'USE_SIGNATURE_INVALID', { account: each.account })
  return false
}

function wasCounted(
  authorization: Authorization,
  world: SlotWorld,
  registries: Registries,
): boolean {
  const last = authorization.chain.at(-1)
  return (
    last !== undefined && isCounted(authorization, grantIdOf(last, registries), world, registries)
  )
}
