import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { equalBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { proveKey, readProven } from './trie.ts'

/** A transaction's place in its block: nodes of the transaction trie, RLP, root first. */
export interface TransactionProof {
  readonly index: number
  readonly proof: readonly Uint8Array[]
}

/**
 * Proof that a block holds one of its transactions.
 *
 * Undefined when the transactions do not give the block's root: the chain has types of its own.
 *
 * @param raw every transaction of the block, in order, as signed (EIP-2718)
 */
export async function proveTransaction(
  transactionsRoot: Uint8Array,
  raw: readonly Uint8Array[],
  index: number,
): Promise<TransactionProof | undefined> {
  const pairs = raw.map((transaction, place) => [RLP.encode(place), transaction] as const)
  const { root, proof } = await proveKey(pairs, RLP.encode(index))
  return equalBytes(root, transactionsRoot) ? { index, proof } : undefined
}

/**
 * Hash of the transaction that a block holds at `index`.
 *
 * @throws LedgerError unverified/TRANSACTION_PROOF_INVALID
 */
export async function readProvenTransaction(
  transactionsRoot: Uint8Array,
  { index, proof }: TransactionProof,
): Promise<Uint8Array> {
  let transaction: Uint8Array | undefined
  try {
    transaction = await readProven(transactionsRoot, RLP.encode(index), proof)
  } catch (cause) {
    throw new LedgerError('unverified', 'TRANSACTION_PROOF_INVALID', {}, { cause })
  }
  if (transaction === undefined) throw new LedgerError('unverified', 'TRANSACTION_PROOF_INVALID')
  return keccak_256(transaction)
}
