import { LedgerError } from '../errors.ts'
import type { HolderCodeType } from '../statements/parts.ts'
import type { Matter } from './matter.ts'

/** Somebody who acts for the applicant. */
export interface ActingAgent {
  readonly agentCodeType: HolderCodeType
  /** The applicant's own agent 1, that agent's agent 2, … */
  readonly depth: number
}

/**
 * Refuses an agent where the matter allows none, or not this one. Whether the proof is there is for the materials to
 * say.
 *
 * @throws LedgerError forbidden/AGENT_NOT_ALLOWED {matter}, AGENT_KIND_NOT_ALLOWED {kinds}, AGENT_TOO_DEEP {maxDepth}
 */
export function verifyAgency(
  { code, agency }: Pick<Matter, 'code' | 'agency'>,
  { agentCodeType, depth }: ActingAgent,
): void {
  if (!agency.allowed) throw new LedgerError('forbidden', 'AGENT_NOT_ALLOWED', { matter: code })
  const { kinds, maxDepth } = agency
  if (!kinds.includes(agentCodeType))
    throw new LedgerError('forbidden', 'AGENT_KIND_NOT_ALLOWED', { kinds })
  if (depth > maxDepth) throw new LedgerError('forbidden', 'AGENT_TOO_DEEP', { maxDepth })
}
