import type { Matter } from '../core/catalogue/matter.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { CaseOpened, CaseParties } from '../core/statements/case.ts'

/** Holder ids by the part that they have in a case: APPLICANT, AGENT, LANDLORD, … */
export type HoldersByRole = Readonly<Partial<Record<string, readonly Hex[]>>>

/** Everybody whom a case names. */
export function holdersByRole({
  applicant,
  agents,
  parties,
}: Pick<CaseOpened, 'applicant' | 'agents' | 'parties'>): HoldersByRole {
  return { ...parties, APPLICANT: [applicant], ...(agents && { AGENT: agents }) }
}

/**
 * That the matters ask something of everybody who is named, beside the applicant and who acts for it: a part that
 * nobody asks of would be held for one that was meant. A part that is asked of and not named may be found out later: a
 * resolution tells it.
 *
 * @throws LedgerError invalid/CASE_ROLE_NOT_ASKED {role, roles}
 */
export function requireRoles(
  matters: readonly Pick<Matter, 'materials'>[],
  parties: CaseParties = {},
): void {
  const asked = matters.flatMap(({ materials }) => materials.map(({ holder }) => holder))
  const roles = [...new Set(asked)].filter((role) => role !== 'APPLICANT' && role !== 'AGENT')
  const role = Object.keys(parties).find((one) => !roles.includes(one))
  if (role !== undefined) throw new LedgerError('invalid', 'CASE_ROLE_NOT_ASKED', { role, roles })
}
