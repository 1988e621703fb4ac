import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import type { FindingCode } from './findings.ts'
import type { Report } from './report.ts'
import type { Stored } from './scan.ts'

/**
 * What goes by statements of one kind, all of them: one that was taken out of its way would change it, and leave no other
 * trace. Which entries are of the kind is public in the log.
 */
export interface Listing {
  /** Of the entries. */
  readonly kind: string
  /** Of an entry by which it does not go. */
  readonly code: FindingCode
  /** Whether it goes by the statement of that entry, as the store has it when this is called. */
  open(): Promise<(index: number) => boolean>
}

export class ListingAuditor {
  readonly #listings: readonly Listing[]
  readonly #report: Report
  #opened: Promise<ReadonlyMap<string, OpenedListing>> | undefined

  constructor(listings: readonly Listing[], report: Report) {
    this.#listings = listings
    this.#report = report
  }

  async audit(entries: ReadonlyMap<number, Stored>): Promise<void> {
    if (this.#listings.length === 0) return
    // The log does not grow under an audit: what is listed by now holds all that was listed then.
    const opened = await (this.#opened ??= openAll(this.#listings))
    for (const [index, entry] of entries) {
      const listing = opened.get(kindOf(entry) ?? '')
      if (listing !== undefined && !listing.holds(index))
        this.#report.add(listing.code, `entry ${index}`, { index })
    }
  }
}

interface OpenedListing {
  readonly code: FindingCode
  readonly holds: (index: number) => boolean
}

async function openAll(listings: readonly Listing[]): Promise<ReadonlyMap<string, OpenedListing>> {
  const opened = listings.map(
    async (listing) => [listing.kind, { code: listing.code, holds: await listing.open() }] as const,
  )
  return new Map(await Promise.all(opened))
}

/** The pass over the log has said what is wrong with an entry that has none. */
function kindOf(entry: Stored): string | undefined {
  try {
    return entry && parseEntry(entry).kind
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}
