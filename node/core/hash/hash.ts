import { sha256Into } from '#sha256'

/** 32 bytes of SHA-256; whoever receives one does not change it. */
export type Hash = Uint8Array

export const HASH_LENGTH = 32

export function sha256(data: Uint8Array): Hash {
  const out = new Uint8Array(HASH_LENGTH)
  sha256Into(data, out, 0)
  return out
}

/** The root of a tree without entries (RFC 6962 §2.1). */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array(0))

// RFC 6962 §2.1: the prefix stops a leaf from posing as a node.
const LEAF_PREFIX = 0x00
const NODE_PREFIX = 0x01

// An entry of this ledger is at most 1 KiB long; those of other logs may be longer.
const leafInput = new Uint8Array(1 + 1024)

/** The hash of a leaf of the tree: RFC 6962 §2.1. */
export function hashLeaf(entry: Uint8Array): Hash {
  const length = 1 + entry.length
  const input = length <= leafInput.length ? leafInput.subarray(0, length) : new Uint8Array(length)
  input[0] = LEAF_PREFIX
  input.set(entry, 1)
  return sha256(input)
}

const nodeInput = new Uint8Array(1 + 2 * HASH_LENGTH)
nodeInput[0] = NODE_PREFIX

/**
 * The hash of a node of the tree: RFC 6962 §2.1.
 *
 * @throws TypeError unless both are 32 bytes long
 */
export function hashNode(left: Hash, right: Hash): Hash {
  const out = new Uint8Array(HASH_LENGTH)
  hashNodeInto(left, right, out, 0)
  return out
}

/** As `hashNode`, into `out` at `offset`; `out` may hold `left` and `right` too. */
export function hashNodeInto(left: Hash, right: Hash, out: Uint8Array, offset: number): void {
  // Other lengths would let two different pairs hash the same 64 bytes.
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH)
    throw new TypeError('a hash is 32 bytes long')
  nodeInput.set(left, 1)
  nodeInput.set(right, 1 + HASH_LENGTH)
  sha256Into(nodeInput, out, offset)
}

/** As `hashNodeInto`, for two children that stand side by side in `pairs` from `from` on. */
export function hashPairInto(
  pairs: Uint8Array,
  from: number,
  out: Uint8Array,
  offset: number,
): void {
  for (let i = 0; i < 2 * HASH_LENGTH; i++) nodeInput[1 + i] = pairs[from + i] as number
  sha256Into(nodeInput, out, offset)
}
