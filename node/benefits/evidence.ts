import type { Certificates } from '../certificates/certificates.ts'
import type { EvidenceCandidate } from '../core/benefits/judge.ts'
import type { EvidenceFields } from '../core/benefits/conditions.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import type { KeptMaterial } from '../core/catalogue/validity.ts'
import { validityOn } from '../core/catalogue/validity.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import type { Holder } from '../core/statement.ts'
import type { FieldValue } from '../core/statements/parts.ts'
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

/** What the material bank has of a holder. */
export interface HeldMaterials {
  /** Of one type, the newest first; `usedBy` names the benefit or the case that a single use went to. */
  ofType(holder: Holder, type: string): Promise<HeldMaterial[]>
}

export interface HeldMaterial extends Pick<KeptMaterial, 'at' | 'usedBy'> {
  readonly id: string
  readonly fields?: { readonly [name: string]: FieldValue }
  /** Why it is not to be used, whatever its type says: another took its place, somebody said no. */
  readonly because?: string
}

export interface EvidenceParts {
  readonly certificates: Pick<Certificates, 'ofHolder' | 'statusOf' | 'disclose'>
  readonly materials: HeldMaterials
  readonly directory: Pick<PartyDirectory, 'holdersWithCode'>
}

/** Certificates of one holder id that are looked at. */
const MOST_CERTIFICATES = 1000
const PAGE = 100

/** Evidence of what this ledger holds: certificates of the subject's holder ids, and materials by its code. */
export class LedgerEvidence implements EvidenceReader {
  readonly #parts: EvidenceParts

  constructor(parts: EvidenceParts) {
    this.#parts = parts
  }

  async find(wanted: WantedEvidence): Promise<EvidenceCandidate[]> {
    const { certificateType, validity } = wanted.type
    if (certificateType === undefined) return this.#materials(wanted)
    const certificates = await this.#certificates(wanted, certificateType)
    // Where the certificate itself says how long it counts, a copy of it never does.
    if (validity.mode === 'CERTIFICATE') return certificates
    return [...certificates, ...(await this.#materials(wanted))]
  }

  async #materials({ subject, type, fields, day }: WantedEvidence): Promise<EvidenceCandidate[]> {
    const held = await this.#parts.materials.ofType(subject, type.code)
    return held.map((material) => {
      const validity = validityOn(type, material, day)
      const because = material.because ?? (validity.usable ? undefined : validity.code)
      return {
        kind: 'material',
        id: material.id,
        ...(because !== undefined && { because }),
        fields: pick(material.fields ?? {}, fields),
      }
    })
  }

  async #certificates(
    { subject, fields }: WantedEvidence,
    type: string,
  ): Promise<EvidenceCandidate[]> {
    const registered = await this.#parts.directory.holdersWithCode(subject)
    const found = new Map<string, number>()
    for (const { holder } of registered)
      for (const { id, index } of await this.#ofHolder(holder, type)) found.set(id, index)
    const newestFirst = [...found].toSorted(([, a], [, b]) => b - a)
    return Promise.all(newestFirst.map(([id]) => this.#certificate(id, fields)))
  }

  async #ofHolder(holder: `0x${string}`, type: string) {
    const found: { readonly id: string; readonly index: number }[] = []
    let before: number | undefined
    for (let looked = 0; looked < MOST_CERTIFICATES; looked += PAGE) {
      const page = await this.#parts.certificates.ofHolder(holder, {
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      found.push(...page.items.filter(({ statement }) => statement.type === type))
      before = page.next
      if (before === undefined) break
    }
    return found
  }

  async #certificate(id: string, fields: readonly string[]): Promise<EvidenceCandidate> {
    const { certificates } = this.#parts
    const { usable, because } = await certificates.statusOf(id)
    if (!usable) return { kind: 'certificate', id, because: CODES[because ?? 'status'] }
    if (fields.length === 0) return { kind: 'certificate', id, fields: {} }
    // Optional fields may not be on it, so that they cannot be asked for by name.
    const face = readDisclosed(await certificates.disclose(id)).fields
    return { kind: 'certificate', id, fields: pick(face, fields) }
  }
}

const CODES = {
  status: 'CERTIFICATE_NOT_USABLE',
  'not issued yet': 'CERTIFICATE_NOT_YET_VALID',
  'not valid yet': 'CERTIFICATE_NOT_YET_VALID',
  expired: 'CERTIFICATE_EXPIRED',
} as const

/** No more leaves this place than conditions read. */
function pick(fields: EvidenceFields, names: readonly string[]): EvidenceFields {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
