import type { Hex } from '../core/ethereum/hex.ts'
import { laterTerm, successorTerm } from '../core/terms/certificates.ts'
import type { Relation } from '../core/terms/certificates.ts'
import type { Term } from '../core/terms/term.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { CertificateRecord } from './certificates.ts'

/** More than a page never follow one certificate. */
const PAGE: PageRequest = { limit: 100 }

/** Which certificate renewed or replaced which. */
export class Succession {
  readonly #terms: TermIndex
  readonly #find: (term: Term, page: PageRequest) => Promise<CertificateRecord[]>

  /** @param find what a term leads to, newest first */
  constructor(
    terms: TermIndex,
    find: (term: Term, page: PageRequest) => Promise<CertificateRecord[]>,
  ) {
    this.#terms = terms
    this.#find = find
  }

  /** What came after, newest first. */
  after(serial: Hex, relation: Relation): Promise<CertificateRecord[]> {
    return this.#find(laterTerm(relation, serial), PAGE)
  }

  /**
   * For each the newest that renewed or replaced it and was there by then; what is to be valid later takes no place
   * before.
   *
   * @param time seconds since 1970
   */
  async successorsOf(
    serials: readonly Hex[],
    time: number,
  ): Promise<(CertificateRecord | undefined)[]> {
    // Most have none, and a key tells.
    const newest = await this.#terms.findNewest(serials.map(successorTerm))
    return Promise.all(
      serials.map(async (serial, i) => {
        if (newest[i] === undefined) return undefined
        const [renewing, replacing] = await Promise.all([
          this.after(serial, 'renews'),
          this.after(serial, 'replaces'),
        ])
        return [...renewing, ...replacing]
          .toSorted((a, b) => b.index - a.index)
          .find((one) => isThere(one, time))
      }),
    )
  }
}

function isThere({ at, statement }: CertificateRecord, time: number): boolean {
  return statement.validFrom <= time && Math.floor(Date.parse(at) / 1000) <= time
}
