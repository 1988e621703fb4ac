import { LedgerError } from '../errors.ts'

/** What a face says in place of an end: valid until further notice. */
export const LONG_TERM = '长期'

/** China has one time zone, eight hours ahead of UTC. */
const CHINA_OFFSET = 8 * 60 * 60
const DAY = 24 * 60 * 60

/** Seconds since 1970: the first in which a certificate is valid, and the first in which it no longer is. */
export interface Validity {
  readonly validFrom: number
  readonly validTo?: number
}

/**
 * What the days on the face mean: both are days of China, and included.
 *
 * @param fields as `requireFields` takes them
 * @throws LedgerError invalid/CERTIFICATE_VALIDITY_EMPTY the last day is before the first
 */
export function validityOf(fields: { readonly [name: string]: unknown }): Validity {
  const { validFrom: first, validTo: last } = fields
  const validFrom = startOf(first)
  if (last === undefined || last === LONG_TERM) return { validFrom }
  const validTo = startOf(last) + DAY
  if (validTo <= validFrom) throw new LedgerError('invalid', 'CERTIFICATE_VALIDITY_EMPTY')
  return { validFrom, validTo }
}

/** @param day YYYY-MM-DD */
function startOf(day: unknown): number {
  if (typeof day !== 'string') throw new TypeError('not a day')
  const seconds = Date.parse(`${day}T00:00:00Z`) / 1000 - CHINA_OFFSET
  // Claims of a JWT count from 1970 on; older papers are valid since before anything here could ask.
  return Math.max(0, seconds)
}
