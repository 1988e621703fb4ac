import { keccak256 } from 'ethers'
import { equalBytes } from '../../core/bytes.ts'
import { decodeHeader } from '../../core/ethereum/header.ts'
import { decode0x, encode0x } from '../../core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../core/ethereum/registry.ts'
import { readProvenSlot } from '../../core/ethereum/state.ts'
import { proveTransaction } from '../../core/ethereum/transactions.ts'
import type { AnchoredCheckpoint, BlockId, Hex, LogOnChain, RootProof } from '../chain.ts'
import * as answers from './answers.ts'
import { isUnproven, readHeader } from './proveSlots.ts'
import type { Rpc } from './rpc.ts'

/** See `Chain.proveRoot`. */
export async function proveRoot(
  rpc: Rpc,
  log: LogOnChain,
  checkpoint: AnchoredCheckpoint,
  block: BlockId,
  transaction?: Hex,
): Promise<RootProof | undefined> {
  const slot = checkpointRootSlot(decode0x(log.logId), checkpoint.size)
  try {
    const header = await readHeader(rpc, block)
    if (header === undefined) return undefined
    const { accountProof, storageProof } = await rpc.call(
      'eth_getProof',
      [log.registry, [encode0x(slot)], `0x${block.number.toString(16)}`],
      answers.StorageProof,
    )
    const proof = { accountProof, storageProof: storageProof[0].proof }
    const { stateRoot, transactionsRoot } = decodeHeader(header)
    const held = await readProvenSlot(stateRoot, decode0x(log.registry), slot, {
      accountProof: proof.accountProof.map(decode0x),
      storageProof: proof.storageProof.map(decode0x),
    })
    if (!equalBytes(held, checkpoint.root)) return undefined
    const placed =
      transaction && (await findTransactionProof(rpc, block, transactionsRoot, transaction))
    return {
      block,
      header: encode0x(header),
      ...proof,
      ...(placed && { transactionProof: placed }),
    }
  } catch (error) {
    if (isUnproven(error)) return undefined
    throw error
  }
}

async function findTransactionProof(
  rpc: Rpc,
  block: BlockId,
  transactionsRoot: Uint8Array,
  transaction: Hex,
): Promise<RootProof['transactionProof']> {
  const raw = await rpc.rawTransactions(block.hash)
  const index = raw?.findIndex((bytes) => keccak256(bytes) === transaction) ?? -1
  if (raw === undefined || index < 0) return undefined
  const proven = await proveTransaction(transactionsRoot, raw, index)
  return proven && { index, nodes: proven.proof.map(encode0x) }
}
