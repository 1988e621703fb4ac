import { keccak_256 } from '@noble/hashes/sha3.js'
import { LedgerError } from '../errors.ts'
import { decodeRlp } from './rlp.ts'
import { readProven } from './trie.ts'

/** Bytes of a storage slot's key and value. */
const WORD = 32

/** EIP-1186: a contract's storage slot in the state that a block header commits to. */
export interface SlotProof {
  /** Nodes of the state trie, RLP, root first. */
  readonly accountProof: readonly Uint8Array[]
  /** Nodes of the account's storage trie, RLP, root first. */
  readonly storageProof: readonly Uint8Array[]
}

/**
 * The 32 bytes in a contract's storage slot, zero when nothing was written there.
 *
 * @throws LedgerError unverified/ACCOUNT_PROOF_INVALID, STORAGE_PROOF_INVALID
 * @throws LedgerError unverified/ACCOUNT_ABSENT the state has no such contract
 */
export async function readProvenSlot(
  stateRoot: Uint8Array,
  address: Uint8Array,
  slot: Uint8Array,
  { accountProof, storageProof }: SlotProof,
): Promise<Uint8Array> {
  const account = await readHashed(stateRoot, address, accountProof, 'ACCOUNT_PROOF_INVALID')
  if (account === undefined) throw new LedgerError('unverified', 'ACCOUNT_ABSENT')
  const storageRoot = decodeStorageRoot(account)
  const value = await readHashed(storageRoot, slot, storageProof, 'STORAGE_PROOF_INVALID')
  return value === undefined ? new Uint8Array(WORD) : decodeWord(value)
}

/** The tries of state and storage keep everything under the Keccak-256 of its key. */
async function readHashed(
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
  code: string,
): Promise<Uint8Array | undefined> {
  try {
    return await readProven(root, keccak_256(key), proof)
  } catch (cause) {
    throw new LedgerError('unverified', code, {}, { cause })
  }
}

/** Account: RLP of nonce, balance, storage root, code hash. */
function decodeStorageRoot(account: Uint8Array): Uint8Array {
  const fields = decodeRlp(account, 'ACCOUNT_PROOF_INVALID')
  const storageRoot = fields instanceof Uint8Array ? undefined : fields[2]
  if (!(storageRoot instanceof Uint8Array) || storageRoot.length !== WORD) {
    throw new LedgerError('unverified', 'ACCOUNT_PROOF_INVALID')
  }
  return storageRoot
}

/** Slot: RLP of a big-endian integer without leading zeros. */
function decodeWord(value: Uint8Array): Uint8Array {
  const integer = decodeRlp(value, 'STORAGE_PROOF_INVALID')
  if (!(integer instanceof Uint8Array) || integer.length > WORD) {
    throw new LedgerError('unverified', 'STORAGE_PROOF_INVALID')
  }
  const word = new Uint8Array(WORD)
  word.set(integer, WORD - integer.length)
  return word
}
