import { equalBytes } from '../core/bytes.ts'
import { commit } from '../core/commitment.ts'
import { entryIdOf } from '../core/catalogue/entry.ts'
import type { EntryVersion } from '../core/catalogue/entry.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { CATALOGUE_TERM } from '../core/terms/foundBy.ts'
import type { Ledger, OpenedStatement } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import { Shelf } from './shelf.ts'
import type { Published } from './shelf.ts'

const PAGE = 256

/**
 * The catalogue as its statements have it, each held against the log: what was altered in the store is no catalogue.
 *
 * @throws LedgerError corrupt/CATALOGUE_ALTERED {index} a statement is not the one that was logged
 * @throws LedgerError corrupt/CATALOGUE_INCOMPLETE {kind, entry, version} a published version is not found
 * @throws LedgerError corrupt/SEAL_BROKEN, STATEMENT_MISSING
 */
export async function loadShelf(ledger: Ledger, terms: TermIndex): Promise<Shelf> {
  const shelf = new Shelf()
  for (const index of await findPublished(terms)) {
    const published = await readPublished(ledger, index)
    if (!shelf.put(published)) {
      const { kind, code } = published.entry
      throw incomplete({ kind, code, version: shelf.versionsOf(kind, code).length + 1 })
    }
  }
  // The newest version leaves no gap behind: only its id still tells of it.
  for (const next of shelf.nextVersions())
    if ((await ledger.findIndex(entryIdOf(next))) !== undefined) throw incomplete(next)
  return shelf
}

/** Indexes of what was published, in the order of the log. */
async function findPublished(terms: TermIndex): Promise<number[]> {
  const found: number[] = []
  for (;;) {
    const before = found.at(-1)
    const page = await terms.find(CATALOGUE_TERM, {
      limit: PAGE,
      ...(before !== undefined && { before }),
    })
    found.push(...page)
    if (page.length < PAGE) return found.toReversed()
  }
}

/** @throws LedgerError corrupt/CATALOGUE_ALTERED, SEAL_BROKEN, STATEMENT_MISSING */
export async function readPublished(ledger: Ledger, index: number): Promise<Published> {
  const { statement, bytes, salt } = await open(ledger, index)
  const { commitment, at } = parseEntry(await ledger.getEntry(index))
  if (statement.kind !== 'catalogue.published' || !equalBytes(commit(salt, bytes), commitment))
    throw altered(index)
  const { id, entry, by } = statement
  return { entry, statement: id, index, at, by }
}

/** Nobody erases what is published: a statement that does not open was made so. */
async function open(ledger: Ledger, index: number): Promise<OpenedStatement> {
  try {
    return await ledger.openStatement(index)
  } catch (cause) {
    if (isLedgerError(cause, 'STATEMENT_ERASED')) throw altered(index, cause)
    throw cause
  }
}

function altered(index: number, cause?: unknown): LedgerError {
  return new LedgerError('corrupt', 'CATALOGUE_ALTERED', { index }, { cause })
}

function incomplete({ kind, code, version }: EntryVersion): LedgerError {
  return new LedgerError('corrupt', 'CATALOGUE_INCOMPLETE', { kind, entry: code, version })
}
