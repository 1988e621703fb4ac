import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'

// RFC 6962 §2.1, transcribed formula by formula: slow on purpose, so that fast code has something to be checked
// against. A list D[start:end] stays a pair of numbers; an Mth knows its hash.

/** MTH(D[start:end]): the Merkle tree hash of the leaves from `start` up to, not including, `end`. */
export type Mth = (start: number, end: number) => Uint8Array

/** RFC 6962 §2.1: MTH({d(0)}) = SHA-256(0x00 || d(0)). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), entry))
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right))
}

/** MTH over real leaves. */
export function mthOf(leafHashes: readonly Uint8Array[]): Mth {
  const mth: Mth = (start, end) => {
    const n = end - start
    if (n === 0) return sha256(new Uint8Array())
    if (n === 1) return leafHashes[start]!
    const k = split(n)
    return nodeHash(mth(start, start + k), mth(start + k, end))
  }
  return mth
}

/**
 * MTH when every leaf is the same: only the width of a range matters, so a tree of 2^53 − 1 leaves takes 105 hashes.
 */
export function mthOfEqualLeaves(leaf: Uint8Array): Mth {
  const byWidth = new Map<number, Uint8Array>([
    [0, sha256(new Uint8Array())],
    [1, leaf],
  ])
  const mth: Mth = (start, end) => {
    const n = end - start
    const known = byWidth.get(n)
    if (known) return known
    const k = split(n)
    const hash = nodeHash(mth(0, k), mth(k, n))
    byWidth.set(n, hash)
    return hash
  }
  return mth
}

/** RFC 6962 §2.1.1: PATH(m, D[n]), for the list D[start:end] and m counted from `start`. */
export function inclusionProof(mth: Mth, m: number, end: number, start = 0): Uint8Array[] {
  const n = end - start
  if (n === 1) return []
  const k = split(n)
  return m < k
    ? [...inclusionProof(mth, m, start + k, start), mth(start + k, end)]
    : [...inclusionProof(mth, m - k, end, start + k), mth(start, start + k)]
}

/** RFC 6962 §2.1.2: PROOF(m, D[n]), for 0 < m ≤ n. */
export function consistencyProof(mth: Mth, m: number, n: number): Uint8Array[] {
  return subproof(mth, m, 0, n, true)
}

function subproof(mth: Mth, m: number, start: number, end: number, known: boolean): Uint8Array[] {
  const n = end - start
  if (m === n) return known ? [] : [mth(start, end)]
  const k = split(n)
  return m <= k
    ? [...subproof(mth, m, start, start + k, known), mth(start + k, end)]
    : [...subproof(mth, m - k, start + k, end, false), mth(start, start + k)]
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** Why a proof is refused. Solidity's library MerkleLog has an error for each, with the same name in CamelCase. */
export type MerkleRefusal =
  | 'MERKLE_INDEX_BEYOND_SIZE'
  | 'MERKLE_SIZES_OUT_OF_ORDER'
  | 'MERKLE_PROOF_TOO_SHORT'
  | 'MERKLE_PROOF_TOO_LONG'
  | 'MERKLE_OLD_ROOT_MISMATCH'
  | 'MERKLE_ROOT_MISMATCH'

/** PATH read backwards: the refusal of an inclusion proof, or undefined if it holds. */
export function refuseInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): MerkleRefusal | undefined {
  if (index >= size) return 'MERKLE_INDEX_BEYOND_SIZE'
  const needed = inclusionProof(ANY_TREE, index, size).length
  if (proof.length !== needed) return refuseLength(proof.length, needed)
  return equal(rootOfInclusion(leaf, index, size, proof), root) ? undefined : 'MERKLE_ROOT_MISMATCH'
}

function rootOfInclusion(
  leaf: Uint8Array,
  m: number,
  n: number,
  proof: readonly Uint8Array[],
): Uint8Array {
  if (n === 1) return leaf
  const k = split(n)
  const [rest, last] = [proof.slice(0, -1), proof.at(-1)!]
  return m < k
    ? nodeHash(rootOfInclusion(leaf, m, k, rest), last)
    : nodeHash(last, rootOfInclusion(leaf, m - k, n - k, rest))
}

/**
 * SUBPROOF read backwards: the refusal of a consistency proof, or undefined if it holds.
 * Every log extends the empty log, by an empty proof.
 */
export function refuseConsistency(
  oldSize: number,
  oldRoot: Uint8Array,
  newSize: number,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): MerkleRefusal | undefined {
  if (oldSize > newSize) return 'MERKLE_SIZES_OUT_OF_ORDER'
  const needed = oldSize === 0 ? 0 : consistencyProof(ANY_TREE, oldSize, newSize).length
  if (proof.length !== needed) return refuseLength(proof.length, needed)
  if (oldSize === 0 && !equal(oldRoot, sha256(new Uint8Array()))) return 'MERKLE_OLD_ROOT_MISMATCH'
  if (oldSize === 0 && newSize > 0) return undefined
  const [computedOld, computedNew] = rootsOfConsistency(oldRoot, oldSize, newSize, true, proof)
  if (!equal(computedOld, oldRoot)) return 'MERKLE_OLD_ROOT_MISMATCH'
  return equal(computedNew, newRoot) ? undefined : 'MERKLE_ROOT_MISMATCH'
}

function rootsOfConsistency(
  oldRoot: Uint8Array,
  m: number,
  n: number,
  known: boolean,
  proof: readonly Uint8Array[],
): [old: Uint8Array, new: Uint8Array] {
  if (m === n) return known ? [oldRoot, oldRoot] : [proof[0]!, proof[0]!]
  const k = split(n)
  const [rest, last] = [proof.slice(0, -1), proof.at(-1)!]
  if (m <= k) {
    const [left, grown] = rootsOfConsistency(oldRoot, m, k, known, rest)
    return [left, nodeHash(grown, last)]
  }
  const [right, grown] = rootsOfConsistency(oldRoot, m - k, n - k, false, rest)
  return [nodeHash(last, right), nodeHash(last, grown)]
}

// The length of a proof depends on sizes alone.
const ANY_TREE: Mth = () => new Uint8Array(32)

function refuseLength(length: number, needed: number): MerkleRefusal {
  return length < needed ? 'MERKLE_PROOF_TOO_SHORT' : 'MERKLE_PROOF_TOO_LONG'
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
