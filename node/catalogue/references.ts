import { placesOfConditions } from '../core/catalogue/benefit.ts'
import type { CatalogueEntry, CatalogueKind, EntryOf } from '../core/catalogue/entry.ts'
import { placesOf } from '../core/catalogue/matter.ts'
import type { FieldPlace } from '../core/catalogue/matter.ts'
import { compilePattern } from '../core/catalogue/patterns.ts'
import { findIncludedType } from '../core/certificates/included.ts'
import type { CertificateType } from '../core/certificates/types.ts'
import { LedgerError } from '../core/errors.ts'

/** The entry of that kind and code that will be in force with the one that names it. */
export type FindEntry = <Kind extends CatalogueKind>(
  kind: Kind,
  code: string,
) => EntryOf<Kind> | undefined

/**
 * Refuses an entry that names what there is not: nobody could act by it.
 *
 * @throws LedgerError invalid/CATALOGUE_REFERENCE_UNKNOWN {kind, entry}, CATALOGUE_FIELD_UNKNOWN {material, field},
 *   CATALOGUE_PATTERN_MALFORMED {pattern}, CERTIFICATE_TYPE_UNKNOWN {code}
 */
export function verifyReferences(entry: CatalogueEntry, find: FindEntry): void {
  switch (entry.kind) {
    case 'certificateType':
      return verifyPatterns(entry)
    case 'materialType':
      return verifyMaterialType(entry, find)
    case 'matter':
      return verifyMatter(entry, find)
    case 'theme':
      return requireAll('matter', entry.matters, find)
    case 'benefit':
      requireAll('materialType', entry.evidence, find)
      return requireFields([...placesOfConditions(entry.conditions), ...(entry.plain ?? [])], find)
    case 'system':
      requireAll('materialType', entry.materials, find)
      return requireAll('matter', entry.matters, find)
  }
}

function verifyMaterialType(type: EntryOf<'materialType'>, find: FindEntry): void {
  if (type.certificateType !== undefined) requireCertificateType(type.certificateType, find)
  verifyPatterns(type)
}

function verifyPatterns({ fields }: EntryOf<'materialType' | 'certificateType'>): void {
  for (const { pattern } of fields) if (pattern !== undefined) compilePattern(pattern)
}

function verifyMatter(matter: EntryOf<'matter'>, find: FindEntry): void {
  const { materials, rules, agency, benefit } = matter
  requireAll(
    'materialType',
    materials.map(({ material }) => material),
    find,
  )
  if (benefit !== undefined) requireAll('benefit', [benefit], find)
  if (agency.allowed && agency.proof !== undefined) requireAll('materialType', [agency.proof], find)
  const plain = materials.flatMap(({ material, plain = [] }) =>
    plain.map((field) => ({ material, field })),
  )
  const asked = materials.flatMap(({ material, questions = [] }) =>
    questions.flatMap((one) => ('field' in one ? [{ material, field: one.field }] : [])),
  )
  requireFields([...plain, ...asked, ...rules.flatMap(placesOf)], find)
}

/** One that comes along is there before anybody publishes it. */
function requireCertificateType(code: string, find: FindEntry): CertificateType {
  const found = find('certificateType', code) ?? findIncludedType(code)
  if (found === undefined)
    throw new LedgerError('invalid', 'CERTIFICATE_TYPE_UNKNOWN', { certificateType: code })
  return found
}

/**
 * That a certificate type keeps the fields that it had: they stand on certificates that were issued before, and how
 * they are masked is to be known as long as those are there.
 *
 * @throws LedgerError invalid/CATALOGUE_FIELDS_DROPPED {fields}
 */
export function verifyKept(entry: CatalogueEntry, former: CatalogueEntry | undefined): void {
  if (entry.kind !== 'certificateType') return
  const earlier = former?.kind === 'certificateType' ? former : findIncludedType(entry.code)
  const kept = new Set(entry.fields.map(({ name }) => name))
  const fields = (earlier?.fields ?? []).map(({ name }) => name).filter((name) => !kept.has(name))
  if (fields.length > 0) throw new LedgerError('invalid', 'CATALOGUE_FIELDS_DROPPED', { fields })
}

function requireAll(kind: CatalogueKind, codes: readonly string[], find: FindEntry): void {
  for (const code of codes) requireOne(kind, code, find)
}

function requireOne<Kind extends CatalogueKind>(
  kind: Kind,
  code: string,
  find: FindEntry,
): EntryOf<Kind> {
  const found = find(kind, code)
  if (found === undefined)
    throw new LedgerError('invalid', 'CATALOGUE_REFERENCE_UNKNOWN', { kind, entry: code })
  return found
}

function requireFields(places: readonly FieldPlace[], find: FindEntry): void {
  for (const { material, field } of places) {
    const { certificateType, fields } = requireOne('materialType', material, find)
    const face =
      certificateType === undefined ? [] : requireCertificateType(certificateType, find).fields
    if (![...fields, ...face].some(({ name }) => name === field))
      throw new LedgerError('invalid', 'CATALOGUE_FIELD_UNKNOWN', { material, field })
  }
}
