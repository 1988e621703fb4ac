import { equalBytes } from '../bytes.ts'
import type { EvidenceAnchor } from '../evidence.ts'
import type { Checkpoint } from '../tlog/checkpoint.ts'
import type { ChainReader } from './chainReader.ts'

/**
 * What the chain itself says of an anchor: it has the block, and whatever the proofs did not show.
 *
 * @param proven what `proveAnchor` found: nothing wrong
 * @throws LedgerError unavailable/… when the chain does not answer
 */
export async function askChain(
  chain: ChainReader,
  { registry, logId, transaction, blockNumber, blockHash }: EvidenceAnchor,
  { size, root }: Checkpoint,
  proven: string,
): Promise<string> {
  if ((await chain.blockHash(blockNumber)) !== blockHash) return 'ANCHOR_BLOCK_MISMATCH'
  if (proven === 'CHECKPOINT_ANCHORED') return proven
  if (proven === 'ANCHOR_PROOF_ABSENT') {
    const anchored = await chain.rootAt(registry, logId, size)
    if (anchored === undefined) return 'ANCHOR_ROOT_ABSENT'
    if (!equalBytes(anchored, root)) return 'ANCHOR_ROOT_MISMATCH'
  }
  if (transaction !== undefined && (await chain.blockOf(transaction)) !== blockHash) {
    return 'ANCHOR_TRANSACTION_MISMATCH'
  }
  return 'CHECKPOINT_ANCHORED'
}
