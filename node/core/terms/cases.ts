import { bundleOf } from '../cases/bundle.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { CaseOpened } from '../statements/case.ts'
import type { FoundBy, Term } from './term.ts'

export function foundCase(opened: CaseOpened): FoundBy {
  const { applicant, agents = [], acceptedBy, decidedBy } = opened
  const bundle = bundleOf(opened)
  return {
    leads: [
      ...(bundle === undefined ? [] : [bundleTerm(bundle)]),
      ...[applicant, ...agents].map(holderTerm),
      ...[acceptedBy, decidedBy].map(departmentTerm),
    ],
    newest: [],
    blocks: [],
  }
}

export function bundleTerm(code: string): Term {
  return { kind: 'case.bundle', value: code }
}

export function holderTerm(holder: Hex): Term {
  return { kind: 'case.holder', value: holder }
}

export function departmentTerm(department: Hex): Term {
  return { kind: 'case.department', value: department }
}
