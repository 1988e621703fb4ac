import { Day, dayOf } from '../catalogue/day.ts'
import { LedgerError } from '../errors.ts'

const SHAPE = /^\d{17}[\dX]$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/**
 * Citizen number 公民身份号码 (GB 11643-1999), upper-case X only.
 *
 * @param now milliseconds since 1970: nobody is born after today
 * @throws LedgerError invalid/CITIZEN_NUMBER_MALFORMED, CITIZEN_NUMBER_CHECK_CHARACTER_WRONG,
 *   CITIZEN_NUMBER_BIRTH_DATE_WRONG
 */
export function verifyCitizenNumber(code: string, now: number): void {
  if (!SHAPE.test(code)) throw new LedgerError('invalid', 'CITIZEN_NUMBER_MALFORMED')
  if (code[17] !== checkCharacter(code)) {
    throw new LedgerError('invalid', 'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG')
  }
  const birthday = birthdayIn(code)
  if (birthday === undefined || birthday > dayOf(now)) {
    throw new LedgerError('invalid', 'CITIZEN_NUMBER_BIRTH_DATE_WRONG')
  }
}

/** The day of birth in a citizen number, its digits 7 to 14; undefined where this is none. */
export function birthdayIn(code: string): Day | undefined {
  if (!SHAPE.test(code)) return undefined
  const digits = code.slice(6, 14)
  return Day.safeParse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`).data
}

/** Whether somewhere in a text there stands what can be a citizen number. */
export function holdsCitizenNumber(text: string): boolean {
  return Array.from({ length: Math.max(0, text.length - 17) }, (_, from) =>
    text.slice(from, from + 18),
  ).some((code) => birthdayIn(code) !== undefined && code[17] === checkCharacter(code))
}

/** ISO 7064 MOD 11-2. */
function checkCharacter(code: string): string | undefined {
  const sum = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(code[place]), 0)
  return '10X98765432'[sum % 11]
}
