import type { CertificateRecord, Certificates } from '../certificates/certificates.ts'
import type { Spent } from '../core/catalogue/singleUse.ts'
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
import type { FoundCandidates } from '../core/resolution/asking.ts'
import { isTakenFromBank } from '../core/resolution/offers.ts'
import type { Considered } from '../core/resolution/document.ts'
import { isCertificate } from '../core/resolution/required.ts'
import type { Required } from '../core/resolution/required.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { MaterialReader } from '../materials/reader.ts'
import { Spendings } from '../materials/spendings.ts'
import { ENDED } from '../materials/states.ts'
import { Standings } from '../materials/standing.ts'
import type { Standing } from '../materials/states.ts'
import type { LoggedMaterial } from '../materials/standing.ts'
import { caseTerm, typeTerm } from '../materials/terms.ts'
import type { Term, TermIndex } from '../store/terms.ts'
import type { KnownHolder, KnownHolders } from './holders.ts'

export interface CandidateParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get'>
  /** As recorded on chain; 0 for none. */
  readonly statuses: { statusOf(certificate: Hex): number }
}

/** Looked at together, newest first; each time that more are needed, as many again as were looked at. */
const PAGE = 8
const LONGEST_PAGE = 64
/** However many more there are, none so old is looked at. */
const MOST = 256

/** Finds what the bank has of somebody that might be what a matter asks for. */
export class CandidateFinder {
  readonly #parts: CandidateParts
  readonly #holders: KnownHolders
  readonly #reader: MaterialReader
  readonly #standings: Standings
  readonly #spendings: Spendings

  constructor(parts: CandidateParts, holders: KnownHolders) {
    this.#parts = parts
    this.#holders = holders
    this.#reader = new MaterialReader(parts.ledger)
    this.#standings = new Standings(parts.ledger, parts.terms)
    this.#spendings = new Spendings(parts.ledger, parts.terms)
  }

  /**
   * What came in for the case, and a page of the newest besides; further pages until as many are good as are enough.
   * Where nothing but what came in for the case serves, no further page would.
   */
  async find(
    required: Required,
    party: readonly KnownHolder[],
    wanted: Wanted,
    enough: number,
  ): Promise<FoundCandidates> {
    const { type, caseCodes } = wanted
    const isPulled = isCertificate(required, type)
    const papers = isPulled || !isTakenFromBank(required) ? 0 : enough
    const found = await Promise.all([
      ...(isPulled ? this.#certificates(party, wanted, enough) : []),
      ...party.flatMap(({ holder }) => [
        ...[...caseCodes].map((code) => this.#handedIn(caseTerm(holder, type.code, code), wanted)),
        // Where there is no case, a copy of a certificate is nothing at all.
        ...(isPulled && caseCodes.size === 0
          ? []
          : [this.#materials(typeTerm(holder, type.code), wanted, papers)]),
      ]),
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

  #certificates(
    party: readonly KnownHolder[],
    wanted: Wanted,
    enough: number,
  ): Promise<FoundCandidates>[] {
    return party.flatMap(({ ids }) =>
      ids.map((holder) => this.#certificatesOf(holder, wanted, enough)),
    )
  }

  async #certificatesOf(holder: Hex, wanted: Wanted, enough: number): Promise<FoundCandidates> {
    const records: CertificateRecord[] = []
    let before: number | undefined
    do {
      const page = { limit: pageAfter(records.length), ...(before !== undefined && { before }) }
      const { items, next } = await this.#parts.certificates.ofHolder(holder, page)
      records.push(...items)
      before = next
      const candidates = this.#ofType(records, wanted)
      if (countGood(candidates, wanted) >= enough || records.length >= MOST)
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

  async #handedIn(term: Term, { type }: Wanted): Promise<FoundCandidates> {
    const indexes = await this.#parts.terms.find(term, { limit: PAGE })
    return { items: await this.#read(indexes, { spent: !type.reusable }), more: false }
  }

  /** @param enough good ones; 0 for the newest page alone */
  async #materials(term: Term, wanted: Wanted, enough: number): Promise<FoundCandidates> {
    const items: MaterialCandidate[] = []
    let good = 0
    for (;;) {
      const limit = pageAfter(items.length)
      const before = items.at(-1)?.index
      const page = { limit, ...(before !== undefined && { before }) }
      const indexes = await this.#parts.terms.find(term, page)
      const read = await this.#read(indexes, { spent: !wanted.type.reusable })
      items.push(...read)
      good += countGood(read, wanted)
      const isLast = indexes.length < limit
      if (isLast || good >= enough || items.length >= MOST) return { items, more: !isLast }
    }
  }

  async #materialById(id: string): Promise<MaterialCandidate | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    return kind === 'material.submitted'
      ? (await this.#read([index], { spent: true }))[0]
      : undefined
  }

  /** @param look whether it matters what they went to */
  async #read(
    indexes: readonly number[],
    look: { readonly spent: boolean },
  ): Promise<MaterialCandidate[]> {
    const found = await Promise.all(indexes.map((index) => this.#find(index)))
    const logged = found.filter((one): one is LoggedMaterial & Found => one.statement !== undefined)
    const statements = logged.map(({ statement }) => statement)
    const [standings, spendings] = await Promise.all([
      this.#standings.ofAll(logged),
      look.spent ? this.#spendings.findAll(statements) : [],
    ])
    const told = new Map(
      logged.map(({ index }, i) => [index, { standing: standings[i], spent: spendings[i] }]),
    )
    return Promise.all(found.map((one) => this.#describe(one, told.get(one.index))))
  }

  async #find(index: number): Promise<Found> {
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    return { index, at, statement: (await this.#reader.findAt(index))?.statement }
  }

  async #describe(
    { index, at, statement }: Found,
    { standing, spent }: Told = {},
  ): Promise<MaterialCandidate> {
    const found = { kind: 'material', index, at } as const
    if (statement === undefined) return found
    const { id, type, holder, fields, caseCode } = statement
    const ended = standing && endOf(standing)
    return {
      ...found,
      material: {
        id,
        type,
        holders: holder === undefined ? [] : await this.#holders.idsOf(holder),
        ...(fields && { fields }),
        ...(caseCode !== undefined && { caseCode }),
      },
      ...(ended && { ended }),
      ...(spent && { spent }),
    }
  }
}

/** Undefined once erased. */
interface Found {
  readonly index: number
  readonly at: string
  readonly statement: MaterialSubmitted | undefined
}

interface Told {
  readonly standing?: Standing | undefined
  readonly spent?: Spent | undefined
}

function endOf({ state, by, since }: Standing): MaterialCandidate['ended'] {
  const code = ENDED[state]
  if (code === undefined) return undefined
  return { code, ...(by !== undefined && { by }), ...(since !== undefined && { at: since }) }
}

function pageAfter(looked: number): number {
  return Math.min(Math.max(looked, PAGE), LONGEST_PAGE)
}

function countGood(candidates: readonly Candidate[], wanted: Wanted): number {
  return candidates.filter((candidate) => judgeCandidate(candidate, wanted).usable).length
}
