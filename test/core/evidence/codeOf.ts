import { expect } from 'chai'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { Verdict } from '../../../node/core/verdict.ts'

/** Code of the LedgerError that an action throws. */
export function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
  return expect.fail('nothing was thrown')
}

export async function codeOfAsync(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
  return expect.fail('nothing was thrown')
}

/** Codes of the checks that are not as they should be. */
export function faults(verdict: Verdict): Record<string, string> {
  return Object.fromEntries(
    verdict.checks
      .filter(({ result }) => result === 'fail' || result === 'unknown')
      .map(({ check, code }) => [check, code]),
  )
}
