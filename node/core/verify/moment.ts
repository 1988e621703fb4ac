import { LedgerError } from '../errors.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * The moment that somebody asks about, in seconds since 1970. A day stands for its last second in China (UTC+8): what
 * was revoked on that day was not valid on it.
 *
 * @param text `2023-08-05`, or RFC 3339 with its offset
 * @throws LedgerError invalid/MOMENT_MALFORMED
 */
export function parseMoment(text: string): number {
  const time = DATE.test(text)
    ? Date.parse(`${text}T23:59:59+08:00`)
    : Date.parse(DATE_TIME.test(text) ? text : '')
  if (Number.isNaN(time) || time < 0) throw new LedgerError('invalid', 'MOMENT_MALFORMED')
  // The days of a month overflow into the next: 31 February is no day.
  if (DATE.test(text) && new Date(time).toISOString().slice(0, 10) !== text)
    throw new LedgerError('invalid', 'MOMENT_MALFORMED')
  return Math.floor(time / 1000)
}
