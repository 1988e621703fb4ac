import type {
  CatalogueEntry,
  CatalogueKind,
  EntryVersion,
} from '../../node/core/catalogue/entry.ts'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import type { CertificateType } from '../../node/core/certificates/types.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import {
  CatalogueHistory,
  CataloguePage,
  CatalogueRecord,
  ThemeMaterials,
} from '../http/catalogue/schema.ts'
import { entriesIn, publishAll } from './cataloguing/loading.ts'
import type { CatalogueNames, CatalogueOutcome } from './cataloguing/loading.ts'
import { DepartmentClient } from './parties.ts'
import { getEvidence, getJson, hand, pages, posting, PUBLIC, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** The catalogue of a ledger. Throws as `OnceClient` does. */
export class CatalogueClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * All of a kind that are in force on a day, by their codes.
   *
   * @param on day of China, YYYY-MM-DD; today unless given, as for all that takes one
   */
  list(kind: CatalogueKind, on?: string): AsyncGenerator<CatalogueRecord, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ on, cursor, limit: '100' })
        return getJson(this.#transport, `/v1/catalogue/${kind}${query}`, CataloguePage, PUBLIC)
      },
      ({ entries }) => entries,
    )
  }

  /** The version in force on a day. */
  get(kind: CatalogueKind, code: string, on?: string): Promise<CatalogueRecord> {
    const path = `${pathOf(kind, code)}${queryOf({ on })}`
    return getJson(this.#transport, path, CatalogueRecord, PUBLIC)
  }

  /**
   * What stands on certificates of a type that are issued today; as it comes along where nobody published it there.
   *
   * @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN
   */
  async certificateType(code: string): Promise<CertificateType> {
    try {
      const { entry } = await this.get('certificateType', code)
      if (entry.kind === 'certificateType') return entry
    } catch (error) {
      if (!isLedgerError(error) || error.kind !== 'notFound') throw error
    }
    return getCertificateType(code)
  }

  getVersion({ kind, code, version }: EntryVersion): Promise<CatalogueRecord> {
    const path = `${pathOf(kind, code)}${queryOf({ version: String(version) })}`
    return getJson(this.#transport, path, CatalogueRecord, PUBLIC)
  }

  /** Every version, the first first. */
  async history(kind: CatalogueKind, code: string): Promise<CatalogueRecord[]> {
    const path = `${pathOf(kind, code)}/versions`
    const { versions } = await getJson(this.#transport, path, CatalogueHistory, PUBLIC)
    return versions
  }

  /** What the matters of a theme need, each material of a holder once. */
  materialsOfTheme(code: string, on?: string): Promise<ThemeMaterials> {
    const path = `${pathOf('theme', code)}/materials${queryOf({ on })}`
    return getJson(this.#transport, path, ThemeMaterials, PUBLIC)
  }

  /** The same version once more is the same statement. */
  async publish(entry: CatalogueEntry): Promise<Omit<Handed, 'id'>> {
    const { created, evidence } = await hand(this.#transport, '/v1/catalogue', posting(entry))
    return { created, evidence }
  }

  /**
   * Publishes all of them, in this order, and yields what became of each: what is refused for a reason of its own stops
   * no other, and what was published before stays as it is.
   */
  publishAll(entries: Iterable<CatalogueEntry>): AsyncGenerator<CatalogueOutcome, void> {
    return publishAll(entries, (entry) => this.publish(entry))
  }

  /**
   * As `publishAll`, of the entries in documents. By a department, or by whoever sets the node up.
   *
   * @param documents as `entriesIn`
   */
  async *load(
    documents: unknown,
    names: CatalogueNames = {},
  ): AsyncGenerator<CatalogueOutcome, void> {
    yield* this.publishAll(await this.entriesIn(documents, names))
  }

  /**
   * The entries of documents, in the order in which they can be published.
   *
   * @param documents `{departments?, entries}`, entries alone, or a single one; departments may be named by codes
   * @throws LedgerError invalid/CATALOGUE_FILE_MALFORMED, CATALOGUE_ENTRY_MALFORMED {issues}
   * @throws LedgerError invalid/CATALOGUE_DEPARTMENT_UNKNOWN {departments}
   */
  entriesIn(documents: unknown, names: CatalogueNames = {}): Promise<CatalogueEntry[]> {
    return entriesIn(documents, names, new DepartmentClient(this.#transport))
  }

  /** Evidence JSON text of the statement that published a version. */
  evidence({ kind, code, version }: EntryVersion, options?: WaitOptions): Promise<string> {
    const path = `${pathOf(kind, code)}/versions/${version}/evidence`
    return getEvidence(this.#transport, path, options)
  }
}

function pathOf(kind: CatalogueKind, code: string): string {
  return `/v1/catalogue/${kind}/${encodeURIComponent(code)}`
}
