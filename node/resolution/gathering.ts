import { CaseCircle } from '../cases/circle.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { withFace } from '../catalogue/certificateTypes.ts'
import type { Certificates } from '../certificates/certificates.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { placeOf } from '../core/resolution/asking.ts'
import type { Asking, FoundCandidates } from '../core/resolution/asking.ts'
import { isWanted } from '../core/resolution/candidates.ts'
import type { Candidate } from '../core/resolution/candidates.ts'
import { requiredOf } from '../core/resolution/required.ts'
import type { Required } from '../core/resolution/required.ts'
import type { PastUse } from '../core/resolution/used.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { TermIndex } from '../store/terms.ts'
import type { Undertakings } from '../undertakings/undertakings.ts'
import { CandidateFinder } from './candidates.ts'
import type { HeldGrants } from './grants.ts'
import type { KnownHolder, KnownHolders } from './holders.ts'
import type { Inquiry } from './inquiry.ts'
import { undertakingsFor } from './undertaken.ts'

export interface GatheringParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'getEntry' | 'openStatement'>
  readonly terms: TermIndex
  readonly catalogue: CatalogueReader
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf'>
  readonly directory: Pick<PartyDirectory, 'holderOf' | 'holdersWithCode' | 'departmentOf'>
  readonly mirror: Pick<Mirror, 'world' | 'holders'>
  readonly undertakings: Pick<Undertakings, 'ofCase' | 'brokenBy'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Good candidates of a material that rules choose among, at most: to read one costs a fraction of a millisecond, and an
 * answer is to stay quick. Whoever has more of a type names the right one, see `CaseResolving.consider`.
 */
const WEIGHED = 32

/** How far back to look, and for what. */
interface Reach {
  /** Good ones of each. */
  readonly enough: number
  readonly isWanted: (required: Required) => boolean
}

/** Looks up all that the answer to one inquiry follows from. */
export class Gathering {
  readonly #inquiry: Inquiry
  readonly #parts: GatheringParts
  readonly #known: KnownHolders

  constructor(inquiry: Inquiry, parts: GatheringParts, known: KnownHolders) {
    this.#inquiry = inquiry
    this.#parts = parts
    this.#known = known
  }

  /** Everything but the grants. */
  async gather(): Promise<Asking> {
    const { matters, day, parties, fields, caseCodes, department, uses, of } = this.#inquiry
    const { directory, undertakings } = this.#parts
    const now = this.#parts.now()
    const region = (await directory.departmentOf(department))?.region
    const asking: Asking = {
      matters,
      types: this.#types(),
      day: dayOf(now),
      caseDay: day,
      time: Math.floor(now / 1000),
      caseCodes,
      isDecided: of?.isDecided ?? false,
      ...(fields && { fields }),
      ...(uses && { uses }),
      parties: await this.#everyId(parties),
      department,
      ...(region !== undefined && { region }),
      candidates: new Map(),
      grants: new Map(),
    }
    const [candidates, undertaken] = await Promise.all([
      this.#candidatesFor(asking, { enough: 1, isWanted: () => true }),
      undertakingsFor(asking, { code: of?.code, day }, undertakings),
    ])
    return { ...asking, ...undertaken, candidates }
  }

  /**
   * With what was granted, by everybody whose material was found, to everybody who could use it: the department, the
   * applicant, its agents.
   *
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  async withGrants(asking: Asking, held: HeldGrants): Promise<Asking> {
    const { candidates, department, parties, time } = asking
    const { mirror, directory } = this.#parts
    const circle = new CaseCircle(this.#inquiry.circle, directory, mirror.world(time))
    const acting = [...(parties['APPLICANT'] ?? []), ...(parties['AGENT'] ?? [])]
    const grantees = new Set([
      department,
      ...acting.flatMap((id) => mirror.holders.boundAccountsOf(id)),
    ])
    const owners = new Set([...candidates.values()].flatMap(({ items }) => items.flatMap(ownersOf)))
    const grants = [...owners].map(
      async (holder) => [holder, await held.of(holder, grantees, circle)] as const,
    )
    return { ...asking, grants: new Map(await Promise.all(grants)) }
  }

  /** With older candidates of what the newest did not settle. @param unsettled codes of materials */
  async lookFurther(
    asking: Asking,
    unsettled: ReadonlySet<string>,
    held: HeldGrants,
  ): Promise<Asking> {
    const older = await this.#candidatesFor(asking, {
      enough: WEIGHED,
      isWanted: (required) =>
        unsettled.has(required.material) && asking.candidates.get(placeOf(required))?.more === true,
    })
    if (older.size === 0) return asking
    const candidates = new Map([...asking.candidates, ...older])
    return this.withGrants({ ...asking, candidates }, held)
  }

  #types(): Map<string, MaterialType> {
    const { matters, day } = this.#inquiry
    const { catalogue } = this.#parts
    // With what proves an agent, whether there is one or not.
    const codes = requiredOf(matters, true).map(({ material }) => material)
    return new Map(
      codes.map((code) => [
        code,
        withFace(catalogue, catalogue.get('materialType', code, day), day),
      ]),
    )
  }

  async #candidatesFor(
    { matters, types, day, time, caseCodes, parties }: Asking,
    reach: Reach,
  ): Promise<Map<string, FoundCandidates>> {
    const { parties: named, consider, uses = [] } = this.#inquiry
    const finder = new CandidateFinder(this.#parts, this.#known)
    const isActedFor = (parties['AGENT'] ?? []).length > 0
    const wanted = requiredOf(matters, isActedFor).filter(reach.isWanted)
    const used = await findUsed(finder, uses)
    const found = wanted.map(async (required) => {
      const type = types.get(required.material) as MaterialType
      const holders = parties[required.holder] ?? []
      const party = await Promise.all(
        (named[required.holder] ?? []).map((id) => this.#known.get(required.holder, id)),
      )
      const sought = { type, holders, caseCodes, day, time }
      const asked = consider.filter(({ material }) => material === required.material)
      const [items, considered] = await Promise.all([
        finder.find(required, distinct(party), sought, reach.enough),
        Promise.all(asked.map((one) => finder.consider(one))),
      ])
      const all = considered.filter((one): one is Candidate => one !== undefined)
      const had = used.filter((one) => isWanted(one, sought))
      return [placeOf(required), { ...items, considered: [...all, ...had] }] as const
    })
    return new Map(await Promise.all(found))
  }

  /**
   * Somebody may be known by several ids, and have granted by any of them. Asked is by the one that is named, and by
   * another only where no account acts by that any more: nobody could sign.
   */
  async #everyId(parties: Asking['parties']): Promise<Asking['parties']> {
    const all = Object.entries(parties).map(async ([role, ids = []]) => {
      const holders = await Promise.all(ids.map((id) => this.#known.get(role, id)))
      const every = new Set([...ids, ...holders.flatMap((holder) => holder.ids)])
      const { able = [], unable = [] } = Object.groupBy(every, (id) =>
        this.#parts.mirror.holders.boundAccountsOf(id).length > 0 ? 'able' : 'unable',
      )
      return [role, [...able, ...unable]] as const
    })
    return Object.fromEntries(await Promise.all(all))
  }
}

/** What the department was given goes on counting, however much came in since. */
async function findUsed(finder: CandidateFinder, uses: readonly PastUse[]): Promise<Candidate[]> {
  const subjects = new Map(uses.map(({ subject }) => [subject.id, subject]))
  const found = await Promise.all([...subjects.values()].map((one) => finder.consider(one)))
  return found.filter((one) => one !== undefined)
}

/** Two ids of one holder lead to the same materials. */
function distinct(party: readonly KnownHolder[]): KnownHolder[] {
  const named = party.map(
    (known) => [`${known.holder.codeType} ${known.holder.code}`, known] as const,
  )
  return [...new Map(named).values()]
}

function ownersOf(candidate: Candidate): readonly Hex[] {
  return candidate.kind === 'certificate' ? candidate.holders : (candidate.material?.holders ?? [])
}
