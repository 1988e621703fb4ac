import { concatBytes, decodeHex, encodeHex, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { hashLeaf, sha256 } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'
import { canonicalize } from '../json.ts'
import { Subtree } from '../merkle/subtree.ts'
import { verifyInclusion } from '../merkle/verify.ts'

/**
 * Leaves of each RFC 6962 tree, and bits of a mask. Always as many, however long the list is: an index has exactly one
 * meaning, where the proof of leaf 2 of 3 would also be one of leaf 1 of 2; and nobody below learns the length.
 */
export const LIST_LENGTH = 256
export const TREE_HEIGHT = 8

export type ListName = 'items' | 'purposes'

/** One entry laid open: 64 hex digits each. */
export interface Opening {
  readonly index: number
  readonly salt: string
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly string[]
}

// A label for each list: no opening of one passes as one of the other.
const LABELS = {
  items: utf8('onceledger/scope-item/v1\0'),
  purposes: utf8('onceledger/scope-purpose/v1\0'),
}
const SALT_LABEL = utf8('onceledger/scope-salt/v1\0')
const LIST_BYTES = { items: 0, purposes: 1 }

/** A list of the scope, salted position by position, filled up with leaves that hold nothing. */
export class ScopeTree {
  readonly #list: ListName
  readonly #seed: Uint8Array
  readonly #tree: Subtree

  constructor(list: ListName, seed: string, entries: readonly unknown[]) {
    this.#list = list
    this.#seed = decodeHex(seed, 32)
    const leaves = Array.from({ length: LIST_LENGTH }, (_, index) => {
      const bytes = index < entries.length ? encodeEntry(entries[index]) : new Uint8Array(0)
      return hashEntry(list, this.#salt(index), bytes)
    })
    this.#tree = new Subtree(concatBytes(...leaves))
  }

  get root(): Hash {
    return this.#tree.hash(TREE_HEIGHT, 0)
  }

  open(index: number): { index: number; salt: string; proof: string[] } {
    const proof = Array.from({ length: TREE_HEIGHT }, (_, height) =>
      encodeHex(this.#tree.hash(height, (index >> height) ^ 1)),
    )
    return { index, salt: encodeHex(this.#salt(index)), proof }
  }

  /** A salt of its own for each position: one that was opened tells nothing about the others. */
  #salt(index: number): Hash {
    return sha256(concatBytes(SALT_LABEL, this.#seed, Uint8Array.of(LIST_BYTES[this.#list], index)))
  }
}

/** @throws LedgerError unverified/SCOPE_OPENING_MISMATCH with {list, index} */
export function verifyEntry(list: ListName, root: Hash, opening: Opening, entry: unknown): void {
  const { index, salt, proof } = opening
  try {
    const leaf = hashEntry(list, decodeHex(salt, 32), encodeEntry(entry))
    const hashes = proof.map((hash) => decodeHex(hash, 32))
    verifyInclusion(leaf, { index, proof: hashes }, { size: LIST_LENGTH, root })
  } catch (cause) {
    throw new LedgerError('unverified', 'SCOPE_OPENING_MISMATCH', { list, index }, { cause })
  }
}

/** What `Grant.scope` is of both lists. */
export function hashRoots(itemsRoot: Hash, purposesRoot: Hash): Hash {
  return sha256(concatBytes(itemsRoot, purposesRoot))
}

function encodeEntry(entry: unknown): Uint8Array {
  return utf8(canonicalize(entry))
}

function hashEntry(list: ListName, salt: Uint8Array, entry: Uint8Array): Hash {
  return hashLeaf(sha256(concatBytes(LABELS[list], salt, entry)))
}
