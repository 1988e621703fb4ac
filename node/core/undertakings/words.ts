import { addDays } from '../catalogue/day.ts'
import type { Day } from '../catalogue/day.ts'
import type { RequiredMaterial } from '../catalogue/matter.ts'
import type { Undertaking } from './undertaking.ts'

/** A day, or empty. */
type Due = Undertaking['due']

interface Named {
  readonly name: string
}

/**
 * What somebody undertakes word for word: as the matter has it, or the common sentence. By the common one, whoever does
 * not keep it answers for it, and is taken at its word no more (国办发〔2020〕42号).
 *
 * @param due see `dueOf`
 */
export function textOf(
  { undertaking }: Pick<RequiredMaterial, 'undertaking'>,
  matter: Named,
  material: Named,
  due: Due,
): string {
  if (undertaking?.text !== undefined) return undertaking.text
  const later = due === '' ? '' : `，并于${inChinese(due)}前（含当日）补交该材料`
  return (
    `本承诺人已知晓办理“${matter.name}”对“${material.name}”的要求，现承诺：` +
    `已具备该材料或者符合其所证明的条件${later}，以上承诺真实、有效。` +
    '如承诺不实或者未按期履行，愿承担相应法律责任，此后办理事项不再适用告知承诺。'
  )
}

/**
 * The last day on which the material may still come: the day of the case itself is not counted (民法典 §201). Empty where
 * none is to come.
 *
 * @param day of the case
 */
export function dueOf({ undertaking }: Pick<RequiredMaterial, 'undertaking'>, day: Day): Due {
  return undertaking?.days === undefined ? '' : addDays(day, undertaking.days)
}

function inChinese(day: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
