import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '../bytes.ts'

/** CheckpointRegistry's storage: slot 1 is `mapping(bytes32 logId => mapping(uint64 size => bytes32 root))`. */
const ROOTS_SLOT = 1

/**
 * Storage slot that holds a log's anchored root of one size:
 * keccak256(abi.encode(size, keccak256(abi.encode(logId, 1)))).
 *
 * @param logId 32 bytes
 */
export function checkpointRootSlot(logId: Uint8Array, size: number): Uint8Array {
  if (logId.length !== 32) throw new TypeError('a log id has 32 bytes')
  const rootsOfLog = keccak_256(concatBytes(logId, uint256(ROOTS_SLOT)))
  return keccak_256(concatBytes(uint256(size), rootsOfLog))
}

function uint256(value: number): Uint8Array {
  const word = new Uint8Array(32)
  new DataView(word.buffer).setBigUint64(24, BigInt(value))
  return word
}
