import * as z from 'zod'

/** A month of China, YYYY-MM: months compare as texts. */
export const Month = z
  .string()
  .regex(/^(?!0000)\d{4}-(?:0[1-9]|1[0-2])$/, 'not a month YYYY-MM')
  .meta({ id: 'Month' })
export type Month = z.infer<typeof Month>

/** China has one time zone, eight hours ahead of UTC. */
const CHINA_OFFSET = 8 * 60 * 60 * 1000

/** The month of a moment. @param time milliseconds since 1970 */
export function monthOf(time: number): Month {
  return new Date(time + CHINA_OFFSET).toISOString().slice(0, 7)
}

/** Milliseconds since 1970: its first, and the first of the month after. */
export function boundsOf(month: Month): readonly [from: number, to: number] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return [Date.UTC(year, number - 1) - CHINA_OFFSET, Date.UTC(year, number) - CHINA_OFFSET]
}
