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

/**
 * The registries' state as a block proves it, on a chain that the verifier trusts.
 *
 * @throws LedgerError unverified/STATE_CHAIN_UNTRUSTED, STATE_HEADER_MISMATCH, STATE_BLOCK_NUMBER_MISMATCH,
 *   STATE_LINK_BROKEN, STATE_CONTRACT_PROOF_INVALID, STATE_SLOT_PROOF_INVALID, STATE_CONTRACT_ABSENT,
 *   STATE_BLOCK_MISMATCH
 * @throws LedgerError unavailable/STATE_BLOCK_NOT_TRUSTED, STATE_CHAIN_UNREACHABLE: proven, in a block that nobody vouches for
 */
export async function openProvenState(
  proof: StateProof,
  registries: Registries,
  trust: Trust,
  findChain: FindChain,
): Promise<SlotWorld> {
  if (proof.chainId !== registries.chainId) throw unverified('STATE_CHAIN_UNTRUSTED')
  const header = readHeader(proof.header)
  if (encode0x(header.hash) !== proof.blockHash) throw unverified('STATE_HEADER_MISMATCH')
  if (header.number !== proof.blockNumber) throw unverified('STATE_BLOCK_NUMBER_MISMATCH')
  const slots = await readSlots(proof, header.stateRoot)
  await requireKnownBlock(proof, header, trust, findChain)
  return new SlotWorld(registries, header.timestamp, (contract, slot) => {
    const value = slots.get(`${contract} ${slot}`)
    if (value === undefined) throw unverified('STATE_NOT_PROVEN')
    return value
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

/** The verifier knows the block, or one that follows on it; else the chain itself is asked. */
async function requireKnownBlock(
  { chainId, blockHash, blockNumber, headers = [] }: StateProof,
  header: Header,
  trust: Trust,
  findChain: FindChain,
): Promise<void> {
  const known = new Set(trust.chains.find((chain) => chain.chainId === chainId)?.blocks)
  if (known.has(blockHash)) return
  let last = header
  for (const text of headers) {
    const next = readHeader(text)
    if (!equalBytes(next.parentHash, last.hash)) throw unverified('STATE_LINK_BROKEN')
    last = next
    if (known.has(encode0x(last.hash))) return
  }
  const chain = findChain(chainId)
  if (chain === undefined) throw new LedgerError('unavailable', 'STATE_BLOCK_NOT_TRUSTED')
  const there = await chain.blockHash(blockNumber).catch((cause: unknown) => {
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
