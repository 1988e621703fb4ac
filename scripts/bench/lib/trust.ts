import { parseEvidence } from '../../../node/core/evidence.ts'
import { readTrust } from '../../../node/core/trust.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { verifyEvidenceText } from '../../../node/core/verify/verifyEvidence.ts'

interface Description {
  readonly origin: string
  readonly logKey: string
  readonly chains: readonly { chainId: number; registry: string; logId: string }[]
}

/**
 * Trust in the ledger at this address, and in the blocks that hold the anchors of this evidence.
 * Without evidence no chain is named: anchors are not asked for.
 */
export async function trustIn(url: string, anchoredEvidence?: string): Promise<Trust> {
  const response = await fetch(`${url}/.well-known/onceledger`)
  const { origin, logKey, chains } = (await response.json()) as Description
  const { anchors } =
    anchoredEvidence === undefined ? { anchors: [] } : parseEvidence(anchoredEvidence)
  return readTrust({
    v: 1,
    log: { origin, key: logKey },
    witnesses: { quorum: 0, keys: [] },
    chains: anchors.flatMap(({ chainId, blockHash }) =>
      chains
        .filter((chain) => chain.chainId === chainId)
        .map(({ registry, logId }) => ({ chainId, registry, logId, blocks: [blockHash] })),
    ),
  })
}

/** A server that is fast because its answers prove nothing would be no server. */
export async function requireEvidence(url: string, answers: readonly string[]): Promise<void> {
  const trust = await trustIn(url)
  for (const answer of answers) {
    const verdict = await verifyEvidenceText(answer, trust)
    if (verdict.result !== 'pass') throw new Error(`an answer is no evidence: ${answer}`)
  }
}

/** Entries in the checkpoint that the log shows now. */
export async function sizeOf(url: string): Promise<number> {
  const response = await fetch(`${url}/log/checkpoint`)
  return Number((await response.text()).split('\n')[1])
}
