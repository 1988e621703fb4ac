import { isLedgerError } from '../../node/core/errors.ts'

/** Code of the LedgerError a promise rejects with; undefined when it resolves. Any other error passes through. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
}
