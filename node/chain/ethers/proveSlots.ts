import { isLedgerError } from '../../core/errors.ts'
import { decodeHeader, encodeHeader } from '../../core/ethereum/header.ts'
import { decode0x, encode0x } from '../../core/ethereum/hex.ts'
import { readProvenSlot } from '../../core/ethereum/state.ts'
import type { BlockId, Hex } from '../chain.ts'
import type { SlotsProof } from '../registries.ts'
import * as answers from './answers.ts'
import type { Rpc } from './rpc.ts'

type ContractProof = SlotsProof['contracts'][number]

/** See `RegistryChain.proveSlots`. */
export async function proveSlots(
  rpc: Rpc,
  block: BlockId,
  slots: ReadonlyMap<Hex, readonly Hex[]>,
): Promise<SlotsProof | undefined> {
  try {
    const header = await readHeader(rpc, block)
    if (header === undefined) return undefined
    const { stateRoot } = decodeHeader(header)
    const contracts: ContractProof[] = []
    for (const [address, wanted] of slots) {
      contracts.push(await proveContract(rpc, block, stateRoot, address, wanted))
    }
    return { block, header: encode0x(header), contracts }
  } catch (error) {
    if (isUnproven(error)) return undefined
    throw error
  }
}

/** Undefined when the chain has another block there, or one whose header does not hash to its hash. */
export async function readHeader(rpc: Rpc, { hash }: BlockId): Promise<Uint8Array | undefined> {
  const block = await rpc.call('eth_getBlockByHash', [hash, false], answers.RawBlock)
  // The chain may answer with another block than was asked for.
  return block?.['hash'] === hash ? encodeHeader(block) : undefined
}

/** The chain has no such method, no such state any more, or proofs that do not hold. */
export function isUnproven(error: unknown): boolean {
  return (
    isLedgerError(error, 'CHAIN_REFUSED') ||
    isLedgerError(error, 'CHAIN_NONSENSE') ||
    (isLedgerError(error) && error.kind === 'unverified')
  )
}

async function proveContract(
  rpc: Rpc,
  block: BlockId,
  stateRoot: Uint8Array,
  address: Hex,
  wanted: readonly Hex[],
): Promise<ContractProof> {
  const { accountProof, storageProof } = await rpc.call(
    'eth_getProof',
    [address, wanted, answers.quantity(block.number)],
    answers.SlotProofs.refine((proof) => proof.storageProof.length === wanted.length),
  )
  const slots = wanted.map((slot, i) => ({ slot, proof: storageProof[i]?.proof ?? [] }))
  for (const { slot, proof } of slots) {
    await readProvenSlot(stateRoot, decode0x(address), decode0x(slot), {
      accountProof: accountProof.map(decode0x),
      storageProof: proof.map(decode0x),
    })
  }
  return { address, accountProof, slots }
}
