import { utf8 } from '../core/bytes.ts'
import {
  CREDENTIAL_MEDIA_TYPE,
  discloseFields,
  type Certificate,
} from '../core/certificates/credential.ts'
import { stateCertificate } from '../core/certificates/issued.ts'
import {
  mayFollow,
  requireStatusText,
  statusCodeOf,
  type StatusCode,
} from '../core/certificates/status.ts'
import { certificateTypeWord } from '../core/acts/certificateType.ts'
import type { CertificateType } from '../core/certificates/types.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { parseCertificateIdentifier } from '../core/identifiers/certificateIdentifier.ts'
import type { Relation } from '../core/terms/certificates.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import { usabilityOfCertificate } from '../core/usability/certificate.ts'
import type { CertificateFacts } from '../core/usability/certificate.ts'
import type { Appended, Draft, Ledger } from '../ledger/ledger.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import { judgeCertificate } from './judge.ts'
import type { CertificateProofs } from './proofs.ts'
import { CertificateRecords } from './records.ts'
import { Succession } from './succession.ts'
import type {
  CertificatePage,
  CertificateRecord,
  Certificates,
  CertificateStatus,
  CredentialContents,
  DepartmentNames,
  Lineage,
  RegistryReader,
  StatusChangeAct,
} from './certificates.ts'

export interface CertificatesParts {
  readonly ledger: Ledger
  readonly contents: CredentialContents
  readonly terms: TermIndex
  readonly registries: RegistryReader
  readonly names: DepartmentNames
  /** What may be issued, as in force now. @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN */
  readonly typeOf: (code: string) => CertificateType
  readonly proofs: CertificateProofs
  /** Of the chain that carries the registries. */
  readonly chainId: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Certificates on top of the ledger: a statement for each, the whole SD-JWT sealed beside it. */
export class LedgerCertificates implements Certificates {
  readonly #parts: CertificatesParts
  readonly #records: CertificateRecords
  readonly #succession: Succession

  constructor(parts: CertificatesParts) {
    this.#parts = parts
    this.#records = new CertificateRecords(parts)
    this.#succession = new Succession(parts.terms, (term, page) => this.#records.find(term, page))
  }

  async issue(sdJwt: string): Promise<Appended> {
    const { registries, typeOf, chainId } = this.#parts
    registries.assertFresh()
    const certificate = judgeCertificate(sdJwt, {
      departments: registries.departments,
      typeOf,
      chainId,
      now: this.#seconds(),
    })
    const proving = this.#parts.proofs.ofIssue(certificate.issuer, certificate.type)
    await this.#requireOwnIdentifier(certificate)
    await this.#requireEarlier(certificate, 'renews')
    await this.#requireEarlier(certificate, 'replaces')
    return (await this.#findSame(certificate)) ?? this.#append(sdJwt, certificate, proving)
  }

  get(id: string): Promise<CertificateRecord> {
    return this.#records.get(id)
  }

  findByIdentifier(identifier: string): Promise<CertificateRecord | undefined> {
    return this.#records.findByIdentifier(identifier)
  }

  findBySerial(serial: Hex): Promise<CertificateRecord | undefined> {
    return this.#records.findBySerial(serial)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<CertificatePage> {
    return this.#records.ofHolder(holder, page)
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    return this.#parts.proofs.evidence(await this.get(id), wait)
  }

  async disclose(id: string, fields?: readonly string[]): Promise<string> {
    const whole = await this.#records.credentialOf(id)
    return fields ? discloseFields(whole, fields) : whole
  }

  async statusOf(id: string): Promise<CertificateStatus> {
    return this.#status(id, undefined)
  }

  async statusAt(id: string, time: number): Promise<CertificateStatus> {
    return this.#status(id, time)
  }

  async factsOf(records: readonly CertificateRecord[], time?: number): Promise<CertificateFacts[]> {
    const { certificates } = this.#parts.registries
    const serials = records.map(({ serial }) => serial)
    const successors = await this.#succession.successorsOf(serials, time ?? this.#seconds())
    return records.map(({ at, certificateId, statement: { validFrom, validTo } }, i) => {
      const successor = successors[i]
      return {
        at,
        // The clock of the chain may be ahead: what is recorded stands at once.
        status:
          time === undefined
            ? certificates.statusOf(certificateId)
            : certificates.statusAt(certificateId, time),
        validFrom,
        ...(validTo !== undefined && { validTo }),
        ...(successor && { superseded: { id: successor.id, at: successor.at } }),
      }
    })
  }

  async lineage(id: string): Promise<Lineage> {
    const { statement, serial } = await this.get(id)
    const [renews, replaces, renewedBy, replacedBy] = await Promise.all([
      statement.renews && this.findBySerial(statement.renews),
      statement.replaces && this.findBySerial(statement.replaces),
      this.#succession.after(serial, 'renews'),
      this.#succession.after(serial, 'replaces'),
    ])
    return { ...(renews && { renews }), ...(replaces && { replaces }), renewedBy, replacedBy }
  }

  async describeStatusChange(
    id: string,
    status: StatusCode,
    text?: string,
  ): Promise<StatusChangeAct> {
    requireStatusText(status, text)
    const { certificateId, serial, statement } = await this.get(id)
    const { certificates } = this.#parts.registries
    const from = certificates.statusOf(certificateId)
    if (!mayFollow(from, Number(status))) {
      const details = { from: statusCodeOf(from), to: status }
      throw new LedgerError('conflict', 'CERTIFICATE_STATUS_CHANGE_REFUSED', details)
    }
    return {
      type: 'StatusChange',
      message: {
        issuer: statement.issuer,
        certificateType: certificateTypeWord(statement.type),
        serial,
        status: Number(status),
        sequence: certificates.changesOf(certificateId).length,
      },
    }
  }

  async #status(id: string, time: number | undefined): Promise<CertificateStatus> {
    const [facts] = await this.factsOf([await this.get(id)], time)
    if (facts === undefined) throw new TypeError('facts of each')
    const at = time ?? this.#seconds()
    const found = usabilityOfCertificate(facts, at)
    const code = statusCodeOf(facts.status)
    return { code, time: at, usable: found.usable, ...(!found.usable && { why: found.why }) }
  }

  /** Whether it came before: who lost the answer asks again. */
  async #findSame({ identifier, jwt }: Certificate): Promise<Appended | undefined> {
    const known = await this.findByIdentifier(identifier)
    if (known === undefined) return undefined
    if (known.statement.credential !== jwt) throw identifierTaken()
    const { id, index } = known
    return { id, index, created: false, evidence: await this.#parts.ledger.evidence(index) }
  }

  async #append(
    sdJwt: string,
    certificate: Certificate,
    proving: ReturnType<CertificateProofs['ofIssue']>,
  ): Promise<Appended> {
    const { ledger, contents, terms, proofs } = this.#parts
    const received = await contents.receive(utf8(sdJwt), [])
    const { digests, size } = received
    const statement = stateCertificate(certificate, {
      digests: [...digests],
      size,
      mediaType: CREDENTIAL_MEDIA_TYPE,
      kept: 'here',
    })
    const writes: Draft['writes'] = (index, commitment) => [
      ...terms.writesOf(foundBy(statement, { commitment }), index),
      ...proving(index),
    ]
    try {
      const appended = await received.log((placed) =>
        ledger.append({ statement, ...placed, writes }),
      )
      proofs.prove(appended.index)
      return appended
    } catch (error) {
      // Another certificate of that identifier came in between.
      throw isLedgerError(error, 'STATEMENT_ID_TAKEN') ? identifierTaken(error) : error
    }
  }

  /** No department uses up identifiers of another. */
  async #requireOwnIdentifier({ issuer, identifier }: Certificate): Promise<void> {
    const code = await this.#parts.names.codeOf(issuer)
    if (code !== undefined && code !== parseCertificateIdentifier(identifier).issuer) {
      throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MISMATCH', { part: 'issuer' })
    }
  }

  async #requireEarlier(certificate: Certificate, relation: Relation): Promise<void> {
    const serial = certificate[relation]
    if (serial === undefined) return
    const earlier = await this.findBySerial(serial)
    if (earlier === undefined) {
      throw new LedgerError('notFound', 'CERTIFICATE_EARLIER_NOT_FOUND', { relation })
    }
    const holders = new Set(earlier.statement.holders)
    if (!isSame(holders, new Set(certificate.holders))) {
      throw new LedgerError('invalid', 'CERTIFICATE_HOLDERS_DIFFER', { relation })
    }
    // Whoever may issue another type could end what this one's departments issued.
    if (earlier.statement.type !== certificate.type)
      throw new LedgerError('invalid', 'CERTIFICATE_TYPES_DIFFER', { relation })
  }

  #seconds(): number {
    return Math.floor(this.#parts.now() / 1000)
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b)
}

function identifierTaken(cause?: unknown): LedgerError {
  return new LedgerError('conflict', 'CERTIFICATE_IDENTIFIER_TAKEN', {}, { cause })
}
