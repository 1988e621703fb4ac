import { LedgerError } from '../errors.ts'

const SHAPE = /^\d{17}[\dX]$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** China has one time zone, eight hours ahead of UTC. */
const CHINA_OFFSET = 8 * 60 * 60 * 1000

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
  if (!isPastDay(code.slice(6, 14), now)) {
    throw new LedgerError('invalid', 'CITIZEN_NUMBER_BIRTH_DATE_WRONG')
  }
}

/** ISO 7064 MOD 11-2. */
function checkCharacter(code: string): string | undefined {
  const sum = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(code[place]), 0)
  return '10X98765432'[sum % 11]
}

/** @param day YYYYMMDD */
function isPastDay(day: string, now: number): boolean {
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`
  const time = new Date(`${date}T00:00:00.000Z`)
  const today = new Date(now + CHINA_OFFSET).toISOString().slice(0, 10)
  // `Date` takes 30 February for 2 March: only a real day comes back as it was.
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date) && date <= today
}
