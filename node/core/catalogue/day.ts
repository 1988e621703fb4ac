import * as z from 'zod'

/** A day of China, YYYY-MM-DD: days compare as texts. */
export const Day = z.iso.date('not a day YYYY-MM-DD').meta({ id: 'Day' })
export type Day = z.infer<typeof Day>

/** China has one time zone, eight hours ahead of UTC. */
const CHINA_OFFSET = 8 * 60 * 60 * 1000
const DAY = 24 * 60 * 60 * 1000

/** The day of a moment. @param time milliseconds since 1970, of a year up to 9999 */
export function dayOf(time: number): Day {
  return new Date(time + CHINA_OFFSET).toISOString().slice(0, 10)
}

/** The day that comes `days` later; the last of the calendar where that lies beyond it. */
export function addDays(day: Day, days: number): Day {
  const time = Date.parse(`${day}T00:00:00Z`) + days * DAY
  return time > LAST ? '9999-12-31' : new Date(time).toISOString().slice(0, 10)
}

const LAST = Date.parse('9999-12-31T00:00:00Z')

/** Full years from one day to another, as ages are counted: who was born on 29 February is a year older on 1 March. */
export function yearsBetween(from: Day, to: Day): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? years - 1 : years
}
