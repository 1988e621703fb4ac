import { z } from 'zod'
import { LedgerError } from '../../core/errors.ts'
import type {
  Anchor,
  AnchoredCheckpoint,
  BlockId,
  Chain,
  Fees,
  Head,
  Hex,
  LogOnChain,
  Offer,
  RootProof,
  SignedTransaction,
  TransactionState,
} from '../chain.ts'
import { Account } from './account.ts'
import * as answers from './answers.ts'
import { parseUrl, RpcRefusal } from './httpProvider.ts'
import { LogSetup } from './logSetup.ts'
import { proveRoot } from './proveRoot.ts'
import * as registry from './registry.ts'
import { Rpc } from './rpc.ts'

export interface EthersChainOptions {
  /** http or https; may hold credentials or an API key, which appear in no error. */
  readonly url: string
  /** Private key of the account that anchors and pays: 0x and 64 hex digits. */
  readonly key: string
  /** Refuses every other chain. Without it, the first answer decides. */
  readonly chainId?: number
  /** Milliseconds for one request. */
  readonly timeout?: number
  /** The chain makes a block only when asked (evm_mine) or for a transaction. */
  readonly minesOnDemand?: boolean
}

const TIMEOUT = 10_000

/** Any chain with the EVM and Ethereum's JSON-RPC, through ethers. */
export class EthersChain implements Chain {
  readonly operator: Hex
  readonly mine?: () => Promise<void>
  readonly #account: Account
  readonly #rpc: Rpc
  readonly #setup: LogSetup
  readonly #closing = new AbortController()
  #chainId: number | undefined

  /** @throws LedgerError invalid/CHAIN_KEY_MALFORMED, invalid/CHAIN_URL_MALFORMED; neither holds the value */
  constructor(options: EthersChainOptions) {
    this.#chainId = options.chainId
    this.#rpc = new Rpc({
      url: parseUrl(options.url),
      timeout: options.timeout ?? TIMEOUT,
      signal: this.#closing.signal,
    })
    this.#account = new Account(options.key, this.#rpc, registry.errorName)
    this.operator = this.#account.address
    this.#setup = new LogSetup(this.#rpc, this, (to, data, offer) => this.#sign(to, data, offer))
    if (options.minesOnDemand) {
      this.mine = async () => {
        await this.#rpc.call('evm_mine', [], z.unknown())
      }
    }
  }

  /** Asked with every look, since an address can come to lead to another chain. */
  async chainId(): Promise<number> {
    const chainId = await this.#rpc.call('eth_chainId', [], answers.Count)
    this.#chainId ??= chainId
    if (chainId !== this.#chainId) {
      const expected = this.#chainId
      throw new LedgerError('unavailable', 'CHAIN_ID_CHANGED', { expected, chainId })
    }
    return chainId
  }

  async openLog(origin: string, known?: Hex): Promise<LogOnChain | undefined> {
    const chainId = await this.chainId()
    const opened = await this.#setup.open(origin, known)
    return opened && { chainId, ...opened }
  }

  async head(): Promise<Head> {
    await this.chainId()
    const { number, hash, timestamp } = await this.#latestBlock()
    return { number, hash, timestamp }
  }

  finalized(): Promise<number | undefined> {
    return this.#account.finalized()
  }

  async blockHash(number: number): Promise<Hex | undefined> {
    const params = [answers.quantity(number), false]
    const block = await this.#rpc.call('eth_getBlockByNumber', params, answers.AnyBlock)
    return block?.hash
  }

  async latest(log: LogOnChain): Promise<AnchoredCheckpoint | undefined> {
    try {
      const answer = await this.#ask(log.registry, registry.encodeQuestion('latest', log.logId))
      return answer === '0x' ? undefined : registry.decodeLatest(answer)
    } catch (error) {
      // The contract reverts for a log that it does not know, but not every node tells with what.
      if (error instanceof RpcRefusal && !(await this.#setup.operatorOf(log))) return undefined
      throw error
    }
  }

  async rootAt(log: LogOnChain, size: number): Promise<Uint8Array | undefined> {
    const answer = await this.#ask(log.registry, registry.encodeRootAt(log.logId, size))
    return answer === '0x' ? undefined : registry.decodeRoot(answer)
  }

  nonces(): Promise<{ mined: number; pending: number }> {
    return this.#account.nonces()
  }

  marketFees(): Promise<Fees> {
    return this.#account.marketFees()
  }

  async signAnchor(log: LogOnChain, anchor: Anchor, offer: Offer): Promise<SignedTransaction> {
    try {
      return await this.#sign(log.registry, registry.encodeAnchor(log.logId, anchor), offer)
    } catch (error) {
      if (!(error instanceof RpcRefusal) || error.reason !== 'reverted') throw error
      const name = registry.errorName(error.revertData)
      throw new LedgerError('conflict', 'ANCHOR_REVERTED', { error: name, size: anchor.size })
    }
  }

  send(transaction: SignedTransaction): Promise<void> {
    return this.#account.send(transaction)
  }

  transactionState(sent: { transaction: Hex; nonce: number }): Promise<TransactionState> {
    return this.#account.transactionState(sent)
  }

  proveRoot(
    log: LogOnChain,
    checkpoint: AnchoredCheckpoint,
    block: BlockId,
    transaction?: Hex,
  ): Promise<RootProof | undefined> {
    return proveRoot(this.#rpc, log, checkpoint, block, transaction)
  }

  close(): Promise<void> {
    this.#closing.abort()
    return Promise.resolve()
  }

  #latestBlock() {
    return this.#rpc.call('eth_getBlockByNumber', ['latest', false], answers.LatestBlock)
  }

  /** Answers 0x where there is no contract. */
  #ask(to: Hex, data: Hex): Promise<Hex> {
    return this.#rpc.call('eth_call', [{ to, data }, 'latest'], answers.Data)
  }

  async #sign(to: Hex, data: Hex, offer: Offer): Promise<SignedTransaction> {
    const chainId = this.#chainId ?? (await this.chainId())
    const gasLimit = await this.#account.gasLimit(to, data)
    return this.#account.sign({ chainId, to, data }, gasLimit, offer)
  }
}
