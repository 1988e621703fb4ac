import type { Readable } from 'node:stream'
import type { Act } from '../core/acts/acts.ts'
import type { StatusCode } from '../core/certificates/status.ts'
import type { CertificateFacts } from '../core/usability/certificate.ts'
import type { CertificateCode, Unusable } from '../core/usability/usability.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Role } from '../core/parties/roles.ts'
import type { CertificateIssued } from '../core/statements/certificate.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Location } from '../store/contentStore.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/** Certificates: issued by departments, found by holders, disclosed field by field. */
export interface Certificates {
  /**
   * Logs a certificate that a department signed. The same credential twice is the same entry, whoever hands it in.
   *
   * @param sdJwt with every disclosure
   * @throws LedgerError unverified/SIGNATURE_INVALID not signed by the account that the department acts by now
   * @throws LedgerError forbidden/NOT_ACCREDITED the department may not issue this type now
   * @throws LedgerError conflict/CERTIFICATE_IDENTIFIER_TAKEN
   * @throws LedgerError notFound/CERTIFICATE_EARLIER_NOT_FOUND, invalid/CERTIFICATE_HOLDERS_DIFFER,
   *   CERTIFICATE_TYPES_DIFFER
   * @throws LedgerError invalid/CERTIFICATE_INCOMPLETE a disclosure is missing
   * @throws LedgerError invalid/CERTIFICATE_CHAIN_WRONG, CERTIFICATE_ISSUED_IN_FUTURE, CERTIFICATE_VALIDITY_MISMATCH
   * @throws LedgerError as `readDisclosed` and `requireFace`
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  issue(sdJwt: string): Promise<Appended>

  /** @throws LedgerError notFound/CERTIFICATE_NOT_FOUND; so does all that takes an id */
  get(id: string): Promise<CertificateRecord>

  /** By 电子证照标识. */
  findByIdentifier(identifier: string): Promise<CertificateRecord | undefined>

  /** By the commitment of the statement that issued it. */
  findBySerial(serial: Hex): Promise<CertificateRecord | undefined>

  /** Newest first. */
  ofHolder(holder: Hex, page: PageRequest): Promise<CertificatePage>

  /** Evidence, UTF-8 of JSON, of the statement that issued it. */
  evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array>

  /**
   * The SD-JWT with these fields alone; with all unless given.
   *
   * @throws LedgerError invalid/CERTIFICATE_FIELD_UNKNOWN
   */
  disclose(id: string, fields?: readonly string[]): Promise<string>

  statusOf(id: string): Promise<CertificateStatus>

  /**
   * What the usability of certificates goes by, in their order.
   *
   * @param time seconds since 1970; now unless given
   */
  factsOf(records: readonly CertificateRecord[], time?: number): Promise<CertificateFacts[]>

  /** @param time seconds since 1970 */
  statusAt(id: string, time: number): Promise<CertificateStatus>

  /** What came before and what came after. */
  lineage(id: string): Promise<Lineage>

  /**
   * What the issuing department has to sign to change the status.
   *
   * @param text what 99 stands for
   * @throws LedgerError conflict/CERTIFICATE_STATUS_CHANGE_REFUSED {from, to}
   * @throws LedgerError invalid/CERTIFICATE_STATUS_TEXT_MISSING
   */
  describeStatusChange(id: string, status: StatusCode, text?: string): Promise<StatusChangeAct>
}

export type StatusChangeAct = Extract<Act, { type: 'StatusChange' }>

export interface CertificateRecord {
  /** Of the statement. */
  readonly id: string
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** Commitment of the statement. */
  readonly serial: Hex
  /** Under which its status stands on chain. */
  readonly certificateId: Hex
  readonly statement: CertificateIssued
}

export type CertificatePage = Page<CertificateRecord>

export interface CertificateStatus {
  readonly code: StatusCode
  /** Seconds since 1970: the moment that this is about. */
  readonly time: number
  readonly usable: boolean
  /** Why it is not. */
  readonly why?: Unusable<CertificateCode>
}

export interface Lineage {
  readonly renews?: CertificateRecord
  readonly replaces?: CertificateRecord
  readonly renewedBy: readonly CertificateRecord[]
  readonly replacedBy: readonly CertificateRecord[]
}

/** Who may issue, as the chain has it. */
export interface PartyReader {
  /**
   * The account that the department acts by, while it may do this at `time`, seconds since 1970.
   */
  accountAs(department: Hex, role: Role, certificateType: Hex, time: number): Hex | undefined
}

/** Who departments are, as those above them say. */
export interface DepartmentNames {
  /** Unified social credit code of the department; undefined where nobody has said. */
  codeOf(department: Hex): Promise<string | undefined>
}

/** How certificates stand, as the chain has it. Codes are numbers there, 0 for none. */
export interface StatusReader {
  statusOf(certificate: Hex): number
  /** @param time seconds since 1970 */
  statusAt(certificate: Hex, time: number): number
  /** Every change, the first first. */
  changesOf(certificate: Hex): readonly unknown[]
}

/** What certificates ask of the chain's registries. */
export interface RegistryReader {
  /** @throws LedgerError unavailable/MIRROR_STALE: what is known is too old to decide by */
  assertFresh(): void
  readonly departments: PartyReader
  readonly certificates: StatusReader
}

/** Where credentials are sealed, and read again. */
export interface CredentialContents {
  receive(bytes: Uint8Array, stated: readonly string[]): Promise<ReceivedCredential>
  read(location: Location, dataKey: Uint8Array): Promise<Readable>
}

export interface ReceivedCredential {
  /** Tagged, in the order of the algorithms' names. */
  readonly digests: readonly string[]
  /** Bytes. */
  readonly size: number
  log(append: (placed: PlacedCredential) => Promise<Appended>): Promise<Appended>
}

export interface PlacedCredential {
  readonly dataKey: Uint8Array
  readonly location: Location
}
