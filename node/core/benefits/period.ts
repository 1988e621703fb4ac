import type { Benefit } from '../catalogue/benefit.ts'
import type { Day } from '../catalogue/day.ts'

/** What a benefit is given once in: `once`, `2023`, `2023-Q3` or `2023-08`. Periods of a year nest in it. */
export type Period = string

/** The period of a day. */
export function periodOf(each: Benefit['period'], day: Day): Period {
  const [year, month] = [day.slice(0, 4), day.slice(5, 7)]
  if (each === 'ONCE') return 'once'
  if (each === 'YEAR') return year
  return each === 'MONTH' ? `${year}-${month}` : `${year}-Q${Math.ceil(Number(month) / 3)}`
}

/** Whether two periods have a day in common: a later version of a benefit may count by others. */
export function overlap(a: Period, b: Period): boolean {
  if (a === 'once' || b === 'once') return true
  const [from, to] = monthsOf(a)
  const [otherFrom, otherTo] = monthsOf(b)
  return from <= otherTo && otherFrom <= to
}

/** First and last month, as months since year 0. */
function monthsOf(period: Period): readonly [first: number, last: number] {
  const [year = '', part] = period.split('-')
  const january = Number(year) * 12
  if (part === undefined) return [january, january + 11]
  if (part.startsWith('Q')) {
    const first = january + (Number(part.slice(1)) - 1) * 3
    return [first, first + 2]
  }
  const month = january + Number(part) - 1
  return [month, month]
}
