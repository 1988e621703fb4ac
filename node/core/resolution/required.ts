import { canonicalize } from '../json.ts'
import type { Exemption, Matter, Rule } from '../catalogue/matter.ts'
import type { MatterQuestion } from '../catalogue/matterQuestion.ts'
import { placesOf } from '../catalogue/matter.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import { materialsOfTheme } from '../catalogue/theme.ts'
import type { BundledMaterial } from '../catalogue/theme.ts'
import { findIncludedType } from '../certificates/included.ts'
import type { Sensitivity } from '../catalogue/parts.ts'

/** What a case, or a theme, asks of one holder: once, whoever asks for it. */
export interface Required extends BundledMaterial {
  readonly exemption: Exemption
  /** Grants of a chain, at most. */
  readonly maxDepth: number
  /** Fields that its matters look at: in rules, or unmasked. */
  readonly looked: readonly string[]
  /** What they ask about it, each once, where it is checked as data. */
  readonly questions: readonly MatterQuestion[]
}

export interface TypeField {
  readonly name: string
  readonly label: string
  readonly type: MaterialType['fields'][number]['type']
  readonly required: boolean
  readonly sensitivity: Sensitivity
}

/** What the matters need, with what proves an agent where there is one. */
export function requiredOf(matters: readonly Matter[], isActedFor: boolean): Required[] {
  const asking = isActedFor ? matters.map(withProof) : matters
  const rules = matters.flatMap((matter) => matter.rules)
  return materialsOfTheme(asking).map((bundle) => ({
    ...bundle,
    exemption: exemptionOf(bundle),
    // The holder's own grant is there at least, where any is needed at all.
    maxDepth: Math.max(1, Math.min(...bundle.askedBy.map(({ maxGrantDepth }) => maxGrantDepth))),
    looked: lookedAt(bundle, rules),
    questions: askedAbout(bundle),
  }))
}

/** Nobody plays the part of an agent where nobody is acted for. */
export function isPlayed({ holder }: Pick<Required, 'holder'>, isActedFor: boolean): boolean {
  return holder !== 'AGENT' || isActedFor
}

/** A case cannot do without it. */
export function isNecessary(required: Required, isActedFor: boolean): boolean {
  return required.necessity === 'required' && isPlayed(required, isActedFor)
}

/**
 * Where one matter takes nothing but the paper itself, it is handed in, and serves the others too; where one wants to
 * see it, answers to another's questions do not do.
 */
function exemptionOf({ askedBy }: BundledMaterial): Exemption {
  const asked = askedBy.map(({ exemption }) => exemption)
  if (asked.includes('mustSubmit')) return 'mustSubmit'
  return asked.find((way) => way !== 'dataCheck') ?? asked[0] ?? 'mustSubmit'
}

function askedAbout({ askedBy }: BundledMaterial): MatterQuestion[] {
  const asked = askedBy.flatMap(({ questions = [] }) => questions)
  return [...new Map(asked.map((one) => [canonicalize(one), one])).values()]
}

/** Whoever acts for somebody shows that they may. */
function withProof(matter: Matter): Matter {
  const { agency, materials } = matter
  if (!agency.allowed || agency.proof === undefined) return matter
  const { proof } = agency
  const isProof = ({ material, holder }: Matter['materials'][number]) =>
    material === proof && holder === 'APPLICANT'
  const asked = materials.find(isProof) ?? {
    material: proof,
    holder: 'APPLICANT',
    exemption: 'mustSubmit' as const,
    maxGrantDepth: 0,
  }
  const others = materials.filter((material) => !isProof(material))
  return { ...matter, materials: [...others, { ...asked, necessity: 'required' }] }
}

function lookedAt({ material, askedBy }: BundledMaterial, rules: readonly Rule[]): string[] {
  const inRules = rules
    .flatMap(placesOf)
    .filter((place) => place.material === material)
    .map(({ field }) => field)
  const plain = askedBy.flatMap((asked) => asked.plain ?? [])
  return [...new Set([...inRules, ...plain])].toSorted()
}

/** A type of material with the fields of the certificate that it is a copy of, where they were published. */
export type FacedType = MaterialType & { readonly face?: readonly TypeField[] }

/** A certificate's fields are those of its certificate type. */
export function fieldsOf({ certificateType, fields, face }: FacedType): readonly TypeField[] {
  return face ?? findIncludedType(certificateType ?? '')?.fields ?? fields
}

/** Whether it is looked for among certificates. */
export function isCertificate(
  { exemption }: Pick<Required, 'exemption'>,
  { certificateType, validity }: MaterialType,
): boolean {
  if (certificateType === undefined) return false
  return validity.mode === 'CERTIFICATE' || ['certificatePull', 'dataCheck'].includes(exemption)
}

/**
 * The fields that a use has to show: what the matters look at; of a certificate that they only want to have, those that
 * it must have. None: the whole material. Of what is only checked, see `fieldsToGrant`.
 */
export function neededFields(required: Required, type: MaterialType): readonly string[] {
  const { looked } = required
  if (!isCertificate(required, type)) return []
  if (looked.length > 0) return looked
  return fieldsOf(type)
    .filter((field) => field.required)
    .map(({ name }) => name)
    .toSorted()
}
