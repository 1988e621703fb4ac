import { LedgerError } from '../errors.ts'

/** GB 32100-2015: no I, O, S, V, Z. A character's value is its position. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{18}$/

/** GB 11714-1997, of the first eight characters of the organisation code. */
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/**
 * Unified social credit code 统一社会信用代码, upper case only.
 *
 * @throws LedgerError invalid/USCC_MALFORMED, USCC_CHECK_CHARACTER_WRONG
 */
export function verifyUscc(code: string): void {
  if (!SHAPE.test(code)) throw new LedgerError('invalid', 'USCC_MALFORMED')
  if (code[17] !== checkCharacter(code)) {
    throw new LedgerError('invalid', 'USCC_CHECK_CHARACTER_WRONG')
  }
}

/** Characters 9 to 17 are an older code with a check character of its own, which not every issuer kept right. */
export function hasSoundOrganisationCode(code: string): boolean {
  const sum = ORGANISATION_WEIGHTS.reduce(
    (sum, weight, place) => sum + weight * parseInt(code.charAt(8 + place), 36),
    0,
  )
  return '0X987654321'[sum % 11] === code[16]
}

/** (31 − Σ value × 3^(i−1)) mod 31 over the first 17 characters. */
function checkCharacter(code: string): string | undefined {
  let weight = 1
  let sum = 0
  for (const character of code.slice(0, 17)) {
    sum += ALPHABET.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET[(31 - (sum % 31)) % 31]
}
