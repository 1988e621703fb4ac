import type { Condition } from '../catalogue/benefit.ts'
import type { BenefitFinding } from './finding.ts'

/** One thing that keeps a subject from a benefit. */
export interface BenefitReason {
  readonly code: string
  /** Material type of the evidence that is missing or does not count. */
  readonly material?: string | undefined
  /** Text of the condition that does not hold. */
  readonly condition?: string | undefined
}

const OF_CONDITIONS = {
  fail: 'BENEFIT_CONDITION_FAILED',
  unknown: 'BENEFIT_CONDITION_UNKNOWN',
} as const

/**
 * Everything that keeps a subject from a benefit, in the order of the benefit; none of one that qualifies.
 *
 * @param conditions of the very version that the finding is about
 */
export function reasonsOf(
  { because, evidence, conditions: results }: BenefitFinding,
  conditions: readonly Pick<Condition, 'text'>[],
): BenefitReason[] {
  return [
    ...(because === undefined ? [] : [{ code: because }]),
    ...evidence.flatMap(({ material, because }) =>
      because === undefined ? [] : [{ code: because, material }],
    ),
    ...results.flatMap((result, i): BenefitReason[] => {
      if (result === 'pass') return []
      const text = conditions[i]?.text
      return [{ code: OF_CONDITIONS[result], ...(text !== undefined && { condition: text }) }]
    }),
  ]
}
