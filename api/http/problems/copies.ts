import type { Sentences } from './sentences.ts'

/** Marked copies of what was released. */
export const COPIES: Sentences = {
  DERIVED_COPY_MALFORMED: 'This is no marked copy, or it was cut; fetch it again.',
  DERIVED_COPY_TOO_LARGE:
    'The original is too large for a marked copy, see `maxBytes`; ask who keeps it to hand it over.',
  DERIVED_COPIES_BUSY: 'Too many copies are being made; wait as long as Retry-After says.',
}
