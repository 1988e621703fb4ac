/**
 * Who must act on an error: see the table in docs/formats.md.
 * Only `api/http/errors.ts` knows which HTTP status each kind has.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'tooLarge'
  | 'unverified'
  | 'tooMany'
  | 'corrupt'
  | 'unavailable'

/** The one error class. `code` is stable and SCREAMING_SNAKE; `details` never holds a secret or a holder's data. */
export class LedgerError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    kind: ErrorKind,
    code: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options)
    this.name = 'LedgerError'
    this.kind = kind
    this.code = code
    this.details = details
  }
}

export function isLedgerError(error: unknown, code?: string): error is LedgerError {
  return error instanceof LedgerError && (code === undefined || error.code === code)
}

/** The LedgerError that a rule throws, unless what it asks is not known. */
export function refusalBy(rule: () => unknown): LedgerError | undefined {
  try {
    rule()
    return undefined
  } catch (error) {
    if (isLedgerError(error) && error.kind !== 'unavailable') return error
    throw error
  }
}

/** What a step gives, or the LedgerError that it throws. */
export function orRefusal<T>(step: () => T): T | LedgerError {
  try {
    return step()
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
}
