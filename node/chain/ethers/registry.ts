import { AbiCoder, getBytes, Interface, keccak256 } from 'ethers'
import { LedgerError } from '../../core/errors.ts'
import { planCheckpointRegistry } from '../deployment.ts'
import type { Anchor, AnchoredCheckpoint, Hex } from '../chain.ts'

/** CheckpointRegistry's calls and answers as bytes. */

const abi = new Interface(planCheckpointRegistry().artifact.abi)

export function encodeCreateLog(origin: string): Hex {
  return abi.encodeFunctionData('createLog', [origin]) as Hex
}

export function encodeAnchor(logId: Hex, { size, root, proof }: Anchor): Hex {
  return abi.encodeFunctionData('anchor', [logId, size, root, proof]) as Hex
}

export function encodeQuestion(name: 'latest' | 'operatorOf', logId: Hex): Hex {
  return abi.encodeFunctionData(name, [logId]) as Hex
}

export function encodeRootAt(logId: Hex, size: number): Hex {
  return abi.encodeFunctionData('rootAt', [logId, size]) as Hex
}

export function decodeLatest(answer: Hex): AnchoredCheckpoint {
  const [size, root] = decode('latest', answer)
  if (typeof size !== 'bigint' || size > BigInt(Number.MAX_SAFE_INTEGER)) throw nonsense('latest')
  return { size: Number(size), root: getBytes(String(root)) }
}

/** Undefined for the zero that stands for "never anchored". */
export function decodeRoot(answer: Hex): Uint8Array | undefined {
  const root = getBytes(String(decode('rootAt', answer)[0]))
  return root.some((byte) => byte !== 0) ? root : undefined
}

/** Undefined for the zero that stands for "no such log". */
export function decodeOperator(answer: Hex): Hex | undefined {
  const operator = String(decode('operatorOf', answer)[0]).toLowerCase() as Hex
  return /^0x0+$/.test(operator) ? undefined : operator
}

/** keccak256(abi.encode(creator, origin)): nobody can take another's log id. */
export function logIdOf(creator: Hex, origin: string): Hex {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(['address', 'string'], [creator, origin]),
  ) as Hex
}

/** The contract's own error, such as CheckpointForked; `unknown` when it is none of them. */
export function errorName(revertData: Hex | undefined): string {
  try {
    return (revertData && abi.parseError(revertData)?.name) ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

function decode(name: string, answer: Hex): unknown[] {
  try {
    return [...abi.decodeFunctionResult(name, answer)] as unknown[]
  } catch {
    throw nonsense(name)
  }
}

function nonsense(call: string): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_NONSENSE', { method: 'eth_call', call })
}
