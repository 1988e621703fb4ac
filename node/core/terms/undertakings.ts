import type { Hex } from '../ethereum/hex.ts'
import type { CaseOpened } from '../statements/case.ts'
import type { UndertakingChecked, UndertakingGiven } from '../statements/undertaking.ts'
import type { FoundBy, Term } from './term.ts'

/** @param opened the case that it is for */
export function foundUndertaking(
  { undertaking, acceptedBy }: UndertakingGiven,
  { opened }: { readonly opened: Pick<CaseOpened, 'decidedBy'> },
): FoundBy {
  const { caseCode, holder, by } = undertaking
  return {
    leads: [
      caseTerm(caseCode),
      ...[holder, by].map(holderTerm),
      ...[acceptedBy, opened.decidedBy].map(departmentTerm),
    ],
    newest: [],
    blocks: [],
  }
}

/** @param given what was looked at */
export function foundUndertakingCheck(
  { undertaking, result }: UndertakingChecked,
  { given }: { readonly given: Pick<UndertakingGiven, 'undertaking'> },
): FoundBy {
  const { holder } = given.undertaking
  return {
    leads: [checkTerm(undertaking), ...(result === 'broken' ? [brokenTerm(holder)] : [])],
    newest: [],
    blocks: [],
  }
}

export function caseTerm(code: string): Term {
  return { kind: 'undertaking.case', value: code }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'undertaking.holder', value: holder }
}

export function departmentTerm(department: Hex): Term {
  return { kind: 'undertaking.department', value: department }
}

/** Finds the checks of an undertaking. */
export function checkTerm(undertaking: string): Term {
  return { kind: 'undertaking.check', value: undertaking }
}

/** Finds the checks that found an undertaking of a holder broken. */
export function brokenTerm(holder: Hex): Term {
  return { kind: 'undertaking.broken', value: holder }
}
