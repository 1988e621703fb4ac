import type { CaseOpened } from '../core/statements/case.ts'
import type { Cases } from './cases.ts'

/** Cases of one theme that are looked at. */
const MOST = 50

/** The case, and the applicant's others of the same theme: what one of them was given, all have. */
export async function casesOfTheme(
  { case: code, theme, applicant }: CaseOpened,
  cases: Pick<Cases, 'ofHolder'>,
): Promise<ReadonlySet<string>> {
  if (theme === undefined) return new Set([code])
  const { items } = await cases.ofHolder(applicant, { limit: MOST })
  const others = items
    .filter(({ statement }) => statement.theme === theme && statement.applicant === applicant)
    .map(({ statement }) => statement.case)
  return new Set([code, ...others])
}

/** As `casesOfTheme`; of a case that nobody opened here, itself. */
export async function casesWith(
  code: string,
  cases: Pick<Cases, 'find' | 'ofHolder'>,
): Promise<ReadonlySet<string>> {
  const opened = await cases.find(code)
  return opened === undefined ? new Set([code]) : casesOfTheme(opened.statement, cases)
}
