import { keccak256, Wallet } from 'ethers'
import { LedgerError } from '../../core/errors.ts'
import type { Fees, Hex, Offer, SignedTransaction, TransactionState } from '../chain.ts'
import * as answers from './answers.ts'
import { RpcRefusal } from './httpProvider.ts'
import type { Rpc } from './rpc.ts'

/** Wei; where the node does not say what tip is usual. */
const USUAL_TIP = 1_000_000_000n

/** An account whose key is here, on one chain: signs its transactions, sends them and sees what became of them. */
export class Account {
  readonly address: Hex
  readonly #wallet: Wallet
  readonly #rpc: Rpc
  readonly #errorName: (revertData: Hex | undefined) => string

  /**
   * @param errorName how the contracts that this account calls name what they revert with
   * @throws LedgerError invalid/CHAIN_KEY_MALFORMED, which does not hold the key
   */
  constructor(key: string, rpc: Rpc, errorName: (revertData: Hex | undefined) => string) {
    this.#wallet = parseKey(key)
    this.address = this.#wallet.address.toLowerCase() as Hex
    this.#rpc = rpc
    this.#errorName = errorName
  }

  /** See `Chain.finalized`. */
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

  /** See `Chain.nonces`. */
  async nonces(): Promise<{ mined: number; pending: number }> {
    const count = (tag: string) =>
      this.#rpc.call('eth_getTransactionCount', [this.address, tag], answers.Count)
    const [mined, pending] = await Promise.all([count('latest'), count('pending')])
    return { mined, pending: Math.max(mined, pending) }
  }

  /** See `Chain.marketFees`. */
  async marketFees(): Promise<Fees> {
    const { baseFeePerGas } = await this.#rpc.call(
      'eth_getBlockByNumber',
      ['latest', false],
      answers.LatestBlock,
    )
    if (baseFeePerGas === null || baseFeePerGas === undefined) {
      return { gasPrice: await this.#rpc.call('eth_gasPrice', [], answers.Amount) }
    }
    const tip = await this.#usualTip()
    // Twice the base fee stays valid through six full blocks (EIP-1559: an eighth more each).
    return { maxFeePerGas: baseFeePerGas * 2n + tip, maxPriorityFeePerGas: tip }
  }

  /** A limit that suffices: a quarter more than now, since the state may differ when it is mined. */
  async gasLimit(to: Hex, data: Hex): Promise<number> {
    const request = { from: this.address, to, data }
    // Nodes differ in what they assume: with "pending", a transaction that is to replace one that
    // waits would be measured as if that one had been mined.
    const gas = await this.#rpc.call('eth_estimateGas', [request, 'latest'], answers.Count)
    return Math.ceil(gas * 1.25)
  }

  /** @param gasLimit see `gasLimit` */
  async sign(
    call: { readonly chainId: number; readonly to: Hex; readonly data: Hex },
    gasLimit: number,
    { nonce, fees }: Offer,
  ): Promise<SignedTransaction> {
    const type = 'gasPrice' in fees ? 0 : 2
    const raw = (await this.#wallet.signTransaction({
      type,
      ...call,
      nonce,
      gasLimit,
      ...fees,
    })) as Hex
    return { transaction: keccak256(raw) as Hex, raw, nonce, fees }
  }

  /** See `Chain.send`. */
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
        throw new LedgerError('unavailable', 'CHAIN_FUNDS_LOW', { account: this.address })
      }
      throw error
    }
  }

  /** See `Chain.transactionState`. */
  async transactionState(sent: { transaction: Hex; nonce: number }): Promise<TransactionState> {
    const mined = await this.#findMined(sent.transaction)
    if (mined) return mined
    if (await this.#findTransaction(sent.transaction)) return { state: 'pending' }
    const nonces = await this.nonces()
    if (nonces.mined <= sent.nonce) return { state: 'dropped' }
    // It may have been mined between the two looks.
    return (await this.#findMined(sent.transaction)) ?? { state: 'replaced' }
  }

  async #usualTip(): Promise<bigint> {
    try {
      return await this.#rpc.call('eth_maxPriorityFeePerGas', [], answers.Amount)
    } catch (error) {
      if (error instanceof RpcRefusal) return USUAL_TIP
      throw error
    }
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
      const before = answers.quantity(Math.max(0, block - 1))
      await this.#rpc.call('eth_call', [request, before], answers.Data)
      return 'unknown'
    } catch (error) {
      if (error instanceof RpcRefusal) return this.#errorName(error.revertData)
      throw error
    }
  }
}

function parseKey(key: string): Wallet {
  try {
    return new Wallet(key)
  } catch {
    // No cause: it would hold the key.
    throw new LedgerError('invalid', 'CHAIN_KEY_MALFORMED')
  }
}
