import type { Sentences } from './sentences.ts'

/** Marked copies of what was released. */
export const COPIES: Sentences = {
  DERIVED_COPY_MALFORMED: 'This is no marked copy, or it was cut; fetch it again.',
  DERIVED_COPY_TOO_LARGE:
    'The original is too large for a marked copy, see `maxBytes`; ask who keeps it to hand it over.',
  DERIVED_COPY_NOT_REPEATED:
    'This node draws copies otherwise since it released this; ask its operator, or ask for a new use.',
  DOCUMENT_TOO_LARGE:
    'A document of more than `maxBytes` is not checked here; check it with `once verify`.',
  DOCUMENTS_BUSY:
    'Documents are being checked, or this one takes too much; wait, or check it with `once verify`.',
  DERIVED_COPIES_BUSY: 'Too many copies are being made; wait as long as Retry-After says.',
}
