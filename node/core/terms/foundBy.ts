import type { Statement, StatementKind } from '../statement.ts'
import { foundBenefit, foundBenefitCheck, foundConfirmation } from './benefits.ts'
import { foundCase } from './cases.ts'
import { foundCertificate } from './certificates.ts'
import { foundErasure, foundMaterial } from './materials.ts'
import { foundDepartment, foundHolder } from './parties.ts'
import { foundRequest } from './requests.ts'
import type { FoundBy, Term } from './term.ts'
import { foundUndertaking, foundUndertakingCheck } from './undertakings.ts'
import { foundCheck, foundRefusal, foundRelease } from './uses.ts'

type StatementOf<Kind extends StatementKind> = Extract<Statement, { readonly kind: Kind }>

/** Leads to every version of every entry of the catalogue. */
export const CATALOGUE_TERM: Term = { kind: 'catalogue', value: 'entry' }

const NOTHING: FoundBy = { leads: [], newest: [], blocks: [] }
const foundByIdAlone = (): FoundBy => NOTHING

/**
 * What each kind of statement is found by, besides its id: whoever logs it writes just this, the audit looks for just
 * this, and a rebuild makes just this. Kinds that need more than the statement say what in their second parameter.
 */
const TABLE = {
  'material.submitted': foundMaterial,
  'material.erased': foundErasure,
  'material.withdrawn': foundByIdAlone,
  'material.released': foundByIdAlone,
  'material.rejected': foundByIdAlone,
  'department.described': foundDepartment,
  'holder.registered': foundHolder,
  'act.signed': foundByIdAlone,
  'certificate.issued': foundCertificate,
  'grant.shown': foundByIdAlone,
  'use.released': foundRelease,
  'use.refused': foundRefusal,
  'use.checked': foundCheck,
  'catalogue.published': () => ({ ...NOTHING, leads: [CATALOGUE_TERM] }),
  'case.opened': foundCase,
  'case.staged': foundByIdAlone,
  'request.made': foundRequest,
  'request.approved': foundByIdAlone,
  'request.declined': foundByIdAlone,
  'undertaking.given': foundUndertaking,
  'undertaking.checked': foundUndertakingCheck,
  'benefit.checked': foundBenefitCheck,
  'benefit.confirmed': foundConfirmation,
  'benefit.granted': foundBenefit,
} satisfies { [Kind in StatementKind]: (statement: StatementOf<Kind>, beside: never) => FoundBy }

type Table = typeof TABLE
/** What is needed beside a statement of that kind. */
type BesideOf<Kind extends StatementKind> =
  Parameters<Table[Kind]> extends [unknown, infer Beside] ? [beside: Beside] : []

/** What a statement is found by, besides its id. No term stands twice. */
export function foundBy<Kind extends StatementKind>(
  statement: StatementOf<Kind> & { readonly kind: Kind },
  ...beside: BesideOf<Kind>
): FoundBy {
  const make = TABLE[statement.kind] as (...given: readonly unknown[]) => FoundBy
  const { leads, newest, blocks } = make(statement, ...beside)
  return { leads: unique(leads), newest: unique(newest), blocks }
}

function unique(terms: readonly Term[]): readonly Term[] {
  if (terms.length < 2) return terms
  const names = terms.map(({ kind, value }) => `${kind} ${value}`)
  return terms.filter((_, i) => names.indexOf(names[i] as string) === i)
}
