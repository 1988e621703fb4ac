import { addDays, dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import { entryIdOf } from '../core/catalogue/entry.ts'
import type {
  CatalogueEntry,
  CatalogueKind,
  EntryOf,
  EntryVersion,
} from '../core/catalogue/entry.ts'
import { materialsOfTheme } from '../core/catalogue/theme.ts'
import type { BundledMaterial } from '../core/catalogue/theme.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { canonicalize } from '../core/json.ts'
import type { CataloguePublished } from '../core/statements/catalogue.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import { loadShelf, readPublished } from './load.ts'
import { verifyKept, verifyReferences } from './references.ts'
import type { Published, Shelf } from './shelf.ts'

export interface CatalogueParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  /** Whether it is registered; where there are no registries, nobody can tell. */
  readonly isDepartment?: (address: Hex) => boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who hands an entry in. */
export interface Publisher {
  /** Of the authenticated principal: it is stated. */
  readonly name: string
  /** The department that acts; whoever runs the node has none. */
  readonly department?: Hex
}

/** Stands in for every caller who wants an answer about a day. */
export interface CatalogueReader {
  /** The version in force on a day. */
  find<Kind extends CatalogueKind>(kind: Kind, code: string, day: Day): EntryOf<Kind> | undefined

  /**
   * The version in force on a day.
   *
   * @throws LedgerError notFound/CATALOGUE_UNKNOWN {kind, entry}, CATALOGUE_NOT_IN_FORCE {kind, entry, first}
   */
  get<Kind extends CatalogueKind>(kind: Kind, code: string, day: Day): EntryOf<Kind>
}

/**
 * What there is to apply for, what it takes, and who answers for it. Held in memory, made of the statements that
 * published it and of nothing else. A version that was in force on a day stays so.
 */
export class Catalogue implements CatalogueReader {
  readonly #parts: CatalogueParts
  readonly #shelf: Shelf
  /** Publishing goes one after the other: each is held against what came before. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(parts: CatalogueParts, shelf: Shelf) {
    this.#parts = parts
    this.#shelf = shelf
  }

  /** @throws LedgerError corrupt/CATALOGUE_ALTERED, CATALOGUE_INCOMPLETE, see `loadShelf` */
  static async open(parts: CatalogueParts): Promise<Catalogue> {
    return new Catalogue(parts, await loadShelf(parts.ledger, parts.terms))
  }

  /**
   * Publishes a version of an entry. The same once more is the same statement, whoever hands it in.
   *
   * The first version is published by the department that it names as owner, or by whoever sets the node up, and may
   * have been in force for long. A later one is published by the owner of the one before, which may hand the entry over
   * by it, and comes into force tomorrow at the earliest.
   *
   * @throws LedgerError conflict/CATALOGUE_VERSION_TAKEN, CATALOGUE_VERSION_GAP {next}
   * @throws LedgerError forbidden/CATALOGUE_OWNER_NEEDED {owner}
   * @throws LedgerError invalid/CATALOGUE_OWNER_UNKNOWN {owner}: no department, and so nobody could publish the next
   *   version
   * @throws LedgerError invalid/CATALOGUE_FROM_TOO_EARLY {earliest}, and as `verifyKept`, `verifyReferences`
   */
  publish(entry: CatalogueEntry, publisher: Publisher): Promise<Appended> {
    const turn = this.#last.then(() => this.#publish(entry, publisher))
    this.#last = turn.catch(() => {})
    return turn
  }

  find<Kind extends CatalogueKind>(kind: Kind, code: string, day: Day): EntryOf<Kind> | undefined {
    return this.#shelf.find(kind, code, day)?.entry
  }

  get<Kind extends CatalogueKind>(kind: Kind, code: string, day: Day): EntryOf<Kind> {
    return this.getPublished(kind, code, day).entry
  }

  /** @throws LedgerError as `get` */
  getPublished<Kind extends CatalogueKind>(kind: Kind, code: string, day: Day): Published<Kind> {
    const found = this.#shelf.find(kind, code, day)
    if (found !== undefined) return found
    const [first] = this.history(kind, code)
    throw new LedgerError('notFound', 'CATALOGUE_NOT_IN_FORCE', {
      kind,
      entry: code,
      first: first?.entry.from,
    })
  }

  /** @throws LedgerError notFound/CATALOGUE_UNKNOWN, CATALOGUE_VERSION_UNKNOWN {kind, entry, newest} */
  getVersion<Kind extends CatalogueKind>(
    kind: Kind,
    code: string,
    version: number,
  ): Published<Kind> {
    const versions = this.history(kind, code)
    const found = versions[version - 1]
    if (found !== undefined) return found
    const details = { kind, entry: code, newest: versions.length }
    throw new LedgerError('notFound', 'CATALOGUE_VERSION_UNKNOWN', details)
  }

  /** All versions, the first first. @throws LedgerError notFound/CATALOGUE_UNKNOWN {kind, entry} */
  history<Kind extends CatalogueKind>(kind: Kind, code: string): readonly Published<Kind>[] {
    const versions = this.#shelf.versionsOf(kind, code)
    if (versions.length === 0)
      throw new LedgerError('notFound', 'CATALOGUE_UNKNOWN', { kind, entry: code })
    return versions
  }

  /** All that are in force on a day, in the order of their codes. */
  list<Kind extends CatalogueKind>(kind: Kind, day: Day): Published<Kind>[] {
    return this.#shelf
      .codesOf(kind)
      .map((code) => this.#shelf.find(kind, code, day))
      .filter((found) => found !== undefined)
  }

  /** @throws LedgerError as `get`, also for a matter that is no longer there */
  materialsOfTheme(code: string, day: Day): BundledMaterial[] {
    const { matters } = this.get('theme', code, day)
    return materialsOfTheme(matters.map((matter) => this.get('matter', matter, day)))
  }

  /** Evidence, UTF-8 of JSON, of the statement that published it. @throws LedgerError as `getVersion` */
  evidence(
    { kind, code, version }: EntryVersion,
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array> {
    const { ledger } = this.#parts
    const { index } = this.getVersion(kind, code, version)
    return wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index)
  }

  /** The China day of this moment. */
  today(): Day {
    return dayOf(this.#parts.now())
  }

  async #publish(entry: CatalogueEntry, publisher: Publisher): Promise<Appended> {
    const { kind, code, version, from } = entry
    const versions = this.#shelf.versionsOf(kind, code)
    const known = versions[version - 1]
    if (known !== undefined) return this.#again(known, entry)
    const next = versions.length + 1
    if (version !== next)
      throw new LedgerError('conflict', 'CATALOGUE_VERSION_GAP', { kind, entry: code, next })
    const former = versions.at(-1)?.entry
    requireOwner(entry, former, publisher)
    this.#requireDepartment(entry)
    requireLater(entry, former, this.today())
    verifyKept(entry, former)
    verifyReferences(entry, (kind, code) => this.find(kind, code, from))
    return this.#append(entry, publisher)
  }

  #requireDepartment({ owner }: CatalogueEntry): void {
    if (this.#parts.isDepartment?.(owner) === false)
      throw new LedgerError('invalid', 'CATALOGUE_OWNER_UNKNOWN', { owner })
  }

  async #again(known: Published, entry: CatalogueEntry): Promise<Appended> {
    if (canonicalize(known.entry) !== canonicalize(entry)) throw versionTaken(entry)
    const { statement: id, index } = known
    return { id, index, created: false, evidence: await this.#parts.ledger.evidence(index) }
  }

  async #append(entry: CatalogueEntry, { name }: Publisher): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const statement: CataloguePublished = {
      v: 1,
      id: entryIdOf(entry),
      kind: 'catalogue.published',
      entry,
      by: name,
    }
    try {
      const appended = await ledger.append({
        statement,
        writes: (index) => terms.writesOf(foundBy(statement), index),
      })
      // As the ledger has it, so that it is the same after a start.
      this.#shelf.put(await readPublished(ledger, appended.index))
      return appended
    } catch (error) {
      throw isLedgerError(error, 'STATEMENT_ID_TAKEN') ? versionTaken(entry, error) : error
    }
  }
}

function requireOwner(
  entry: CatalogueEntry,
  former: CatalogueEntry | undefined,
  { department }: Publisher,
): void {
  const { owner } = former ?? entry
  // Whoever sets a node up loads what the departments have; what becomes of it is theirs alone.
  const setsUp = department === undefined && former === undefined
  if (department !== owner && !setsUp)
    throw new LedgerError('forbidden', 'CATALOGUE_OWNER_NEEDED', { owner })
}

/** Cases go by the version of their day, and today has cases already: none may change under them. */
function requireLater(
  { from }: CatalogueEntry,
  former: CatalogueEntry | undefined,
  today: Day,
): void {
  if (former === undefined) return
  const earliest = addDays(former.from < today ? today : former.from, 1)
  if (from < earliest) throw new LedgerError('invalid', 'CATALOGUE_FROM_TOO_EARLY', { earliest })
}

function versionTaken({ kind, code, version }: EntryVersion, cause?: unknown): LedgerError {
  return new LedgerError(
    'conflict',
    'CATALOGUE_VERSION_TAKEN',
    { kind, entry: code, version },
    { cause },
  )
}
