import { keccak256, Wallet } from 'ethers'
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
import * as answers from './answers.ts'
import { RpcRefusal } from './httpProvider.ts'
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
/** Wei; where the node does not say what tip is usual. */
const USUAL_TIP = 1_000_000_000n

/** Any chain with the EVM and Ethereum's JSON-RPC, through ethers. */
export class EthersChain implements Chain {
  readonly operator: Hex
  readonly mine?: () => Promise<void>
  readonly #wallet: Wallet
  readonly #rpc: Rpc
  readonly #setup: LogSetup
  readonly #closing = new AbortController()
  #chainId: number | undefined

  /** @throws LedgerError invalid/CHAIN_KEY_MALFORMED, invalid/CHAIN_URL_MALFORMED; neither holds the value */
  constructor(options: EthersChainOptions) {
    this.#wallet = parseKey(options.key)
    this.operator = this.#wallet.address.toLowerCase() as Hex
    this.#chainId = options.chainId
    this.#rpc = new Rpc({
      url: parseUrl(options.url),
      timeout: options.timeout ?? TIMEOUT,
      signal: this.#closing.signal,
    })
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

  async finalized(): Promise<number | undefined> {
    try {
      const block = await this.#rpc.call(
        'eth_getBlockByNumber',
        ['finalized', false],
        answers.AnyBlock,
      )
      // Chains without finality may call their genesis final, for ever.
      return block?.number || undefined
    } catch (error) {
      if (error instanceof RpcRefusal) return undefined
      throw error
    }
  }

  async blockHash(number: number): Promise<Hex | undefined> {
    const params = [quantity(number), false]
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

  async nonces(): Promise<{ mined: number; pending: number }> {
    const count = (tag: string) =>
      this.#rpc.call('eth_getTransactionCount', [this.operator, tag], answers.Count)
    const [mined, pending] = await Promise.all([count('latest'), count('pending')])
    return { mined, pending: Math.max(mined, pending) }
  }

  async marketFees(): Promise<Fees> {
    const { baseFeePerGas } = await this.#latestBlock()
    if (baseFeePerGas === null || baseFeePerGas === undefined) {
      return { gasPrice: await this.#rpc.call('eth_gasPrice', [], answers.Amount) }
    }
    const tip = await this.#usualTip()
    // Twice the base fee stays valid through six full blocks (EIP-1559: an eighth more each).
    return { maxFeePerGas: baseFeePerGas * 2n + tip, maxPriorityFeePerGas: tip }
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

  async send({ transaction, raw }: SignedTransaction): Promise<void> {
    try {
      await this.#rpc.call('eth_sendRawTransaction', [raw], answers.Hash)
    } catch (error) {
      if (!(error instanceof RpcRefusal)) throw error
      // Nodes have many words for "I have it": whether they do is what counts.
      if (await this.#findTransaction(transaction)) return
      if (error.reason === 'nonceUsed') throw new LedgerError('conflict', 'NONCE_USED')
      if (error.reason === 'feeTooLow') throw new LedgerError('conflict', 'FEE_TOO_LOW')
      if (error.reason === 'fundsLow') {
        throw new LedgerError('unavailable', 'CHAIN_FUNDS_LOW', { account: this.operator })
      }
      throw error
    }
  }

  async transactionState(sent: { transaction: Hex; nonce: number }): Promise<TransactionState> {
    const mined = await this.#findMined(sent.transaction)
    if (mined) return mined
    if (await this.#findTransaction(sent.transaction)) return { state: 'pending' }
    const nonces = await this.nonces()
    if (nonces.mined <= sent.nonce) return { state: 'dropped' }
    // It may have been mined between the two looks.
    return (await this.#findMined(sent.transaction)) ?? { state: 'replaced' }
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

  async #usualTip(): Promise<bigint> {
    try {
      return await this.#rpc.call('eth_maxPriorityFeePerGas', [], answers.Amount)
    } catch (error) {
      if (error instanceof RpcRefusal) return USUAL_TIP
      throw error
    }
  }

  /** Answers 0x where there is no contract. */
  #ask(to: Hex, data: Hex): Promise<Hex> {
    return this.#rpc.call('eth_call', [{ to, data }, 'latest'], answers.Data)
  }

  async #sign(to: Hex, data: Hex, { nonce, fees }: Offer): Promise<SignedTransaction> {
    const chainId = this.#chainId ?? (await this.chainId())
    const request = { from: this.operator, to, data }
    // Nodes differ in what they assume: with "pending", a transaction that is to replace one that
    // waits would be measured as if that one had been mined.
    const gas = await this.#rpc.call('eth_estimateGas', [request, 'latest'], answers.Count)
    const raw = (await this.#wallet.signTransaction({
      type: 'gasPrice' in fees ? 0 : 2,
      chainId,
      nonce,
      to,
      data,
      // A quarter more than now: the state may differ when it is mined.
      gasLimit: Math.ceil(gas * 1.25),
      ...fees,
    })) as Hex
    return { transaction: keccak256(raw) as Hex, raw, nonce, fees }
  }

  #findTransaction(transaction: Hex) {
    return this.#rpc.call('eth_getTransactionByHash', [transaction], answers.Transaction)
  }

  async #findMined(transaction: Hex): Promise<TransactionState | undefined> {
    const receipt = await this.#rpc.call(
      'eth_getTransactionReceipt',
      [transaction],
      answers.Receipt,
    )
    if (receipt === null) return undefined
    const block = { number: receipt.blockNumber, hash: receipt.blockHash }
    if (receipt.status !== 0) return { state: 'mined', block }
    return { state: 'reverted', block, error: await this.#whyReverted(transaction, block.number) }
  }

  /** Runs it again on the state before its block, which may be gone: then nobody knows. */
  async #whyReverted(transaction: Hex, block: number): Promise<string> {
    const found = await this.#findTransaction(transaction)
    if (found === null) return 'unknown'
    const request = { from: found.from, to: found.to, data: found.input }
    try {
      await this.#rpc.call('eth_call', [request, quantity(Math.max(0, block - 1))], answers.Data)
      return 'unknown'
    } catch (error) {
      if (error instanceof RpcRefusal) return registry.errorName(error.revertData)
      throw error
    }
  }
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`
}

function parseKey(key: string): Wallet {
  try {
    return new Wallet(key)
  } catch {
    // No cause: it would hold the key.
    throw new LedgerError('invalid', 'CHAIN_KEY_MALFORMED')
  }
}

function parseUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new LedgerError('invalid', 'CHAIN_URL_MALFORMED')
  }
  return url
}
