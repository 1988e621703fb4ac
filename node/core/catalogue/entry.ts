import * as z from 'zod'
import { utf8 } from '../bytes.ts'
import { sha256 } from '../hash/hash.ts'
import { parseBy } from '../schema.ts'
import { digestId } from '../statements/parts.ts'
import { Benefit } from './benefit.ts'
import { CertificateTypeEntry } from './certificateType.ts'
import { MaterialType } from './materialType.ts'
import { Matter } from './matter.ts'
import { InformationSystem } from './system.ts'
import { Theme } from './theme.ts'

const KINDS_OF_ENTRY = [
  CertificateTypeEntry,
  MaterialType,
  Matter,
  Theme,
  Benefit,
  InformationSystem,
] as const

/** One version of one entry of the catalogue. */
export const CatalogueEntry = z
  .discriminatedUnion('kind', KINDS_OF_ENTRY)
  .meta({ id: 'CatalogueEntry' })
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

export const CatalogueKind = z.enum([
  'certificateType',
  'materialType',
  'matter',
  'theme',
  'benefit',
  'system',
])
export type CatalogueKind = CatalogueEntry['kind']
export type EntryOf<Kind extends CatalogueKind> = Extract<CatalogueEntry, { kind: Kind }>

/** What names one version. */
export type EntryVersion = Pick<CatalogueEntry, 'kind' | 'code' | 'version'>

/** @throws LedgerError invalid/CATALOGUE_ENTRY_MALFORMED with `details.issues`: [{ pointer, rule }] */
export function parseCatalogueEntry(value: unknown): CatalogueEntry {
  return parseBy(CatalogueEntry, value, 'CATALOGUE_ENTRY_MALFORMED')
}

/** Statement id of a version: it is published once. */
export function entryIdOf({ kind, code, version }: EntryVersion): string {
  // None of the parts holds a space.
  return digestId('catalogue', sha256(utf8(`onceledger/catalogue/v1 ${kind} ${code} ${version}`)))
}
