import type { Holder } from '../statement.ts'
import { verifyCitizenNumber } from './citizenNumber.ts'
import { hasSoundOrganisationCode, verifyUscc } from './uscc.ts'

/** Worth a look by a person, no reason to refuse. */
export type HolderWarning = 'ORGANISATION_CODE_CHECK_CHARACTER_WRONG'

/**
 * Refuses a holder's code that cannot be right: typing errors are found where they are made.
 * Only codes with a check character can be checked; others have the shape their schema gives.
 *
 * @param now milliseconds since 1970
 * @throws LedgerError invalid/USCC_*, see `verifyUscc`; invalid/CITIZEN_NUMBER_*, see `verifyCitizenNumber`
 */
export function requireHolderCode({ codeType, code }: Holder, now: number): HolderWarning[] {
  if (codeType === '111') verifyCitizenNumber(code, now)
  if (codeType !== '001') return []
  verifyUscc(code)
  return hasSoundOrganisationCode(code) ? [] : ['ORGANISATION_CODE_CHECK_CHARACTER_WRONG']
}
