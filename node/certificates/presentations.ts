import { readDisclosed } from '../core/certificates/credential.ts'
import type { Certificate } from '../core/certificates/credential.ts'
import { verifyPresentation } from '../core/certificates/presentation.ts'
import type { Presented } from '../core/certificates/presentation.ts'
import { certificateTypeWord } from '../core/acts/certificateType.ts'
import { LedgerError, orRefusal } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { CertificateTypeCode } from '../core/statements/certificate.ts'
import { refusalOf } from '../core/usability/usability.ts'
import type { Certificates, CertificateRecord } from './certificates.ts'

/** What a verifier asks about a presentation, and what it gave the holder to sign. */
export interface PresentationRequest {
  /** SD-JWT+KB */
  readonly presentation: string
  /** Drawn by the verifier for this presentation alone. */
  readonly nonce: string
  /** Name of the verifier. */
  readonly audience: string
}

/** One question about it: undefined where the answer is yes. */
export interface PresentationFindings {
  /** Signed by an account of a holder, for this nonce and audience, just now; and by the department. */
  readonly presentation: LedgerError | undefined
  /** The department was accredited for the type when it issued. */
  readonly issuer: LedgerError | undefined
  /** It is known here, and may be used. Not looked at unless the presentation holds: ids could be tried out. */
  readonly status: LedgerError | 'not reached' | undefined
  readonly presented: Presented | undefined
  readonly record: CertificateRecord | undefined
}

export interface PresentationParts {
  readonly certificates: Pick<Certificates, 'findByIdentifier' | 'statusOf'>
  readonly mirror: {
    assertFresh(): void
    readonly departments: {
      isAccredited(department: Hex, role: 'issuer', certificateType: Hex, at: number): boolean
      accountOfAt(department: Hex, at: number): Hex
    }
    readonly holders: {
      boundAccountsOf(holder: Hex): readonly Hex[]
    }
  }
  /** Of the chain that carries the registries. */
  readonly chainId: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Seconds: a holder signs while it stands before the verifier. */
const MAX_AGE = 300

/**
 * Answers what is asked about a presentation; what is wrong with it is an answer, too.
 *
 * @throws LedgerError invalid/CREDENTIAL_MALFORMED, DISCLOSURE_MALFORMED: this is no presentation
 * @throws LedgerError unavailable/MIRROR_STALE
 */
export async function judgePresentation(
  { presentation, nonce, audience }: PresentationRequest,
  parts: PresentationParts,
): Promise<PresentationFindings> {
  const { certificates, mirror, chainId, now } = parts
  mirror.assertFresh()
  // Whatever follows the last tilde is the key binding (RFC 9901 §4).
  const unverified = readDisclosed(presentation.slice(0, presentation.lastIndexOf('~') + 1))
  const record = await findRecord(unverified, certificates)
  // What a department says of the time counts only while nobody logged it.
  const issuedAt = record ? Math.floor(Date.parse(record.at) / 1000) : unverified.issuedAt
  const expected = {
    account: mirror.departments.accountOfAt(unverified.issuer, issuedAt),
    holderAccounts: unverified.holders.flatMap((holder) => mirror.holders.boundAccountsOf(holder)),
    nonce,
    audience,
    now: Math.floor(now() / 1000),
    maxAge: MAX_AGE,
  }
  const presented = orRefusal(() => verifyPresentation(presentation, expected))
  const isRefused = presented instanceof LedgerError
  return {
    presentation: isRefused ? presented : undefined,
    issuer: refusedIssuer(unverified, issuedAt, chainId, mirror.departments),
    status: isRefused ? 'not reached' : await refusedStatus(record, certificates),
    presented: isRefused ? undefined : presented,
    record: isRefused ? undefined : record,
  }
}

/** The very certificate, not another one with its identifier. */
async function findRecord(
  { identifier, jwt }: Certificate,
  certificates: PresentationParts['certificates'],
): Promise<CertificateRecord | undefined> {
  const record = await certificates.findByIdentifier(identifier)
  return record?.statement.credential === jwt ? record : undefined
}

function refusedIssuer(
  { issuer, type, chainId }: Certificate,
  issuedAt: number,
  ownChain: number,
  departments: PresentationParts['mirror']['departments'],
): LedgerError | undefined {
  if (chainId !== ownChain)
    return new LedgerError('invalid', 'CERTIFICATE_CHAIN_WRONG', { chainId: ownChain })
  // Whoever made the credential wrote the type: nobody is accredited for what is none.
  const isType = CertificateTypeCode.safeParse(type).success
  return isType && departments.isAccredited(issuer, 'issuer', certificateTypeWord(type), issuedAt)
    ? undefined
    : new LedgerError('forbidden', 'NOT_ACCREDITED', { department: issuer, role: 'issuer' })
}

async function refusedStatus(
  record: CertificateRecord | undefined,
  certificates: PresentationParts['certificates'],
): Promise<LedgerError | undefined> {
  // Another ledger may know it: this is no answer, rather than a no.
  if (record === undefined) return new LedgerError('notFound', 'CERTIFICATE_NOT_FOUND')
  const { why } = await certificates.statusOf(record.id)
  return why && refusalOf(record.id, why)
}
