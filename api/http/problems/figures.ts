import type { Sentences } from './sentences.ts'

/** Figures. */
export const FIGURES: Sentences = {
  FIGURES_NOT_YOURS:
    'A department sees its own figures; leave `department` out, or ask an auditor.',
  FIGURES_STATEMENT_ALTERED:
    'The statement of entry `index` is not the one that was logged; run `once audit`.',
  FIGURES_STATEMENT_UNKNOWN:
    'The statement of entry `index` cannot be counted by this release; run a newer one.',
}
