import { equalBytes } from '../bytes.ts'
import { isLedgerError, LedgerError } from '../errors.ts'
import { decodeHeader } from '../ethereum/header.ts'
import type { Header } from '../ethereum/header.ts'
import { decode0x, encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import { readProvenSlot } from '../ethereum/state.ts'
import type { Registries } from '../parties/registries.ts'
import type { StateProof } from '../stateProof.ts'
import type { Trust } from '../trust.ts'
import type { FindChain } from './anchor.ts'
import { SlotWorld } from './slotWorld.ts'

/** The registries' state as a block proves it, and while it held. */
export interface ProvenState {
  /** Asked at the block's own time, unless told otherwise. */
  readonly world: SlotWorld
  readonly block: { readonly number: number; readonly hash: Hex }
  /** Seconds since 1970: up to here no other block had followed. The block's own time where none is shown. */
  readonly until: number
  /** Whether the block that ended it is shown. */
  readonly isFollowed: boolean
}

/**
 * Seconds by which a state may lie beside the time that it is to speak of: clocks differ, a node learns of a block some
 * time after it was made, and a use waits for the block that counts it.
 */
export const NEAR = 60 * 60

/** Whether a state held at a time, or close to it. */
export function isNear({ world, until }: ProvenState, time: number): boolean {
  return world.time - NEAR <= time && time <= until + NEAR
}

/**
 * @throws LedgerError unverified/STATE_CHAIN_UNTRUSTED, STATE_HEADER_MALFORMED, STATE_HEADER_MISMATCH,
 *   STATE_BLOCK_NUMBER_MISMATCH, STATE_LINK_BROKEN, STATE_CONTRACT_PROOF_INVALID, STATE_SLOT_PROOF_INVALID,
 *   STATE_CONTRACT_ABSENT, STATE_BLOCK_MISMATCH
 * @throws LedgerError unavailable/STATE_BLOCK_NOT_TRUSTED, STATE_CHAIN_UNREACHABLE: proven, in a block that nobody
 *   vouches for
 */
export async function openProvenState(
  proof: StateProof,
  registries: Registries,
  trust: Trust,
  findChain: FindChain,
): Promise<ProvenState> {
  if (proof.chainId !== registries.chainId) throw unverified('STATE_CHAIN_UNTRUSTED')
  const header = readHeader(proof.header)
  const hash = encode0x(header.hash)
  if (hash !== proof.blockHash) throw unverified('STATE_HEADER_MISMATCH')
  if (header.number !== proof.blockNumber) throw unverified('STATE_BLOCK_NUMBER_MISMATCH')
  const following = readLine(header, proof.headers ?? [])
  const slots = await readSlots(proof, header.stateRoot)
  await requireKnown(following.at(-1) ?? header, proof.chainId, trust, findChain)
  const world = new SlotWorld(registries, header.timestamp, (contract, slot) => {
    const value = slots.get(`${contract} ${slot}`)
    if (value === undefined)
      throw new LedgerError('unverified', 'STATE_NOT_PROVEN', { contract, slot })
    return value
  })
  const [next] = following
  return {
    world,
    block: { number: header.number, hash },
    until: Math.max(header.timestamp, next === undefined ? 0 : next.timestamp - 1),
    isFollowed: next !== undefined,
  }
}

/** Each names the block before it. */
function readLine(header: Header, texts: readonly Hex[]): Header[] {
  let last = header
  return texts.map((text) => {
    const next = readHeader(text)
    if (!equalBytes(next.parentHash, last.hash)) throw unverified('STATE_LINK_BROKEN')
    last = next
    return next
  })
}

async function readSlots(
  { contracts }: StateProof,
  stateRoot: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const values = new Map<string, Uint8Array>()
  for (const { address, accountProof, slots } of contracts) {
    const account = accountProof.map(decode0x)
    for (const { slot, proof } of slots) {
      const storageProof = proof.map(decode0x)
      const value = await readProvenSlot(stateRoot, decode0x(address), decode0x(slot), {
        accountProof: account,
        storageProof,
      }).catch(rename)
      values.set(`${address} ${slot}`, value)
    }
  }
  return values
}

/**
 * Whoever knows the last block of the line knows all before it. A block that follows on a known one is not known by
 * that: anyone can write it.
 */
async function requireKnown(
  { number, hash }: Header,
  chainId: number,
  trust: Trust,
  findChain: FindChain,
): Promise<void> {
  const blockHash = encode0x(hash)
  if (trust.chains.some((chain) => chain.chainId === chainId && chain.blocks.includes(blockHash)))
    return
  const chain = findChain(chainId)
  if (chain === undefined) throw new LedgerError('unavailable', 'STATE_BLOCK_NOT_TRUSTED')
  const there = await chain.blockHash(number).catch((cause: unknown) => {
    if (!isLedgerError(cause) || cause.kind !== 'unavailable') throw cause
    throw new LedgerError('unavailable', 'STATE_CHAIN_UNREACHABLE', {}, { cause })
  })
  if (there !== blockHash) throw unverified('STATE_BLOCK_MISMATCH')
}

const NAMES: Readonly<Record<string, string>> = {
  ACCOUNT_PROOF_INVALID: 'STATE_CONTRACT_PROOF_INVALID',
  ACCOUNT_ABSENT: 'STATE_CONTRACT_ABSENT',
  STORAGE_PROOF_INVALID: 'STATE_SLOT_PROOF_INVALID',
}

function rename(cause: unknown): never {
  if (isLedgerError(cause)) throw unverified(NAMES[cause.code] ?? cause.code, cause)
  throw cause
}

function readHeader(text: Hex): Header {
  try {
    return decodeHeader(decode0x(text))
  } catch (cause) {
    throw isLedgerError(cause) ? unverified('STATE_HEADER_MALFORMED', cause) : cause
  }
}

function unverified(code: string, cause?: unknown): LedgerError {
  return new LedgerError('unverified', code, {}, { cause })
}
