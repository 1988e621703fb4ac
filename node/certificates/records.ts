import { text } from 'node:stream/consumers'
import { encodeHex } from '../core/bytes.ts'
import { statementIdOf } from '../core/certificates/issued.ts'
import { certificateIdOf } from '../core/certificates/status.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { CertificateIssued } from '../core/statements/certificate.ts'
import { holderTerm, serialTerm } from '../core/terms/certificates.ts'
import type { Term } from '../core/terms/term.ts'
import type { Ledger, OpenedStatement } from '../ledger/ledger.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { CertificatePage, CertificateRecord, CredentialContents } from './certificates.ts'

export interface CertificateRecordsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly contents: Pick<CredentialContents, 'read'>
  readonly terms: TermIndex
}

/** Certificates that were issued, read again, with the whole SD-JWT that was kept of each. */
export class CertificateRecords {
  readonly #parts: CertificateRecordsParts

  constructor(parts: CertificateRecordsParts) {
    this.#parts = parts
  }

  /** @throws LedgerError notFound/CERTIFICATE_NOT_FOUND */
  async get(id: string): Promise<CertificateRecord> {
    return recordOf(await this.#open(id))
  }

  async findByIdentifier(identifier: string): Promise<CertificateRecord | undefined> {
    const index = await this.#parts.ledger.findIndex(statementIdOf(identifier))
    return index === undefined ? undefined : this.#recordAt(index)
  }

  async findBySerial(serial: Hex): Promise<CertificateRecord | undefined> {
    const [found] = await this.find(serialTerm(serial), { limit: 1 })
    return found
  }

  /** What a term leads to, newest first. */
  async find(term: Term, page: PageRequest): Promise<CertificateRecord[]> {
    const indexes = await this.#parts.terms.find(term, page)
    return Promise.all(indexes.map((index) => this.#recordAt(index)))
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<CertificatePage> {
    return this.#parts.terms.readPage(holderTerm(holder), page, (index) => this.#recordAt(index))
  }

  /**
   * The whole SD-JWT, with every disclosure.
   *
   * @throws LedgerError notFound/CERTIFICATE_NOT_FOUND, corrupt/CONTENT_MISSING
   */
  async credentialOf(id: string): Promise<string> {
    const { index, ...opened } = await this.#open(id)
    try {
      return await this.#read(opened)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // It may have moved, with its segment, since its location was read.
      return this.#read(await this.#openAt(index))
    }
  }

  async #read({ location, dataKey }: OpenedStatement): Promise<string> {
    if (location === undefined) throw new LedgerError('corrupt', 'CONTENT_MISSING')
    return text(await this.#parts.contents.read(location, dataKey))
  }

  async #recordAt(index: number): Promise<CertificateRecord> {
    return recordOf(await this.#openAt(index))
  }

  async #open(id: string): Promise<OpenedCertificate> {
    const index = await this.#parts.ledger.findIndex(id)
    if (index === undefined) throw notFound(id)
    const { kind } = parseEntry(await this.#parts.ledger.getEntry(index))
    if (kind !== 'certificate.issued') throw notFound(id)
    return this.#openAt(index)
  }

  async #openAt(index: number): Promise<OpenedCertificate> {
    const { ledger } = this.#parts
    const [entry, opened] = await Promise.all([ledger.getEntry(index), ledger.openStatement(index)])
    const { statement } = opened
    if (statement.kind !== 'certificate.issued') {
      throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
    }
    return { ...opened, statement, index, entry }
  }
}

interface OpenedCertificate extends OpenedStatement {
  readonly statement: CertificateIssued
  readonly index: number
  readonly entry: Uint8Array
}

function recordOf({ statement, index, entry }: OpenedCertificate): CertificateRecord {
  const { at, commitment } = parseEntry(entry)
  const serial: Hex = `0x${encodeHex(commitment)}`
  const { id, issuer, type } = statement
  return { id, index, at, serial, certificateId: certificateIdOf(issuer, type, serial), statement }
}

function notFound(id: string): LedgerError {
  return new LedgerError('notFound', 'CERTIFICATE_NOT_FOUND', { id })
}
