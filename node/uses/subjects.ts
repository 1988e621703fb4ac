import type { Certificates } from '../certificates/certificates.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Day } from '../core/catalogue/day.ts'
import { validityOn } from '../core/catalogue/validity.ts'
import { isUsable, statusCodeOf } from '../core/certificates/status.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { CertificateIssued } from '../core/statements/certificate.ts'
import type { UseReleased } from '../core/statements/use.ts'
import type { UseSubject } from '../core/uses/documents.ts'
import type { Materials } from '../materials/materials.ts'
import { CURRENT, ENDED } from '../materials/states.ts'
import type { Standing } from '../materials/states.ts'
import type { PartyDirectory } from '../parties/directory.ts'

/** What a use is of, and whose it is. */
export interface FoundSubject {
  readonly subject: UseReleased['subject']
  /** Holder ids; of a material, each that its holder is known by. */
  readonly holders: readonly Hex[]
  readonly certificate?: CertificateIssued
  readonly material?: MaterialSubmitted
  /** Of a material. */
  readonly standing?: Standing
  /** RFC 3339: when a material was handed in. */
  readonly at?: string
}

export interface SubjectsParts {
  readonly certificates: Certificates
  readonly materials: Materials
  readonly directory: PartyDirectory
  readonly catalogue: Pick<CatalogueReader, 'find'>
  /** By whose versions a case goes: the day on which it was opened, or today where nobody opened it here. */
  readonly dayOf: (caseCode: string) => Promise<Day>
}

/** Certificates and materials, as far as a use asks about them. */
export class Subjects {
  readonly #parts: SubjectsParts

  constructor(parts: SubjectsParts) {
    this.#parts = parts
  }

  /**
   * @param granting holder ids whose grants are presented: a material's holder may be known by several
   * @throws LedgerError notFound/CERTIFICATE_NOT_FOUND, MATERIAL_NOT_FOUND, MATERIAL_ERASED
   * @throws LedgerError conflict/MATERIAL_WITHOUT_HOLDER: nobody could grant its use
   */
  find({ kind, id }: UseSubject, granting: readonly Hex[]): Promise<FoundSubject> {
    return kind === 'certificate' ? this.#certificate(id) : this.#material(id, granting)
  }

  /**
   * That a certificate may be used at `time`, seconds since 1970.
   *
   * @throws LedgerError forbidden/CERTIFICATE_NOT_USABLE {certificateStatus}, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID
   */
  requireUsable({ certificate }: FoundSubject, time: number, recorded: number): void {
    if (certificate === undefined) return
    if (!isUsable(recorded))
      throw new LedgerError('forbidden', 'CERTIFICATE_NOT_USABLE', {
        certificateStatus: statusCodeOf(recorded),
      })
    const { validFrom, validTo } = certificate
    if (time < validFrom)
      throw new LedgerError('forbidden', 'CERTIFICATE_NOT_YET_VALID', { validFrom })
    if (validTo !== undefined && time >= validTo)
      throw new LedgerError('forbidden', 'CERTIFICATE_EXPIRED', { validTo })
  }

  /**
   * That a material may be used: nobody withdrew it, nothing took its place, and nothing about it is in doubt.
   *
   * @throws LedgerError forbidden/MATERIAL_QUARANTINED, MATERIAL_REJECTED, MATERIAL_WITHDRAWN, MATERIAL_SUPERSEDED {by}
   */
  requireCurrent({ subject: { id }, standing = CURRENT }: FoundSubject): void {
    const { state, by } = standing
    const code = ENDED[state]
    if (code === undefined) return
    const details = { id, ...(by !== undefined && { by }) }
    throw new LedgerError(state === 'erased' ? 'notFound' : 'forbidden', code, details)
  }

  /** The material that a use would be of; none of a certificate, and none that cannot be found. */
  async materialsOf({ kind, id }: UseSubject): Promise<MaterialSubmitted[]> {
    if (kind === 'certificate') return []
    try {
      const { statement } = await this.#parts.materials.get(id)
      return statement === undefined ? [] : [statement]
    } catch (error) {
      // The decision says so.
      if (isLedgerError(error, 'MATERIAL_NOT_FOUND')) return []
      throw error
    }
  }

  /**
   * That a material counts on the day of a case, as the version of its type says that was in force then; of a type that nobody
   * published, nobody has said when it ends. A copy of a certificate counts for the case alone that it came in for.
   *
   * @throws LedgerError forbidden/MATERIAL_EXPIRED {on}, MATERIAL_NOT_VALID_YET {from}, MATERIAL_UNDATED {field},
   *   MATERIAL_CERTIFICATE_DECIDES {certificateType}
   */
  async requireValid({ material, at }: FoundSubject, caseCode: string): Promise<void> {
    if (material === undefined || at === undefined) return
    const { catalogue, dayOf } = this.#parts
    const day = await dayOf(caseCode)
    const type = catalogue.find('materialType', material.type, day)
    if (type === undefined) return
    const { fields } = material
    const found = validityOn(type, { at, ...(fields && { fields }) }, day)
    if (found.usable) return
    const { usable: _, code, ...details } = found
    if (code === 'MATERIAL_CERTIFICATE_DECIDES' && material.caseCode === caseCode) return
    throw new LedgerError('forbidden', code, { id: material.id, ...details })
  }

  /** SD-JWT of a certificate with these fields alone. */
  disclose(id: string, fields: readonly string[]): Promise<string> {
    return this.#parts.certificates.disclose(id, fields)
  }

  async #certificate(id: string): Promise<FoundSubject> {
    const { index, certificateId, statement } = await this.#parts.certificates.get(id)
    const { type, holders } = statement
    return {
      subject: { kind: 'certificate', id, index, type, certificate: certificateId },
      holders,
      certificate: statement,
    }
  }

  async #material(id: string, granting: readonly Hex[]): Promise<FoundSubject> {
    const { index, at, statement, standing } = await this.#parts.materials.get(id)
    if (statement === undefined) throw new LedgerError('notFound', 'MATERIAL_ERASED', { id })
    const { holder, type } = statement
    if (holder === undefined) throw new LedgerError('conflict', 'MATERIAL_WITHOUT_HOLDER', { id })
    const known = await this.#parts.directory.holdersWithCode(holder)
    const ids = known.map((registered) => registered.holder)
    // One of its ids grants it; if none does, the first is named as missing.
    const own = ids.find((holderId) => granting.includes(holderId)) ?? ids[0]
    if (own === undefined) throw new LedgerError('conflict', 'MATERIAL_WITHOUT_HOLDER', { id })
    return {
      subject: { kind: 'material', id, index, type },
      holders: [own],
      material: statement,
      standing,
      at,
    }
  }
}
