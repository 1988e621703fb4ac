import { isLedgerError } from '../../node/core/errors.ts'

/** Code of the LedgerError that a promise rejects with or an action throws; undefined when it succeeds. */
export async function codeOf(
  attempt: Promise<unknown> | (() => unknown),
): Promise<string | undefined> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt)
    return undefined
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
}
