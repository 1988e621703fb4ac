import type { Sentences } from './sentences.ts'

/** Figures. */
export const FIGURES: Sentences = {
  MONTH_MALFORMED: 'A month is written as 2026-11; correct it.',
  FIGURES_STATEMENT_ALTERED:
    'The statement of entry `index` is not the one that was logged; run `once audit`.',
  FIGURES_STATEMENT_UNKNOWN:
    'The statement of entry `index` cannot be counted by this release; run a newer one.',
}
