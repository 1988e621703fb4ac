import type { CatalogueReader } from '../catalogue/catalogue.ts'
import { findCertificateTypeOn, withFace } from '../catalogue/certificateTypes.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Sensitivity } from '../core/catalogue/parts.ts'
import { fieldsOnPages, isSensitive, maskField } from '../core/masking.ts'
import { fieldsOf } from '../core/resolution/required.ts'
import type { TypeField } from '../core/resolution/required.ts'
import type { FieldValue } from '../core/statements/parts.ts'
import { isGrantedPlain } from '../core/uses/plain.ts'
import type { DecidedUse } from './deciding.ts'

export interface MaskingParts {
  readonly catalogue: Pick<CatalogueReader, 'find'>
  /** By whose versions a case goes: the day on which it was opened, or today where nobody opened it here. */
  readonly dayOf: (caseCode: string) => Promise<Day>
}

/** Which fields of one use are shown in clear. */
export interface FieldMask {
  isMasked(field: string): boolean
  /** Of a whole material: nothing on its pages would be masked. */
  readonly showsPages: boolean
  /** Shown in clear, although they are sensitive; in order. */
  readonly plain: readonly string[]
  /** As it is shown. */
  show(field: string, value: FieldValue): FieldValue
}

/**
 * Masks by sensitivity what is released, unless the grants and the matter both name the field 默认脱敏. Pages, on which
 * nothing can be masked, are released where nothing on them had to be.
 */
export class UseMasking {
  readonly #parts: MaskingParts

  constructor(parts: MaskingParts) {
    this.#parts = parts
  }

  async of({ request, subject, material }: DecidedUse): Promise<FieldMask> {
    const day = await this.#parts.dayOf(request.context.case)
    const wanted = this.#wantedBy(request.context.matter, subject, day)
    const isWhole = request.fields.length === 0
    const names = isWhole ? Object.keys(material?.fields ?? {}) : request.fields
    const type = this.#typeOf(subject, day, names)
    const asked = { subject, fields: request.fields, manner: request.manner }
    const isPlain = (name: string) =>
      wanted.has(name) && isGrantedPlain(name, request.authorizations, asked)
    const onPages = fieldsOnPages(type)
    const showsPages = isWhole && onPages?.every(isPlain) === true
    const sensitive = type.fields.filter(
      ({ name, sensitivity }) => isSensitive(sensitivity) && names.includes(name),
    )
    const plain = showsPages
      ? onPages
      : sensitive.map(({ name }) => name).filter((name) => isPlain(name))
    const masked = new Map(
      sensitive.filter(({ name }) => !plain.includes(name)).map((field) => [field.name, field]),
    )
    return {
      showsPages,
      plain: plain.toSorted(),
      isMasked: (field) => masked.has(field),
      show(name, value) {
        const field = masked.get(name)
        return field === undefined ? value : maskField(value, field.sensitivity, field.type)
      },
    }
  }

  /** Of a type that nobody published, nobody has said that anything on it is sensitive. */
  #typeOf(
    { kind, type }: DecidedUse['subject'],
    day: Day,
    names: readonly string[],
  ): { readonly sensitivity: Sensitivity; readonly fields: readonly TypeField[] } {
    if (kind === 'certificate') {
      const fields = findCertificateTypeOn(this.#parts.catalogue, type, day)?.fields ?? []
      const known = new Set(fields.map(({ name }) => name))
      // A case may be older than the version that its certificate was issued by.
      const others = names.filter((name) => !known.has(name)).map(undeclared)
      return { sensitivity: 'L1', fields: [...fields, ...others] }
    }
    const published = this.#parts.catalogue.find('materialType', type, day)
    if (published === undefined) return { sensitivity: 'L1', fields: [] }
    return {
      sensitivity: published.sensitivity,
      fields: fieldsOf(withFace(this.#parts.catalogue, published, day)),
    }
  }

  /** The fields that the matter needs in clear. */
  #wantedBy(matter: string, { kind, type }: DecidedUse['subject'], day: Day): ReadonlySet<string> {
    const { catalogue } = this.#parts
    const required = catalogue.find('matter', matter, day)?.materials ?? []
    const isAbout = (material: string) =>
      kind === 'material'
        ? material === type
        : catalogue.find('materialType', material, day)?.certificateType === type
    return new Set(required.flatMap(({ material, plain = [] }) => (isAbout(material) ? plain : [])))
  }
}

/** Nobody has said by then that it may be seen. */
function undeclared(name: string): TypeField {
  return { name, label: name, type: 'string', required: false, sensitivity: 'L4' }
}
