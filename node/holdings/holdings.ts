import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { CertificateRecord, Certificates } from '../certificates/certificates.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import { caseTerm, typeTerm } from '../core/terms/materials.ts'
import type { Term } from '../core/terms/term.ts'
import type { HeldCertificate, HeldMaterial, Holding } from '../core/usability/holding.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { MaterialReader } from '../materials/reader.ts'
import { Spendings } from '../materials/spendings.ts'
import { Standings } from '../materials/standing.ts'
import type { LoggedMaterial } from '../materials/standing.ts'
import type { TermIndex } from '../store/terms.ts'
import { isCertified } from './certified.ts'
import { describeCertificate, describeMaterial } from './describe.ts'
import type { FoundMaterial } from './describe.ts'

export interface HoldingsParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf'>
  readonly catalogue: Pick<CatalogueReader, 'find'>
}

/** How far to look back; further each time that it is not enough, and never beyond `MOST`. */
export interface Look {
  readonly isEnough: (found: readonly Holding[]) => boolean
}

export interface FoundHoldings<Kind extends Holding = Holding> {
  /** Newest first. */
  readonly items: readonly Kind[]
  /** There are older ones. */
  readonly more: boolean
}

/** What names a type of material, and whether it matters what one of it went to. */
export interface HeldType {
  readonly code: string
  readonly reusable: boolean
}

/** Looked at together, newest first; each time that more are needed, as many again as were looked at. */
const PAGE = 8
const LONGEST_PAGE = 64
/** However many more there are, none so old is looked at. */
const MOST = 256

/** What somebody has of a type, and how it stands: resolution, data checks and benefits all find it here. */
export class Holdings {
  readonly #parts: HoldingsParts
  readonly #idsOf: (holder: Holder) => Promise<readonly Hex[]>
  readonly #reader: MaterialReader
  readonly #standings: Standings
  readonly #spendings: Spendings

  /** @param idsOf every id that stands for a holder */
  constructor(parts: HoldingsParts, idsOf: (holder: Holder) => Promise<readonly Hex[]>) {
    this.#parts = parts
    this.#idsOf = idsOf
    this.#reader = new MaterialReader(parts.ledger)
    this.#standings = new Standings(parts.ledger, parts.terms)
    this.#spendings = new Spendings(parts.ledger, parts.terms)
  }

  /** Of one holder id. */
  async certificates(
    holder: Hex,
    type: string | undefined,
    { isEnough }: Look,
  ): Promise<FoundHoldings<HeldCertificate>> {
    const found: HeldCertificate[] = []
    let looked = 0
    let before: number | undefined
    for (;;) {
      const page = { limit: pageAfter(looked), ...(before !== undefined && { before }) }
      const { items, next } = await this.#parts.certificates.ofHolder(holder, page)
      looked += items.length
      found.push(...(await this.#held(items.filter(({ statement }) => statement.type === type))))
      if (next === undefined) return { items: found, more: false }
      if (isEnough(found) || looked >= MOST) return { items: found, more: true }
      before = next
    }
  }

  materials(holder: Holder, type: HeldType, look: Look): Promise<FoundHoldings<HeldMaterial>> {
    return this.#find(typeTerm(holder, type.code), type, look)
  }

  /** What came in for a case, however much else there is of it. */
  handedIn(holder: Holder, type: HeldType, caseCode: string): Promise<FoundHoldings<HeldMaterial>> {
    return this.#find(caseTerm(holder, type.code, caseCode), type, { isEnough: () => true })
  }

  /**
   * One of them; undefined where there is no such thing.
   *
   * @param time seconds since 1970: as a certificate stood then; as it stands now unless given
   */
  async get(
    { kind, id }: { readonly kind: Holding['kind']; readonly id: string },
    time?: number,
  ): Promise<Holding | undefined> {
    if (kind === 'material') return this.#material(id)
    try {
      return (await this.#held([await this.#parts.certificates.get(id)], time))[0]
    } catch (error) {
      if (isLedgerError(error, 'CERTIFICATE_NOT_FOUND')) return undefined
      throw error
    }
  }

  async #material(id: string): Promise<HeldMaterial | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) return undefined
    const { kind } = parseEntry(await ledger.getEntry(index))
    if (kind !== 'material.submitted') return undefined
    return (await this.#read([index], { reusable: false }))[0]
  }

  async #held(records: readonly CertificateRecord[], time?: number): Promise<HeldCertificate[]> {
    const facts = await this.#parts.certificates.factsOf(records, time)
    return records.flatMap((record, i) => {
      const known = facts[i]
      return known === undefined ? [] : [describeCertificate(record, known)]
    })
  }

  async #find(
    term: Term,
    type: HeldType,
    { isEnough }: Look,
  ): Promise<FoundHoldings<HeldMaterial>> {
    const items: HeldMaterial[] = []
    for (;;) {
      const limit = pageAfter(items.length)
      const before = items.at(-1)?.index
      const page = { limit, ...(before !== undefined && { before }) }
      const indexes = await this.#parts.terms.find(term, page)
      items.push(...(await this.#read(indexes, type)))
      if (indexes.length < limit) return { items, more: false }
      if (isEnough(items) || items.length >= MOST) return { items, more: true }
    }
  }

  /** What serves again and again went to so much that nobody asks. */
  async #read(
    indexes: readonly number[],
    { reusable }: Pick<HeldType, 'reusable'>,
  ): Promise<HeldMaterial[]> {
    const found = await Promise.all(indexes.map((index) => this.#open(index)))
    const logged = found.filter(
      (one): one is LoggedMaterial & FoundMaterial => one.statement !== undefined,
    )
    const statements = logged.map(({ statement }) => statement)
    const [standings, spendings] = await Promise.all([
      this.#standings.ofAll(logged),
      reusable ? [] : this.#spendings.findAll(statements),
    ])
    const told = new Map(
      logged.map(({ index }, i) => [index, { standing: standings[i], spent: spendings[i] }]),
    )
    return Promise.all(
      found.map(async (one) => {
        const holder = one.statement?.holder
        const holders = holder === undefined ? [] : await this.#idsOf(holder)
        const certified =
          one.statement !== undefined && (await isCertified(this.#parts, one.statement, holders))
        return describeMaterial(one, holders, {
          ...told.get(one.index),
          isCertified: certified,
        })
      }),
    )
  }

  async #open(index: number): Promise<FoundMaterial> {
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    return { index, at, statement: (await this.#reader.findAt(index))?.statement }
  }
}

function pageAfter(looked: number): number {
  return Math.min(Math.max(looked, PAGE), LONGEST_PAGE)
}
