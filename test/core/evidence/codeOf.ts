import { expect } from 'chai'
import { isLedgerError } from '../../../node/core/errors.ts'

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
