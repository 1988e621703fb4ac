import type { Hex } from '../core/ethereum/hex.ts'
import { judgeCandidate } from '../core/resolution/candidates.ts'
import type { Candidate, Wanted } from '../core/resolution/candidates.ts'
import type { FoundCandidates } from '../core/resolution/asking.ts'
import { isTakenFromBank } from '../core/resolution/offers.ts'
import type { Considered } from '../core/resolution/document.ts'
import { isCertificate } from '../core/resolution/required.ts'
import type { Required } from '../core/resolution/required.ts'
import type { Holding } from '../core/usability/holding.ts'
import { Holdings } from '../holdings/holdings.ts'
import type { FoundHoldings, HoldingsParts, Look } from '../holdings/holdings.ts'
import type { KnownHolder, KnownHolders } from './holders.ts'

/** Finds what the bank has of somebody that might be what a matter asks for. */
export class CandidateFinder {
  readonly #holdings: Holdings

  constructor(parts: HoldingsParts, holders: KnownHolders) {
    this.#holdings = new Holdings(parts, (holder) => holders.idsOf(holder))
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
    const certificates = isCertificate(required, type)
      ? await Promise.all(this.#certificates(party, wanted, enough))
      : []
    const good = certificates.flatMap(({ items }) => items.filter(isGoodFor(wanted))).length
    // Older copies of other certificates are looked for where there are not enough certificates.
    const papers = isTakenFromBank(required) ? Math.max(enough - good, 0) : 0
    const materials = await Promise.all(
      party.flatMap(({ holder }) => [
        ...[...caseCodes].map((code) => this.#holdings.handedIn(holder, type, code)),
        this.#holdings.materials(holder, type, until(papers, wanted)),
      ]),
    )
    const found = [...certificates, ...materials]
    const items = found.flatMap((each) => each.items).toSorted((a, b) => b.index - a.index)
    const distinct = items.filter(({ index }, i) => index !== items[i - 1]?.index)
    return { items: distinct, more: found.some(({ more }) => more) }
  }

  /** What somebody has in hand; undefined where there is no such thing. */
  consider({ kind, id }: Pick<Considered, 'kind' | 'id'>): Promise<Candidate | undefined> {
    return this.#holdings.get({ kind, id })
  }

  #certificates(
    party: readonly KnownHolder[],
    wanted: Wanted,
    enough: number,
  ): Promise<FoundHoldings>[] {
    const type = wanted.type.certificateType
    return party.flatMap(({ ids }) =>
      ids.map((id: Hex) => this.#holdings.certificates(id, type, until(enough, wanted))),
    )
  }
}

/** @param enough good ones; 0 for the newest page alone */
function until(enough: number, wanted: Wanted): Look {
  return { isEnough: (found) => found.filter(isGoodFor(wanted)).length >= enough }
}

function isGoodFor(wanted: Wanted): (one: Holding) => boolean {
  return (one) => judgeCandidate(one, wanted).usable
}
