import { isLedgerError } from '../errors.ts'

/**
 * The code that a step ends with: its own, or that of the LedgerError it throws, under the name
 * that the check has for it. Anything else thrown is a programming mistake.
 */
export async function codeOfStep(
  step: () => string | Promise<string>,
  names: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    return await step()
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return names[error.code] ?? error.code
  }
}

/** What a step gives, or undefined where it refuses its input. */
export function attempt<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}
