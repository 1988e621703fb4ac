import type { Catalogue } from '../catalogue/catalogue.ts'
import { typesOfIndustry } from '../catalogue/industries.ts'
import type { TypesOfIndustry } from '../catalogue/industries.ts'
import { findCertificateTypeOn } from '../catalogue/certificateTypes.ts'
import type { CertificateRecord } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Industry } from '../core/catalogue/industry.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import { usabilityOfCertificate } from '../core/usability/certificate.ts'
import type { CertificateFacts } from '../core/usability/certificate.ts'
import { usabilityOf } from '../core/usability/holding.ts'
import { unusable } from '../core/usability/usability.ts'
import type { Usability } from '../core/usability/usability.ts'
import type { ListedMaterial, Materials } from '../materials/materials.ts'
import { sift } from '../store/pages.ts'
import type { Page, PageRequest } from '../store/pages.ts'
import { Holdings } from './holdings.ts'
import type { HoldingsParts } from './holdings.ts'

export interface PortfolioParts extends HoldingsParts {
  readonly materials: Pick<Materials, 'list'>
  readonly catalogue: Pick<Catalogue, 'find' | 'list'>
  readonly directory: KnownHolders
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who stands behind the ids of holders. */
export interface KnownHolders {
  /** Undefined where it was registered elsewhere. */
  holderOf(id: Hex): Promise<Holder | undefined>
  holdersWithCode(holder: Holder): Promise<readonly { readonly holder: Hex }[]>
}

/** Whose file it is, and which part of it. */
export interface Filed extends PageRequest {
  readonly holder: Hex
  /** What is of this industry alone: see `typesOfIndustry`. */
  readonly industry?: Industry | undefined
}

/** Something in a file, with what it is called and whether it can be used now, for no case in particular. */
export interface Judged {
  /** As its type is called today; absent where nobody published the type. */
  readonly name?: string
  readonly usability: Usability
}

export type FiledMaterial = ListedMaterial & Judged

export interface FiledCertificate extends Judged {
  readonly record: CertificateRecord
  readonly facts: CertificateFacts
}

const NO_CASES: ReadonlySet<string> = new Set()

/** The file of a holder 一企一档, and the part of it that an industry goes by 一业一档. */
export class Portfolios {
  readonly #parts: PortfolioParts

  constructor(parts: PortfolioParts) {
    this.#parts = parts
  }

  /** Newest first. @param submitter who alone is asked what it handed in */
  async materials(filed: Filed, submitter?: string): Promise<Page<FiledMaterial>> {
    const { materials, directory } = this.#parts
    const known = await directory.holderOf(filed.holder)
    if (known === undefined) return { items: [] }
    const holder = { codeType: known.codeType, code: known.code }
    const types = this.#typesOf(filed)?.materials
    const { items, next } = await materials.list(
      { of: 'holders', holders: [holder], ...(submitter !== undefined && { submitter }) },
      { ...pageOf(filed), types: types && [...types] },
    )
    const ids = (await directory.holdersWithCode(holder)).map((one) => one.holder)
    const holdings = new Holdings(this.#parts, async () => ids)
    return {
      items: await Promise.all(items.map((item) => this.#judge(item, holdings))),
      ...(next !== undefined && { next }),
    }
  }

  /** Newest first. @param issuer the department that is asked what it issued */
  async certificates(filed: Filed, issuer?: Hex): Promise<Page<FiledCertificate>> {
    const { certificates, catalogue } = this.#parts
    const types = this.#typesOf(filed)?.certificates
    const { items, next } = await sift(
      { limit: filed.limit, next: filed.before },
      (limit, before) =>
        certificates.ofHolder(filed.holder, { limit, ...(before !== undefined && { before }) }),
      ({ statement }) =>
        (types === undefined || types.has(statement.type)) &&
        (issuer === undefined || statement.issuer === issuer),
    )
    const { time, day } = this.#now()
    const facts = await certificates.factsOf(items, time)
    return {
      items: items.flatMap((record, i) => {
        const known = facts[i]
        if (known === undefined) return []
        const name = findCertificateTypeOn(catalogue, record.statement.type, day)?.name
        const usability = usabilityOfCertificate(known, time)
        return [{ record, facts: known, usability, ...(name !== undefined && { name }) }]
      }),
      ...(next !== undefined && { next }),
    }
  }

  async #judge(item: ListedMaterial, holdings: Holdings): Promise<FiledMaterial> {
    const { id, type: code } = item.statement
    const { time, day } = this.#now()
    const type = this.#parts.catalogue.find('materialType', code, day)
    const held = await holdings.get({ kind: 'material', id })
    const usability =
      held === undefined
        ? unusable({ code: 'MATERIAL_ERASED' })
        : usabilityOf(held, { type, caseCodes: NO_CASES, day, time })
    return { ...item, usability, ...(type && { name: type.name }) }
  }

  #typesOf({ industry }: Filed): TypesOfIndustry | undefined {
    if (industry === undefined) return undefined
    return typesOfIndustry(this.#parts.catalogue, industry, this.#now().day)
  }

  #now() {
    const now = this.#parts.now()
    return { time: Math.floor(now / 1000), day: dayOf(now) }
  }
}

function pageOf({ limit, before }: Filed): PageRequest {
  return { limit, ...(before !== undefined && { before }) }
}
