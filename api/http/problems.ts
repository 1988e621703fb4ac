import { ACCESS } from './problems/access.ts'
import { ACTS } from './problems/acts.ts'
import { BENEFITS } from './problems/benefits.ts'
import { CASES } from './problems/cases.ts'
import { CATALOGUE } from './problems/catalogue.ts'
import { CERTIFICATES } from './problems/certificates.ts'
import { CHAINS } from './problems/chains.ts'
import { COPIES } from './problems/copies.ts'
import { DOCUMENTS } from './problems/documents.ts'
import { FIGURES } from './problems/figures.ts'
import { GRANTS } from './problems/grants.ts'
import { LEDGER } from './problems/ledger.ts'
import { MATERIALS } from './problems/materials.ts'
import { PARTIES } from './problems/parties.ts'
import { REQUESTS } from './problems/requests.ts'
import { UNDERTAKINGS } from './problems/undertakings.ts'
import { USES } from './problems/uses.ts'
import type { Sentences } from './problems/sentences.ts'

/**
 * One sentence for every code of a LedgerError: what is wrong and what to do.
 * Codes are stable, sentences may improve. A test finds every code in the source here, and none twice.
 */
export const TABLES: readonly Sentences[] = [
  ACCESS,
  REQUESTS,
  MATERIALS,
  DOCUMENTS,
  LEDGER,
  CHAINS,
  PARTIES,
  ACTS,
  CERTIFICATES,
  GRANTS,
  USES,
  CATALOGUE,
  CASES,
  UNDERTAKINGS,
  BENEFITS,
  FIGURES,
  COPIES,
]

export const SENTENCES: Sentences = Object.assign({}, ...TABLES)
