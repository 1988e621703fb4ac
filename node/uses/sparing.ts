import type { CaseRules } from '../cases/rules.ts'
import type { Spared } from '../core/statements/use.ts'
import { sparedTerm } from '../core/terms/uses.ts'
import type { TermIndex } from '../store/terms.ts'
import type { DecidedUse } from './deciding.ts'
import type { SpentUses } from './spentUses.ts'

export interface SparingParts {
  readonly terms: Pick<TermIndex, 'find'>
  readonly caseRules: Pick<CaseRules, 'findSpared'>
  readonly spent: Pick<SpentUses, 'inTurn'>
}

/**
 * Which material a use spares somebody to hand in: what the case requires, once, however often and by whomever it is
 * used. Of two uses at once, the second finds what the first spared, so it is logged within the step.
 *
 * @param answers of a data check: a no spares nobody the paper
 */
export async function sparing<T>(
  { request, subject, holders, material }: DecidedUse,
  answers: readonly boolean[],
  { terms, caseRules, spent }: SparingParts,
  step: (spared: { readonly spares?: Spared }) => Promise<T>,
): Promise<T> {
  const { case: code } = request.context
  // What came in for the case was asked for.
  if (material?.caseCode === code || answers.includes(false)) return step({})
  const found = await caseRules.findSpared(code, subject, holders)
  if (found === undefined) return step({})
  const term = sparedTerm({ case: code }, found)
  return spent.inTurn([`${term.kind} ${term.value}`], async () => {
    const [before] = await terms.find(term, { limit: 1 })
    return step(before === undefined ? { spares: found } : {})
  })
}
