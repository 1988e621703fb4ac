import { bundleOf } from '../core/cases/bundle.ts'
import { isDecided } from '../core/cases/stages.ts'
import { LedgerError } from '../core/errors.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import type { CaseRecord, Cases } from './cases.ts'

/** The case, and the others of its bundle: what one of them was given, all have. */
export async function casesOfBundle(
  opened: CaseOpened,
  cases: Pick<Cases, 'ofBundle'>,
): Promise<ReadonlySet<string>> {
  const bundle = bundleOf(opened)
  const others = bundle === undefined ? [] : await cases.ofBundle(bundle)
  return new Set([opened.case, ...others.map(({ statement }) => statement.case)])
}

/** As `casesOfBundle`; of a case that nobody opened here, itself. */
export async function casesWith(
  code: string,
  cases: Pick<Cases, 'find' | 'ofBundle'>,
): Promise<ReadonlySet<string>> {
  const found = await cases.find(code)
  return found === undefined ? new Set([code]) : casesOfBundle(found.statement, cases)
}

/**
 * That a case may be filed with the others of a bundle: the same applicant's, for another matter of the same theme,
 * while one of them is open. What was handed in for a bundle serves nothing that is applied for after it.
 *
 * @param filed cases of the bundle; none where there is no such bundle
 * @throws LedgerError invalid/CASE_BUNDLE_OTHER; conflict/CASE_BUNDLE_MATTER_TAKEN {case}, CASE_BUNDLE_DECIDED
 */
export function requireBundle(
  {
    applicant,
    theme,
    matter,
  }: Pick<CaseOpened, 'applicant' | 'theme'> & { readonly matter: { readonly code: string } },
  filed: readonly CaseRecord[],
): void {
  const isSame = ({ statement }: CaseRecord) =>
    statement.applicant === applicant && statement.theme === theme
  if (theme === undefined || filed.length === 0 || !filed.every(isSame))
    throw new LedgerError('invalid', 'CASE_BUNDLE_OTHER')
  const same = filed.find(({ statement }) => statement.matter.code === matter.code)
  if (same !== undefined)
    throw new LedgerError('conflict', 'CASE_BUNDLE_MATTER_TAKEN', { case: same.statement.case })
  if (filed.every(({ stages }) => isDecided(stages.map(({ statement }) => statement))))
    throw new LedgerError('conflict', 'CASE_BUNDLE_DECIDED')
}
