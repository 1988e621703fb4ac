import type { CertificateRecord, Certificates } from '../certificates/certificates.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { judgeCandidate } from '../core/resolution/candidates.ts'
import type {
  Candidate,
  CertificateCandidate,
  MaterialCandidate,
  Wanted,
} from '../core/resolution/candidates.ts'
import type { FoundCandidates } from '../core/resolution/choose.ts'
import type { Considered } from '../core/resolution/document.ts'
import { isCertificate } from '../core/resolution/required.ts'
import type { Required } from '../core/resolution/required.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { quarantineIdOf, withdrawalIdOf } from '../core/statements/material.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { typeTerm } from '../materials/terms.ts'
import type { Term, TermIndex } from '../store/terms.ts'
import type { KnownHolder, KnownHolders } from './holders.ts'

export interface CandidateParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get'>
  /** As recorded on chain; 0 for none. */
  readonly statuses: { statusOf(certificate: Hex): number }
}

/** Looked at together, newest first. */
const PAGE = 8
/** However many more there are, none so old is looked at. */
const MOST = 256

/** Finds what the bank has of somebody that might be what a matter asks for. */
export class CandidateFinder {
  readonly #parts: CandidateParts
  readonly #holders: KnownHolders

  constructor(parts: CandidateParts, holders: KnownHolders) {
    this.#parts = parts
    this.#holders = holders
  }

  /** A page of the newest; further pages while none of them is good. */
  async find(
    required: Required,
    type: MaterialType,
    party: readonly KnownHolder[],
    wanted: Wanted,
  ): Promise<FoundCandidates> {
    const found = await Promise.all([
      ...(isCertificate(required, type) ? this.#certificates(party, wanted) : []),
      // A copy of a certificate may have been handed in for the case, and counts for nothing else.
      ...(!isCertificate(required, type) || wanted.caseCodes.size > 0
        ? party.map(({ holder }) => this.#materials(typeTerm(holder, type.code), wanted))
        : []),
    ])
    const items = found.flatMap((each) => each.items).toSorted((a, b) => b.index - a.index)
    const distinct = items.filter(({ index }, i) => index !== items[i - 1]?.index)
    return { items: distinct, more: found.some(({ more }) => more) }
  }

  /** What somebody has in hand; undefined where there is no such thing. */
  async consider({ kind, id }: Considered): Promise<Candidate | undefined> {
    try {
      if (kind === 'certificate') return this.#certificate(await this.#parts.certificates.get(id))
      return await this.#materialById(id)
    } catch (error) {
      if (isLedgerError(error) && error.kind === 'notFound') return undefined
      throw error
    }
  }

  #certificates(party: readonly KnownHolder[], wanted: Wanted): Promise<FoundCandidates>[] {
    return party.flatMap(({ ids }) => ids.map((holder) => this.#certificatesOf(holder, wanted)))
  }

  async #certificatesOf(holder: Hex, wanted: Wanted): Promise<FoundCandidates> {
    const records: CertificateRecord[] = []
    let before: number | undefined
    do {
      const page = { limit: PAGE, ...(before !== undefined && { before }) }
      const { items, next } = await this.#parts.certificates.ofHolder(holder, page)
      records.push(...items)
      before = next
      const candidates = this.#ofType(records, wanted)
      if (isAnyGood(candidates, wanted) || records.length >= MOST)
        return { items: candidates, more: next !== undefined }
    } while (before !== undefined)
    return { items: this.#ofType(records, wanted), more: false }
  }

  #ofType(records: readonly CertificateRecord[], { type, time }: Wanted): CertificateCandidate[] {
    const later = records.filter(({ statement }) => statement.validFrom <= time)
    return records
      .filter(({ statement }) => statement.type === type.certificateType)
      .map((record) => this.#certificate(record, later))
  }

  /** @param later whatever may have taken its place: it is of the same holders, and newer */
  #certificate(
    { id, index, at, serial, certificateId, statement }: CertificateRecord,
    later: readonly CertificateRecord[] = [],
  ): CertificateCandidate {
    const { type, holders, validFrom, validTo } = statement
    const successor = later.find(
      (one) => one.statement.renews === serial || one.statement.replaces === serial,
    )
    return {
      kind: 'certificate',
      id,
      index,
      at,
      type,
      holders,
      status: this.#parts.statuses.statusOf(certificateId),
      validFrom,
      ...(validTo !== undefined && { validTo }),
      ...(successor && { superseded: { id: successor.id, at: successor.at } }),
    }
  }

  async #materials(term: Term, wanted: Wanted): Promise<FoundCandidates> {
    const items: MaterialCandidate[] = []
    for (;;) {
      const before = items.at(-1)?.index
      const page = { limit: PAGE, ...(before !== undefined && { before }) }
      const indexes = await this.#parts.terms.find(term, page)
      items.push(...(await Promise.all(indexes.map((index) => this.#material(index)))))
      const isLast = indexes.length < PAGE
      if (isLast || isAnyGood(items, wanted) || items.length >= MOST)
        return { items, more: !isLast }
    }
  }

  async #materialById(id: string): Promise<MaterialCandidate | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    return kind === 'material.submitted' ? this.#material(index) : undefined
  }

  async #material(index: number): Promise<MaterialCandidate> {
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    const found = { kind: 'material', index, at } as const
    const statement = await this.#open(index)
    if (statement === undefined) return found
    const { id, type, holder, fields, caseCode, supersedes } = statement
    const [withdrawn, quarantine, holders] = await Promise.all([
      this.#said(withdrawalIdOf(id), 'material.withdrawn'),
      statement.quarantine === undefined ? undefined : this.#quarantineOf(id),
      holder === undefined ? [] : this.#holders.idsOf(holder),
    ])
    return {
      ...found,
      material: {
        id,
        type,
        holders,
        ...(fields && { fields }),
        ...(caseCode !== undefined && { caseCode }),
        ...(supersedes !== undefined && { supersedes }),
      },
      ...(withdrawn && { withdrawn }),
      ...(quarantine && { quarantine }),
    }
  }

  async #open(index: number): Promise<MaterialSubmitted | undefined> {
    try {
      const { statement } = await this.#parts.ledger.openStatement(index)
      return statement.kind === 'material.submitted' ? statement : undefined
    } catch (error) {
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }

  async #quarantineOf(id: string): Promise<MaterialCandidate['quarantine']> {
    const decision = quarantineIdOf(id)
    if (await this.#said(decision, 'material.released')) return undefined
    return (await this.#said(decision, 'material.rejected')) ? 'rejected' : 'held'
  }

  /** Whether a statement of that id and kind was made, and when. */
  async #said(
    id: string,
    kind: string,
  ): Promise<{ readonly id: string; readonly at: string } | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const entry = parseEntry(await ledger.getEntry(index))
    return entry.kind === kind ? { id, at: entry.at } : undefined
  }
}

function isAnyGood(candidates: readonly Candidate[], wanted: Wanted): boolean {
  return candidates.some((candidate) => judgeCandidate(candidate, wanted, candidates).usable)
}
