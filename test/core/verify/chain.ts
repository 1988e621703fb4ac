import { RLP } from '@ethereumjs/rlp'
import { AbiCoder, keccak256 } from 'ethers'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { EvidenceAnchor } from '../../../node/core/evidence.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'
import { readTrust } from '../../../node/core/trust.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { LOG_SIGNER, ORIGIN } from '../evidence/sample.ts'
import type { BlockState } from './storage.ts'
import { Storage } from './storage.ts'
import {
  ISSUED,
  USED,
  DAY,
  address,
  word,
  ACCOUNT,
  REGISTRIES,
  HOLDERS,
  GRANTORS,
  DEPARTMENTS,
} from './people.ts'
import type { Changes } from './changes.ts'
import { PLACES } from './log.ts'

export const CHECKPOINTS = address('a4')

const LOG_ID = word('a7')

export const FIRST_BLOCK = 100

export const TIMES = [ISSUED - 5 * DAY, ISSUED + 60, USED - 300, USED + 30, USED + 100]

/** Trust in the last block alone. */
export function trustIn(anchors: readonly EvidenceAnchor[]): Trust {
  return readTrust({
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 0, keys: [] },
    chains: anchors.map(({ chainId, registry, logId, blockHash }) => ({
      chainId,
      registry,
      logId,
      blocks: [blockHash],
    })),
    registries: REGISTRIES,
  })
}

/** Trust in the block of a proof, and nothing else of its chain. */
export function trustOfBlock({ chainId, blockHash }: StateProof, registries: Registries): Trust {
  const blocks = [blockHash]
  return readTrust({
    v: 1,
    log: { origin: ORIGIN, key: LOG_SIGNER.vkey },
    witnesses: { quorum: 0, keys: [] },
    chains: [{ chainId, registry: CHECKPOINTS, logId: LOG_ID, blocks }],
    registries,
  })
}

export function fill(
  block: number,
  {
    ids,
    chains,
    uses,
    isCounted,
    certificateId,
    changes,
  }: {
    ids: readonly (readonly Hex[])[]
    chains: readonly (readonly Grant[])[]
    uses: readonly Hex[]
    isCounted: boolean
    certificateId: Hex
    changes: Changes
  },
): Storage {
  const storage = new Storage(REGISTRIES)
  for (const department of DEPARTMENTS) storage.department(department)
  for (const [i, holder] of HOLDERS.entries())
    storage.binding(holder, ACCOUNT[GRANTORS[i] ?? 'landlord'], ISSUED - 30 * DAY)
  // What nobody wrote is proven to be zero.
  for (const account of ['landlord', 'spouse', 'tenant', 'agent', 'firm'] as const)
    storage.epoch(ACCOUNT[account], 0)
  storage.set(REGISTRIES.grants, 0n, 7n)
  storage.set(REGISTRIES.certificates, 0n, 7n)
  for (const hop of ['firm', 'tenant', 'agent'] as const)
    storage.set(REGISTRIES.parties, departmentSlot(ACCOUNT[hop]), 0n)
  const counted = isCounted && block >= 103
  for (const [i, chain] of chains.entries())
    for (const [hop, id] of (ids[i] ?? []).entries())
      storage.grant(id, {
        registeredAt: ISSUED - DAY + 10,
        ...(counted && { used: 1 }),
        ...(counted && hop === chain.length - 1 && { lastUse: uses[i]?.slice(0, 34) ?? '0x' }),
      })
  storage.statuses(certificateId, changes.statuses ?? [])
  changes.edit?.(storage, block, ids[0] ?? [])
  return storage
}

const departmentSlot = (department: Hex) =>
  BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [department, 2])))

export function rootSlot(): bigint {
  const coder = AbiCoder.defaultAbiCoder()
  const inner = keccak256(coder.encode(['bytes32', 'uint256'], [LOG_ID, 1]))
  return BigInt(keccak256(coder.encode(['uint256', 'bytes32'], [PLACES.size, inner])))
}

export function headerOf(
  parent: Hex,
  stateRoot: Uint8Array,
  number: number,
  time: number,
): Uint8Array {
  const filler = new Uint8Array(32).fill(9)
  return RLP.encode([
    decode0x(parent),
    filler,
    new Uint8Array(20),
    stateRoot,
    filler,
    filler,
    new Uint8Array(256),
    0,
    number,
    30_000_000,
    21_000,
    time,
    new Uint8Array(0),
    filler,
    new Uint8Array(8),
    7,
  ])
}

export async function anchorAt(
  block: { header: Uint8Array; hash: Hex; state: BlockState } | undefined,
): Promise<EvidenceAnchor> {
  if (block === undefined) throw new Error('no block')
  const [contract] = await block.state.prove([CHECKPOINTS])
  if (contract === undefined) throw new Error('no anchor')
  return {
    chainId: REGISTRIES.chainId,
    registry: CHECKPOINTS,
    logId: LOG_ID,
    blockNumber: 104,
    blockHash: block.hash,
    header: encode0x(block.header),
    accountProof: contract.accountProof,
    storageProof: contract.slots[0]?.proof ?? [],
  }
}
