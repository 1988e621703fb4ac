import { verifyAgency } from '../core/catalogue/agency.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Holder } from '../core/statement.ts'

/** Who applies, and who acts for whom: the applicant's own agent, that agent's agent, … */
export interface Represented {
  readonly applicant: Hex
  readonly agents?: readonly Hex[] | undefined
}

/**
 * That a matter takes these agents.
 *
 * @param holderOf throws where nobody registered that holder
 * @throws LedgerError invalid/CASE_AGENT_IS_APPLICANT
 * @throws LedgerError forbidden/AGENT_NOT_ALLOWED, AGENT_KIND_NOT_ALLOWED, AGENT_TOO_DEEP; see `verifyAgency`
 */
export async function requireAgents(
  matter: Pick<Matter, 'code' | 'agency'>,
  { applicant, agents = [] }: Represented,
  holderOf: (agent: Hex) => Promise<Pick<Holder, 'codeType'>>,
): Promise<void> {
  for (const [i, agent] of agents.entries()) {
    if (agent === applicant) throw new LedgerError('invalid', 'CASE_AGENT_IS_APPLICANT')
    const { codeType } = await holderOf(agent)
    verifyAgency(matter, { agentCodeType: codeType, depth: i + 1 })
  }
}
