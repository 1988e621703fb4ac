import { isLedgerError } from '../errors.ts'
import { makeCheck } from '../verdict.ts'
import type { Check, CheckName } from '../verdict.ts'

/** A code, and what it is about. */
export interface Finding {
  readonly code: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** What a step gives, or why it refuses its input. Anything else thrown is a programming mistake. */
export function attemptFinding<T>(step: () => T): { readonly value: T } | Finding {
  try {
    return { value: step() }
  } catch (error) {
    return findingOf(error)
  }
}

/** @throws whatever is no LedgerError */
export function findingOf(error: unknown): Finding {
  if (!isLedgerError(error)) throw error
  return { code: error.code, details: error.details }
}

/** The check with what its step finds, be it by throwing. */
export function checkBy(check: CheckName, step: () => Finding): Check {
  const found = attemptFinding(step)
  const { code, details } = 'value' in found ? found.value : found
  return makeCheck(check, code, details)
}
