import type { SignedAct } from '../../core/acts/acts.ts'
import { LedgerError } from '../../core/errors.ts'
import { encodeHeader } from '../../core/ethereum/header.ts'
import { encode0x } from '../../core/ethereum/hex.ts'
import type { Registries } from '../../core/parties/registries.ts'
import type { BlockId, Head, Hex } from '../chain.ts'
import type { RegistryChain, RegistryEvent, SlotsProof } from '../registries.ts'
import * as answers from './answers.ts'
import { RpcRefusal } from './httpProvider.ts'
import { inTurn } from './inTurn.ts'
import { proveSlots } from './proveSlots.ts'
import {
  encodeAct,
  encodeIsValidSignature,
  encodeNonceOf,
  gasCapOf,
  isAccepted,
} from './registryCalls.ts'
import { registryRefusal } from './registryErrors.ts'
import { RegistryLogs } from './registryLogs.ts'
import type { Rpc } from './rpc.ts'

/** Headers that are asked for at once. */
const AT_ONCE = 16
/** Gas that a contract account may use to check a signature. */
const CHECKING_GAS = 1_000_000
/** Who asks where no relayer does: nobody's address, and none of a department. */
const NOBODY = `0x${'00'.repeat(19)}01`

/** The registries on any chain with the EVM and Ethereum's JSON-RPC. */
export class EthersRegistryChain implements RegistryChain {
  readonly registries: Registries
  readonly relayer: Hex | undefined
  readonly #rpc: Rpc
  readonly #logs: RegistryLogs

  constructor(rpc: Rpc, registries: Registries, relayer?: Hex) {
    this.registries = registries
    this.relayer = relayer
    this.#rpc = rpc
    this.#logs = new RegistryLogs(rpc, registries)
  }

  async head(): Promise<Head> {
    await this.#requireChain()
    const { number, hash, timestamp } = await this.#rpc.call(
      'eth_getBlockByNumber',
      ['latest', false],
      answers.LatestBlock,
    )
    return { number, hash, timestamp }
  }

  async block(number: number): Promise<Head | undefined> {
    const params = [answers.quantity(number), false]
    const block = await this.#rpc.call('eth_getBlockByNumber', params, answers.AnyBlock)
    return block === null
      ? undefined
      : { number: block.number, hash: block.hash, timestamp: block.timestamp }
  }

  events(from: number, to: number): Promise<RegistryEvent[]> {
    return this.#logs.read(from, to)
  }

  async simulate(act: SignedAct): Promise<void> {
    const request = {
      from: this.relayer ?? NOBODY,
      gas: answers.quantity(gasCapOf(act)),
      ...encodeAct(act, this.registries),
    }
    try {
      await this.#rpc.call('eth_call', [request, 'latest'], answers.Data)
    } catch (error) {
      throw refusalIn(error)
    }
  }

  nonceOf(department: Hex): Promise<number> {
    const request = { to: this.registries.parties, data: encodeNonceOf(department) }
    return this.#rpc.call('eth_call', [request, 'latest'], answers.Count)
  }

  async isValidSignature(account: Hex, digest: Uint8Array, signature: Hex): Promise<boolean> {
    const data = encodeIsValidSignature(digest, signature)
    const request = { to: account, gas: answers.quantity(CHECKING_GAS), data }
    try {
      return isAccepted(await this.#rpc.call('eth_call', [request, 'latest'], answers.Data))
    } catch (error) {
      if (error instanceof RpcRefusal && error.reason === 'reverted') return false
      throw error
    }
  }

  proveSlots(
    block: BlockId,
    slots: ReadonlyMap<Hex, readonly Hex[]>,
  ): Promise<SlotsProof | undefined> {
    return proveSlots(this.#rpc, block, slots)
  }

  headers(from: number, to: number): Promise<Hex[]> {
    const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
    return inTurn(numbers, AT_ONCE, (number) => this.#header(number))
  }

  async #header(number: number): Promise<Hex> {
    const params = [answers.quantity(number), false]
    const block = await this.#rpc.call('eth_getBlockByNumber', params, answers.RawBlock)
    if (block === null) throw new LedgerError('unavailable', 'CHAIN_BEHIND', { at: number })
    const header = encodeHeader(block)
    if (header === undefined) {
      throw new LedgerError('unavailable', 'CHAIN_NONSENSE', { method: 'eth_getBlockByNumber' })
    }
    return encode0x(header)
  }

  /** Asked with every look, since an address can come to lead to another chain. */
  async #requireChain(): Promise<void> {
    const expected = this.registries.chainId
    const chainId = await this.#rpc.call('eth_chainId', [], answers.Count)
    if (chainId !== expected) {
      throw new LedgerError('unavailable', 'CHAIN_ID_CHANGED', { expected, chainId })
    }
  }
}

/** What the contract said, where it was the contract that refused. */
export function refusalIn(error: unknown): unknown {
  const isRevert = error instanceof RpcRefusal && error.reason === 'reverted'
  return isRevert ? registryRefusal(error.revertData) : error
}
