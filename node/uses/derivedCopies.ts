import { readDisclosed } from '../core/certificates/credential.ts'
import { digestAlgorithm } from '../core/digest.ts'
import { LedgerError } from '../core/errors.ts'
import type { DrawnDocument } from '../core/statements/use.ts'
import { latestExpiry } from '../core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../core/uses/derivedCopy.ts'
import { userOf } from '../core/uses/request.ts'
import type { CopyMaker } from '../derived/copyMaker.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Materials } from '../materials/materials.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { DecidedUse } from './deciding.ts'
import type { FieldMask } from './masking.ts'
import type { Subjects } from './subjects.ts'

export interface CopyParts {
  readonly ledger: Pick<Ledger, 'origin'>
  readonly subjects: Subjects
  readonly directory: PartyDirectory
  /** On the day of the case; undefined where nobody published the matter. */
  readonly nameOfMatter: (matter: string, caseCode: string) => Promise<string | undefined>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The copy that a department gets, with the fields it asked for and nothing else of the original. What is masked is in
 * no disclosure: whoever has the copy cannot look behind it.
 *
 * @param id of the use's statement
 * @throws LedgerError invalid/USE_FIELD_UNKNOWN {fields}: the original has no such fields
 */
export async function makeDerivedCopy(
  id: string,
  decided: DecidedUse,
  mask: FieldMask,
  { ledger, subjects, directory, nameOfMatter, now }: CopyParts,
): Promise<DerivedCopy> {
  const { request, subject, material } = decided
  const { case: caseCode, matter, officer, cause } = request.context
  const department = userOf(request)
  const name = (await directory.departmentOf(department))?.name
  const matterName = await nameOfMatter(matter, caseCode)
  const at = Math.floor(now() / 1000)
  return {
    v: 1,
    kind: 'derivedCopy',
    of: request.subject,
    mark: {
      maker: ledger.origin,
      at,
      department,
      ...(name !== undefined && { departmentName: name }),
      officer,
      cause,
      case: caseCode,
      matter,
      ...(matterName !== undefined && { matterName }),
      expires: latestExpiry(request, at),
      use: id,
    },
    ...(subject.kind === 'certificate'
      ? await discloseCertificate(subject.id, request.fields, mask, subjects)
      : discloseMaterial(material, request.fields, mask)),
  }
}

/**
 * What a whole material will be handed out as, so that its receipt binds the pages too; undefined where nothing is
 * drawn, and where the bytes are not kept here.
 *
 * @throws LedgerError unavailable/DERIVED_COPIES_BUSY; notFound/MATERIAL_ERASED
 */
export async function drawDocument(
  { mark, material: released }: DerivedCopy,
  { material }: DecidedUse,
  { materials, maker }: { readonly materials: Materials; readonly maker: Pick<CopyMaker, 'draw'> },
): Promise<DrawnDocument | undefined> {
  if (released === undefined || material?.content.kept !== 'here') return undefined
  const { size, mediaType } = released
  const content = await materials.openContent(material.id)
  const drawn = await maker.draw({ content, size, mediaType }, mark)
  if (drawn === undefined) return undefined
  // As many algorithms as the ledger is configured to state.
  const stated = released.digests.map(digestAlgorithm)
  const digests = drawn.digests.filter((digest) => stated.includes(digestAlgorithm(digest)))
  return { ...drawn, digests }
}

async function discloseCertificate(
  id: string,
  names: readonly string[],
  mask: FieldMask,
  subjects: Subjects,
): Promise<Pick<DerivedCopy, 'fields' | 'masked' | 'credential'>> {
  const { fields } = readDisclosed(await subjects.disclose(id, names))
  const credential = await subjects.disclose(
    id,
    names.filter((name) => !mask.isMasked(name)),
  )
  return { ...shownBy(mask, fields), credential }
}

function shownBy(
  mask: FieldMask,
  fields: DerivedCopy['fields'],
): Pick<DerivedCopy, 'fields' | 'masked'> {
  const masked = Object.keys(fields).filter((name) => mask.isMasked(name))
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, mask.show(name, value)]),
    ),
    ...(masked.length > 0 && { masked: masked.toSorted() }),
  }
}

function discloseMaterial(
  material: DecidedUse['material'],
  names: readonly string[],
  mask: FieldMask,
): Pick<DerivedCopy, 'fields' | 'masked' | 'material'> {
  if (material === undefined) throw new TypeError('a material has its statement')
  if (names.length === 0) {
    const { kept: _, ...content } = material.content
    const shown = shownBy(mask, material.fields ?? {})
    return mask.showsPages ? { ...shown, material: content } : shown
  }
  const own = material.fields ?? {}
  const unknown = names.filter((name) => !Object.hasOwn(own, name))
  if (unknown.length > 0) throw new LedgerError('invalid', 'USE_FIELD_UNKNOWN', { fields: unknown })
  return shownBy(mask, Object.fromEntries(names.map((name) => [name, own[name] as string])))
}
