import { LedgerError } from '../../node/core/errors.ts'
import type { Problem } from '../http/schema.ts'
import { kindOf } from '../http/status.ts'

/**
 * One of many that was refused, while others were not: as the error that it would be alone. Its details are those of
 * the problem document.
 */
export function refusalOf(problem: Pick<Problem, 'code' | 'status'>): LedgerError {
  return new LedgerError(kindOf(problem.status), problem.code, problem)
}
