import type { CaseOpened } from '../statements/case.ts'

/**
 * A bundle 一件事 is what somebody applies for in one go: a case of each matter of a theme, at most.
 *
 * @returns the code of the case that came first; undefined of a case that is part of no theme
 */
export function bundleOf({
  case: code,
  theme,
  bundle,
}: Pick<CaseOpened, 'case' | 'theme' | 'bundle'>): string | undefined {
  return theme === undefined ? undefined : (bundle ?? code)
}
