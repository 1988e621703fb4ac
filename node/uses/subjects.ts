import type { Certificates } from '../certificates/certificates.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { CertificateIssued } from '../core/statements/certificate.ts'
import type { UseReleased } from '../core/statements/use.ts'
import { usabilityOf } from '../core/usability/holding.ts'
import type { Holding, Purpose } from '../core/usability/holding.ts'
import { refusalOf } from '../core/usability/usability.ts'
import type { UseSubject } from '../core/uses/documents.ts'
import { isCertified } from '../holdings/certified.ts'
import { describeCertificate, describeMaterial } from '../holdings/describe.ts'
import type { Materials } from '../materials/materials.ts'
import type { PartyDirectory } from '../parties/directory.ts'

/** What a use is of, and whose it is. */
export interface FoundSubject {
  readonly subject: UseReleased['subject']
  /** Holder ids; of a material, each that its holder is known by. */
  readonly holders: readonly Hex[]
  /** How it stands. */
  readonly held: Holding
  readonly certificate?: CertificateIssued
  readonly material?: MaterialSubmitted
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
   * That a certificate or material counts for a case; what serves once is another question, see `SingleUses`. A type
   * goes by the version of the case, and what is over is so now.
   *
   * @param time seconds since 1970
   * @param caseCodes the case, and those that share what it was given
   * @throws LedgerError forbidden/CERTIFICATE_NOT_USABLE {certificateStatus}, CERTIFICATE_SUPERSEDED {by, on},
   *   CERTIFICATE_EXPIRED {on}, CERTIFICATE_NOT_YET_VALID {from}
   * @throws LedgerError forbidden/MATERIAL_QUARANTINED, MATERIAL_REJECTED, MATERIAL_WITHDRAWN {by}, MATERIAL_SUPERSEDED
   *   {by}, MATERIAL_EXPIRED {on}, MATERIAL_NOT_VALID_YET {from}, MATERIAL_UNDATED {field},
   *   MATERIAL_CERTIFICATE_DECIDES {certificateType}, MATERIAL_NOT_FROM_ISSUER {issuer}
   */
  async requireUsable(
    { subject, held }: FoundSubject,
    caseCode: string,
    { time, caseCodes }: Pick<Purpose, 'time' | 'caseCodes'>,
  ): Promise<void> {
    const { catalogue, dayOf: dayOfCase } = this.#parts
    const type =
      subject.kind === 'material'
        ? catalogue.find('materialType', subject.type, await dayOfCase(caseCode))
        : undefined
    const found = usabilityOf(held, { type, caseCodes, day: dayOf(time * 1000), time })
    if (!found.usable) throw refusalOf(subject.id, found.why)
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

  /** SD-JWT of a certificate with these fields alone. */
  disclose(id: string, fields: readonly string[]): Promise<string> {
    return this.#parts.certificates.disclose(id, fields)
  }

  async #certificate(id: string): Promise<FoundSubject> {
    const record = await this.#parts.certificates.get(id)
    const { index, certificateId, statement } = record
    const { type, holders } = statement
    const [facts] = await this.#parts.certificates.factsOf([record])
    if (facts === undefined) throw new TypeError('facts of each')
    return {
      subject: { kind: 'certificate', id, index, type, certificate: certificateId },
      holders,
      held: describeCertificate(record, facts),
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
      held: describeMaterial({ index, at, statement }, ids, {
        standing,
        isCertified: await isCertified(this.#parts, statement, ids),
      }),
      material: statement,
    }
  }
}
