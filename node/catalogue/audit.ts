import type { Listing } from '../ledger/audit/listings.ts'
import type { TermIndex } from '../store/terms.ts'
import { findPublished } from './load.ts'

/**
 * For the audit: entries of the log that published something by which the catalogue does not go, because somebody took
 * them out of the way. Whether a statement that it goes by is the logged one is looked at when it is read.
 */
export function catalogueListing(terms: TermIndex): Listing {
  return {
    kind: 'catalogue.published',
    code: 'CATALOGUE_UNLISTED',
    async open() {
      const listed = new Set(await findPublished(terms))
      return (index) => listed.has(index)
    },
  }
}
