import { createMerkleProof, createMPT, createMPTFromProof } from '@ethereumjs/mpt'
import type { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { equalBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'

/**
 * RLP of nothing: the one node of a trie that holds nothing, such as the storage of a contract before its first use.
 */
const EMPTY_NODE = Uint8Array.of(0x80)
const EMPTY_ROOT = keccak_256(EMPTY_NODE)

/** Nodes shorter than a hash stand inside their parents and travel with them. */
const HASH_LENGTH = 32

/**
 * Value under `key` in the Merkle Patricia trie with this root; undefined when the proof shows that there is none.
 *
 * Stricter than the library: the proof holds the nodes from root to value, each once, in order, and nothing else.
 *
 * @param key as it stands in the trie: state and storage tries hash theirs first
 * @throws LedgerError unverified/TRIE_PROOF_INVALID
 */
export async function readProven(
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  // Some chains send the node, others nothing at all.
  if (equalBytes(root, EMPTY_ROOT) && equalLists(proof, proof.length === 0 ? [] : [EMPTY_NODE]))
    return undefined
  try {
    // Copied: the library keeps what it is given.
    const trie = await createMPTFromProof(
      proof.map((node) => node.slice()),
      { root: root.slice() },
    )
    const value = await trie.get(key, true)
    const path = await nodesOnPath(trie, key)
    if (!equalLists(path, proof)) throw new Error('nodes off the path')
    return value ?? undefined
  } catch (cause) {
    throw new LedgerError('unverified', 'TRIE_PROOF_INVALID', {}, { cause })
  }
}

/** Root of the trie with these pairs, and the proof of one of its keys. */
export async function proveKey(
  pairs: readonly (readonly [key: Uint8Array, value: Uint8Array])[],
  key: Uint8Array,
): Promise<{ readonly root: Uint8Array; readonly proof: Uint8Array[] }> {
  const trie = await createMPT()
  for (const [key, value] of pairs) await trie.put(key, value)
  return { root: trie.root(), proof: await nodesOnPath(trie, key) }
}

async function nodesOnPath(trie: MerklePatriciaTrie, key: Uint8Array): Promise<Uint8Array[]> {
  const nodes = await createMerkleProof(trie, key)
  return nodes.filter((node, depth) => depth === 0 || node.length >= HASH_LENGTH)
}

function equalLists(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((item, index) => equalBytes(item, b[index] ?? EMPTY))
}

const EMPTY = new Uint8Array(0)
