import type { Certificates } from '../certificates/certificates.ts'
import type { EvidenceCandidate } from '../core/benefits/judge.ts'
import type { EvidenceFields } from '../core/benefits/conditions.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'
import { usabilityOf } from '../core/usability/holding.ts'
import type { HeldCertificate, HeldMaterial, Holding } from '../core/usability/holding.ts'
import { Holdings } from '../holdings/holdings.ts'
import type { HoldingsParts, Look } from '../holdings/holdings.ts'
import type { PartyDirectory } from '../parties/directory.ts'

/** Where what subjects have is looked up. */
export interface EvidenceReader {
  /**
   * What somebody has of a type, the newest first.
   *
   * @param fields names of those that conditions read: no others are opened
   */
  find(wanted: WantedEvidence): Promise<EvidenceCandidate[]>
}

export interface WantedEvidence {
  readonly subject: Holder
  readonly type: MaterialType
  readonly fields: readonly string[]
  readonly day: Day
}

export interface EvidenceParts extends HoldingsParts {
  readonly certificates: HoldingsParts['certificates'] & Pick<Certificates, 'disclose'>
  readonly directory: Pick<PartyDirectory, 'holdersWithCode'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** As far back as anything is looked at: an older piece may show what a newer one does not. */
const ALL: Look = { isEnough: () => false }
/** A benefit is no case: nothing came in for it. */
const NO_CASES: ReadonlySet<string> = new Set()

/** Evidence of what this ledger holds: certificates of the subject's holder ids, and materials by its code. */
export class LedgerEvidence implements EvidenceReader {
  readonly #parts: EvidenceParts

  constructor(parts: EvidenceParts) {
    this.#parts = parts
  }

  async find(wanted: WantedEvidence): Promise<EvidenceCandidate[]> {
    const { subject, type } = wanted
    const registered = await this.#parts.directory.holdersWithCode(subject)
    const ids = registered.map(({ holder }) => holder)
    const holdings = new Holdings(this.#parts, async () => ids)
    const certificates =
      type.certificateType === undefined
        ? []
        : await this.#certificates(holdings, ids, type.certificateType, wanted)
    // Where the certificate itself says how long it counts, a copy of it never does.
    if (type.certificateType !== undefined && type.validity.mode === 'CERTIFICATE')
      return certificates
    const { items } = await holdings.materials(subject, type, ALL)
    const materials = items.flatMap((material) => this.#material(material, wanted))
    return [...certificates, ...materials]
  }

  /** What was erased shows nothing any more. */
  #material(held: HeldMaterial, wanted: WantedEvidence): EvidenceCandidate[] {
    const { material } = held
    if (material === undefined) return []
    const { id, fields = {} } = material
    return [
      { kind: 'material', id, ...this.#because(held, wanted), fields: pick(fields, wanted.fields) },
    ]
  }

  async #certificates(
    holdings: Holdings,
    ids: readonly Hex[],
    type: string,
    wanted: WantedEvidence,
  ): Promise<EvidenceCandidate[]> {
    const pages = await Promise.all(ids.map((id) => holdings.certificates(id, type, ALL)))
    const held = new Map(
      pages.flatMap(({ items }) => items.map((one) => [one.index, one] as const)),
    )
    const newestFirst = [...held.values()].toSorted((a, b) => b.index - a.index)
    return Promise.all(newestFirst.map((certificate) => this.#certificate(certificate, wanted)))
  }

  async #certificate(held: HeldCertificate, wanted: WantedEvidence): Promise<EvidenceCandidate> {
    const { kind, id } = held
    const { fields: names } = wanted
    const { because } = this.#because(held, wanted)
    if (because !== undefined) return { kind, id, because }
    if (names.length === 0) return { kind, id, fields: {} }
    // Optional fields may not be on it, so that they cannot be asked for by name.
    const face = readDisclosed(await this.#parts.certificates.disclose(id)).fields
    return { kind, id, fields: pick(face, names) }
  }

  #because(held: Holding, { type, day }: WantedEvidence): Pick<EvidenceCandidate, 'because'> {
    const time = Math.floor(this.#parts.now() / 1000)
    const found = usabilityOf(held, { type, caseCodes: NO_CASES, day, time })
    return found.usable ? {} : { because: found.why.code }
  }
}

/** No more leaves this place than conditions read. */
function pick(fields: EvidenceFields, names: readonly string[]): EvidenceFields {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
