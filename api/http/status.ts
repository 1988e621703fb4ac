import type { ErrorKind } from '../../node/core/errors.ts'

/** Who must act decides the status. */
const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  unverified: 422,
  tooMany: 429,
  corrupt: 500,
  unavailable: 503,
}

/** Where HTTP has a status of its own for what is wrong. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  MEDIA_TYPE_UNSUPPORTED: 415,
  CONTENT_ENCODING_UNSUPPORTED: 415,
  RANGE_UNSATISFIABLE: 416,
  REQUEST_HEADERS_TOO_LARGE: 431,
}

export function statusOf(kind: ErrorKind, code: string): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind]
}

/** The kind behind a status, also of what stands between client and ledger. */
export function kindOf(status: number): ErrorKind {
  const kinds = Object.keys(STATUS_OF_KIND) as ErrorKind[]
  const kind = kinds.find((name) => STATUS_OF_KIND[name] === status)
  if (kind !== undefined) return kind
  if (status === 431) return 'tooLarge'
  return status >= 500 ? 'unavailable' : 'invalid'
}
