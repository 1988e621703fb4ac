import { CatalogueKind } from '../core/catalogue/entry.ts'
import type { EntryOf, EntryVersion } from '../core/catalogue/entry.ts'
import type { Day } from '../core/catalogue/day.ts'

/** A version of an entry, as the ledger logged it. */
export interface Published<Kind extends CatalogueKind = CatalogueKind> {
  readonly entry: EntryOf<Kind>
  /** Id of the statement that published it. */
  readonly statement: string
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** Who handed it in. */
  readonly by: string
}

/** All versions of all entries, in memory: there are some thousands of them, and every case asks. */
export class Shelf {
  readonly #versions = new Map<CatalogueKind, Map<string, Published[]>>(
    CatalogueKind.options.map((kind) => [kind, new Map()]),
  )

  /** Answers false, and takes nothing, unless it is the version that comes next. */
  put(published: Published): boolean {
    const { kind, code, version } = published.entry
    const versions = this.versionsOf(kind, code)
    if (version !== versions.length + 1) return false
    this.#of(kind).set(code, [...versions, published])
    return true
  }

  /** The first first; none where nobody published any. */
  versionsOf<Kind extends CatalogueKind>(kind: Kind, code: string): readonly Published<Kind>[] {
    return (this.#of(kind).get(code) ?? []) as unknown as Published<Kind>[]
  }

  /** The version in force on a day. */
  find<Kind extends CatalogueKind>(
    kind: Kind,
    code: string,
    day: Day,
  ): Published<Kind> | undefined {
    return this.versionsOf(kind, code).findLast(({ entry }) => entry.from <= day)
  }

  /** In the order of their codes. */
  codesOf(kind: CatalogueKind): string[] {
    return [...this.#of(kind).keys()].toSorted()
  }

  /** The versions that come next, of all entries. */
  nextVersions(): EntryVersion[] {
    return CatalogueKind.options.flatMap((kind) =>
      this.codesOf(kind).map((code) => {
        const version = this.versionsOf(kind, code).length + 1
        return { kind, code, version }
      }),
    )
  }

  #of(kind: CatalogueKind): Map<string, Published[]> {
    const found = this.#versions.get(kind)
    if (found === undefined) throw new TypeError(`no kind of entry: ${kind}`)
    return found
  }
}
