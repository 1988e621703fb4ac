import { equalBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { EMPTY_ROOT, hashNode } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'
import { requireCounts } from './ranges.ts'

/** What a checkpoint says of the tree. */
export interface TreeHead {
  readonly size: number
  readonly root: Hash
}

export interface InclusionProof {
  readonly index: number
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Hash[]
}

/**
 * RFC 9162 §2.1.3.2.
 *
 * @throws LedgerError unverified/MERKLE_INDEX_BEYOND_SIZE, MERKLE_PROOF_TOO_SHORT,
 *   MERKLE_PROOF_TOO_LONG, MERKLE_ROOT_MISMATCH
 */
export function verifyInclusion(
  leafHash: Hash,
  { index, proof }: InclusionProof,
  { size, root }: TreeHead,
): void {
  requireCounts(index, size)
  if (index >= size) fail('MERKLE_INDEX_BEYOND_SIZE', { index, size })

  let position = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) fail('MERKLE_PROOF_TOO_LONG')
    if (position % 2 === 1 || position === last) {
      hash = hashNode(sibling, hash)
      // Without a right sibling a node rises as it is, until it is a right one itself.
      while (position % 2 === 0 && position !== 0) {
        position = position / 2
        last = half(last)
      }
    } else {
      hash = hashNode(hash, sibling)
    }
    position = half(position)
    last = half(last)
  }
  if (last !== 0) fail('MERKLE_PROOF_TOO_SHORT')
  if (!equalBytes(hash, root)) fail('MERKLE_ROOT_MISMATCH')
}

/**
 * RFC 9162 §2.1.4.2. Every tree extends the empty one, with an empty proof.
 *
 * @throws LedgerError unverified/MERKLE_SIZES_OUT_OF_ORDER, MERKLE_PROOF_TOO_SHORT,
 *   MERKLE_PROOF_TOO_LONG, MERKLE_OLD_ROOT_MISMATCH, MERKLE_ROOT_MISMATCH
 */
export function verifyConsistency(from: TreeHead, to: TreeHead, proof: readonly Hash[]): void {
  requireCounts(from.size, to.size)
  if (from.size > to.size) fail('MERKLE_SIZES_OUT_OF_ORDER', { from: from.size, to: to.size })
  if (from.size === 0 || from.size === to.size) return verifyTrivialConsistency(from, to, proof)

  let position = from.size - 1
  let last = to.size - 1
  while (position % 2 === 1) {
    position = half(position)
    last = half(last)
  }
  // An old tree that is one complete subtree: its root is the first hash, and it is known.
  const path = position === 0 ? [from.root, ...proof] : proof
  const [seed] = path
  if (seed === undefined) return fail('MERKLE_PROOF_TOO_SHORT')

  let oldRoot = seed
  let newRoot = seed
  for (const hash of path.slice(1)) {
    if (last === 0) fail('MERKLE_PROOF_TOO_LONG')
    if (position % 2 === 1 || position === last) {
      oldRoot = hashNode(hash, oldRoot)
      newRoot = hashNode(hash, newRoot)
      while (position % 2 === 0 && position !== 0) {
        position = position / 2
        last = half(last)
      }
    } else {
      newRoot = hashNode(newRoot, hash)
    }
    position = half(position)
    last = half(last)
  }
  if (last !== 0) fail('MERKLE_PROOF_TOO_SHORT')
  if (!equalBytes(oldRoot, from.root)) fail('MERKLE_OLD_ROOT_MISMATCH')
  if (!equalBytes(newRoot, to.root)) fail('MERKLE_ROOT_MISMATCH')
}

function verifyTrivialConsistency(from: TreeHead, to: TreeHead, proof: readonly Hash[]): void {
  if (proof.length > 0) fail('MERKLE_PROOF_TOO_LONG')
  if (from.size === 0 && !equalBytes(from.root, EMPTY_ROOT)) fail('MERKLE_OLD_ROOT_MISMATCH')
  if (from.size === to.size && !equalBytes(from.root, to.root)) fail('MERKLE_ROOT_MISMATCH')
}

function half(n: number): number {
  return Math.floor(n / 2)
}

function fail(code: string, details: Readonly<Record<string, unknown>> = {}): never {
  throw new LedgerError('unverified', code, details)
}
