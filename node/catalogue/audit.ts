import { parseEntry } from '../core/entry.ts'
import { decodeEntryBundle, TILE_WIDTH } from '../core/merkle/tiles.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Catalogue } from './catalogue.ts'

/** What is public of an entry says that it published something. */
const PUBLISHED = 'catalogue.published'

/**
 * Indexes of the entries of the log that published something by which the catalogue does not go: somebody took them out
 * of the way. The log alone is asked, none of the records that make it fast. Whether a statement that it goes by is the
 * logged one was looked at when it was read.
 */
export async function* findUnlisted(
  ledger: Ledger,
  catalogue: Pick<Catalogue, 'holds'>,
): AsyncGenerator<number> {
  const { size } = ledger
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first)
    const bundle = decodeEntryBundle(await ledger.entryBundle(first / TILE_WIDTH, width))
    for (const [place, bytes] of bundle.entries()) {
      const index = first + place
      if (parseEntry(bytes).kind === PUBLISHED && !catalogue.holds(index)) yield index
    }
  }
}
