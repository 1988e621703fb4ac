import * as z from 'zod'
import { CatalogueKind, parseCatalogueEntry } from '../core/catalogue/entry.ts'
import type { CatalogueEntry } from '../core/catalogue/entry.ts'
import { LedgerError } from '../core/errors.ts'
import { HexAddress } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { parseBy } from '../core/schema.ts'
import { shownText } from '../core/statements/parts.ts'
import { regionCode } from '../core/statements/party.ts'

/** A department that a file names by a code of its own. */
const FileDepartment = z.strictObject({
  code: shownText(50),
  name: shownText(100),
  region: regionCode,
  /** Unified social credit code. */
  uscc: z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/, 'not a unified social credit code'),
})
export type FileDepartment = z.infer<typeof FileDepartment>

/** As entries are, but a department may be named by its code in the file. */
const FileEntry = z.looseObject({
  kind: CatalogueKind,
  owner: z.string(),
  issuer: z.string().optional(),
})

/** What is loaded into a ledger at once. */
const CatalogueFile = z.strictObject({
  departments: z.array(FileDepartment).default([]),
  entries: z.array(FileEntry).max(100_000),
})
export type CatalogueFile = z.infer<typeof CatalogueFile>

/** Finds the address of a department by what the file says of it; undefined where nobody knows it. */
export type FindDepartment = (code: string) => Hex | undefined

/**
 * Reads `{ departments?, entries }`, the entries alone, or a single one.
 *
 * @throws LedgerError invalid/CATALOGUE_FILE_MALFORMED with `details.issues`: [{ pointer, rule }]
 */
export function parseCatalogueFile(value: unknown): CatalogueFile {
  return parseBy(CatalogueFile, asFile(value), 'CATALOGUE_FILE_MALFORMED')
}

function asFile(value: unknown): unknown {
  if (Array.isArray(value)) return { entries: value as unknown[] }
  const isEntry = typeof value === 'object' && value !== null && 'kind' in value
  return isEntry ? { entries: [value] } : value
}

/**
 * The entries with the addresses of their departments, each after those that it names.
 *
 * @throws LedgerError invalid/CATALOGUE_DEPARTMENT_UNKNOWN {departments}
 * @throws LedgerError invalid/CATALOGUE_ENTRY_MALFORMED
 */
export function entriesOf({ entries }: CatalogueFile, find: FindDepartment): CatalogueEntry[] {
  const unknown = new Set<string>()
  const addressOf = (name: string) => {
    const address = HexAddress.safeParse(name).data ?? find(name)
    if (address === undefined) unknown.add(name)
    return address
  }
  const placed = entries.map(({ owner, issuer, ...rest }) => ({
    ...rest,
    owner: addressOf(owner),
    ...(issuer !== undefined && { issuer: addressOf(issuer) }),
  }))
  if (unknown.size > 0) {
    const departments = [...unknown].toSorted()
    throw new LedgerError('invalid', 'CATALOGUE_DEPARTMENT_UNKNOWN', { departments })
  }
  return placed.map(parseCatalogueEntry).toSorted(byReference)
}

/** Who is named comes before who names: then no entry waits for another. */
const ORDER: readonly CatalogueKind[] = [
  'certificateType',
  'materialType',
  'benefit',
  'matter',
  'theme',
  'system',
]

function byReference(one: CatalogueEntry, other: CatalogueEntry): number {
  return ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.version - other.version
}
