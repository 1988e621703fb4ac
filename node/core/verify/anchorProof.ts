import { encodeHex, equalBytes } from '../bytes.ts'
import type { EvidenceAnchor } from '../evidence.ts'
import { decodeHeader } from '../ethereum/header.ts'
import { decode0x, encode0x } from '../ethereum/hex.ts'
import { checkpointRootSlot } from '../ethereum/registry.ts'
import { readProvenSlot } from '../ethereum/state.ts'
import { readProvenTransaction } from '../ethereum/transactions.ts'
import type { Checkpoint } from '../tlog/checkpoint.ts'

/**
 * What the proofs in an anchor show by themselves: in the block that it names, the registry holds
 * the checkpoint's root. Whether that block belongs to the chain is not theirs to say.
 *
 * @returns CHECKPOINT_ANCHORED; an unknown code for what only the chain can answer; or what is wrong
 * @throws LedgerError unverified/HEADER_*, ACCOUNT_*, STORAGE_*, TRANSACTION_*
 */
export async function proveAnchor(anchor: EvidenceAnchor, checkpoint: Checkpoint): Promise<string> {
  const { header: headerText, accountProof, storageProof } = anchor
  if (headerText === undefined || accountProof === undefined || storageProof === undefined) {
    return 'ANCHOR_PROOF_ABSENT'
  }
  const header = decodeHeader(decode0x(headerText))
  if (encode0x(header.hash) !== anchor.blockHash) return 'ANCHOR_HEADER_MISMATCH'
  if (header.number !== anchor.blockNumber) return 'ANCHOR_BLOCK_NUMBER_MISMATCH'

  const slot = checkpointRootSlot(decode0x(anchor.logId), checkpoint.size)
  const root = await readProvenSlot(header.stateRoot, decode0x(anchor.registry), slot, {
    accountProof: accountProof.map(decode0x),
    storageProof: storageProof.map(decode0x),
  })
  if (/^0+$/.test(encodeHex(root))) return 'ANCHOR_ROOT_ABSENT'
  if (!equalBytes(root, checkpoint.root)) return 'ANCHOR_ROOT_MISMATCH'

  return proveTransaction(anchor, header.transactionsRoot)
}

async function proveTransaction(
  { transaction, transactionProof }: EvidenceAnchor,
  transactionsRoot: Uint8Array,
): Promise<string> {
  if (transaction === undefined) return 'CHECKPOINT_ANCHORED'
  if (transactionProof === undefined) return 'ANCHOR_TRANSACTION_UNPROVEN'
  const { index, nodes } = transactionProof
  const proven = await readProvenTransaction(transactionsRoot, {
    index,
    proof: nodes.map(decode0x),
  })
  return encode0x(proven) === transaction ? 'CHECKPOINT_ANCHORED' : 'ANCHOR_TRANSACTION_MISMATCH'
}
