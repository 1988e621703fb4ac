import { entriesOf, parseCatalogueFile } from '../../../node/catalogue/file.ts'
import type { CatalogueEntry, EntryVersion } from '../../../node/core/catalogue/entry.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { ErrorKind, LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { DepartmentClient } from '../parties.ts'
import type { Handed } from '../requests.ts'
import { findDepartments } from './departments.ts'

export interface CatalogueNames {
  /** Addresses of departments by the codes that the documents give them; the ledger is asked for the others. */
  readonly departments?: ReadonlyMap<string, Hex> | undefined
  /** The department for all codes that nobody knows. */
  readonly owner?: Hex | undefined
}

/** What became of one entry; `created` is false where the very same was published before. */
export type CatalogueOutcome = EntryVersion & (Omit<Handed, 'id'> | { readonly error: LedgerError })

/** What lies with the entry, so that the next one may well go through. */
const OF_THE_ENTRY: ReadonlySet<ErrorKind> = new Set(['invalid', 'forbidden', 'conflict'])

/** The entries of documents with the addresses of their departments, each after those that it names. */
export async function entriesIn(
  documents: unknown,
  { departments = new Map<string, Hex>(), owner }: CatalogueNames,
  client: Pick<DepartmentClient, 'authority' | 'list'>,
): Promise<CatalogueEntry[]> {
  const file = parseCatalogueFile(documents)
  const found = await findDepartments(file.departments, departments, client)
  return entriesOf(file, (code) => found.get(code) ?? owner)
}

/** One after the other, for one may name another; a run that is repeated goes on where it stopped. */
export async function* publishAll(
  entries: Iterable<CatalogueEntry>,
  publish: (entry: CatalogueEntry) => Promise<Omit<Handed, 'id'>>,
): AsyncGenerator<CatalogueOutcome, void> {
  for (const entry of entries) {
    const { kind, code, version } = entry
    try {
      yield { kind, code, version, ...(await publish(entry)) }
    } catch (error) {
      if (!isLedgerError(error) || !OF_THE_ENTRY.has(error.kind)) throw error
      yield { kind, code, version, error }
    }
  }
}
