import type { Sentences } from './sentences.ts'

/** Figures. */
export const FIGURES: Sentences = {
  FIGURES_FILE_MALFORMED:
    'The file holds no figures as `once figures --json` writes them; name one that does.',
  FIGURES_LOG_SHORTER:
    'The data folder ends at entry `size`, before those that the figures were made of; take a newer copy.',
  FIGURES_NOT_YOURS:
    'A department sees its own figures; leave `department` out, or ask an auditor.',
  FIGURES_STATEMENT_ALTERED:
    'The statement of entry `index` is not the one that was logged; run `once audit`.',
  FIGURES_STATEMENT_UNKNOWN:
    'The statement of entry `index` cannot be counted by this release; run a newer one.',
}
