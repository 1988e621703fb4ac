import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import type { ErrorKind } from '../../node/core/errors.ts'
import { SENTENCES } from './problems.ts'
import type { Problem } from './schema.ts'
import { statusOf } from './status.ts'

/** Seconds after which another try makes sense, unless the error says so in `details.retryAfter`. */
const RETRY_AFTER: Partial<Record<ErrorKind, number>> = { tooMany: 1, unavailable: 5 }

const INVALID_TOKEN = new Set(['TOKEN_UNKNOWN', 'SESSION_ENDED'])

export const PROBLEM_TYPE = 'application/problem+json'

/** `requestId`, a UUID, finds the line in the operator's logs. */
export function presentProblem(error: LedgerError, requestId?: string): Problem {
  return {
    ...error.details,
    type: problemType(error.code),
    title: titleOf(error.code),
    status: statusOf(error.kind, error.code),
    detail: SENTENCES[error.code] ?? GENERAL_SENTENCES[error.kind],
    code: error.code,
    ...(requestId !== undefined && { instance: `urn:uuid:${requestId}` }),
  }
}

export function problemHeaders(error: LedgerError): Record<string, string> {
  const seconds = error.details['retryAfter'] ?? RETRY_AFTER[error.kind]
  return {
    'Cache-Control': 'no-store',
    ...(typeof seconds === 'number' && { 'Retry-After': String(Math.ceil(seconds)) }),
    ...(error.kind === 'unauthenticated' && {
      // RFC 6750 §3.1: no error where no token came.
      'WWW-Authenticate': `Bearer realm="onceledger"${INVALID_TOKEN.has(error.code) ? ', error="invalid_token"' : ''}`,
    }),
    ...(error.code === 'METHOD_NOT_ALLOWED' && {
      Allow: (error.details['allow'] as string[]).join(', '),
    }),
    ...(error.code === 'RANGE_UNSATISFIABLE' && {
      'Content-Range': `bytes */${String(error.details['size'])}`,
    }),
    ...(error.code === 'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED' && {
      'Want-Content-Digest': 'sha-256=10',
    }),
  }
}

/** Whatever was thrown; what nobody foresaw becomes a plain INTERNAL without inner text. */
export function toLedgerError(thrown: unknown): LedgerError {
  if (isLedgerError(thrown)) return thrown
  return new LedgerError('corrupt', 'INTERNAL', {}, { cause: thrown })
}

/** Stable for good: people and programs link to it. A relative reference, served by `docs`. */
export function problemType(code: string): string {
  return `/problems/${code}`
}

export function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const GENERAL_SENTENCES: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not well-formed; correct it as the code says and send it again.',
  unauthenticated: 'The request names no known principal; send a valid bearer token.',
  forbidden: 'This principal may not do that; ask the operator for the role that may.',
  notFound: 'There is no such thing here; check the id.',
  conflict: 'The request contradicts what the ledger holds; read the current state and try again.',
  tooLarge: 'The request is larger than this ledger takes; send less.',
  unverified: 'The evidence does not verify; do not rely on it.',
  tooMany: 'Too many requests at once; wait as long as Retry-After says.',
  corrupt:
    'The ledger found its own data damaged; tell the operator, who finds the cause in the log.',
  unavailable: 'The ledger cannot do this now; try again after the time in Retry-After.',
}
