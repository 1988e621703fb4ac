import { LedgerError } from '../../core/errors.ts'
import type {
  Anchor,
  AnchoredCheckpoint,
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
import { digest, latestOf, logIdOf } from './memoryNetwork.ts'
import type { Call, MemoryNetwork, MemoryTransaction } from './memoryNetwork.ts'

export interface MemoryChainOptions {
  readonly operator?: Hex
  /** Has `mine`. */
  readonly minesOnDemand?: boolean
  /** Wei; what the market asks. */
  readonly price?: bigint
}

/** One account on a chain in memory. It gives no proofs, like many a chain. */
export class MemoryChain implements Chain {
  readonly operator: Hex
  readonly mine?: () => Promise<void>
  readonly #network: MemoryNetwork
  readonly #price: bigint
  #isClosed = false

  constructor(network: MemoryNetwork, options: MemoryChainOptions = {}) {
    this.#network = network
    this.operator = options.operator ?? `0x${'0a'.repeat(20)}`
    this.#price = options.price ?? 1_000n
    if (options.minesOnDemand) this.mine = async () => network.mine()
  }

  async chainId(): Promise<number> {
    this.#requireOpen()
    return this.#network.chainId
  }

  async openLog(origin: string, known?: Hex): Promise<LogOnChain | undefined> {
    this.#requireOpen()
    const own = logIdOf(this.operator, origin)
    const logId = known && this.#network.head.logs.has(known) ? known : own
    const log = this.#network.head.logs.get(logId)
    const registry: Hex = `0x${'ce'.repeat(20)}`
    if (log === undefined) {
      const { mined } = await this.nonces()
      const fees = await this.marketFees()
      const call = { type: 'createLog', origin } as const
      this.#network.accept(this.#transaction(call, { nonce: mined, fees }))
      return undefined
    }
    if (log.operator !== this.operator) {
      throw new LedgerError('forbidden', 'ANCHOR_NOT_OPERATOR', { logId })
    }
    return { chainId: this.#network.chainId, registry, logId }
  }

  async head(): Promise<Head> {
    this.#requireOpen()
    const { number, hash, timestamp } = this.#network.head
    return { number, hash, timestamp }
  }

  async finalized(): Promise<number | undefined> {
    this.#requireOpen()
    return undefined
  }

  async blockHash(number: number): Promise<Hex | undefined> {
    this.#requireOpen()
    return this.#network.block(number)?.hash
  }

  async latest({ logId }: LogOnChain): Promise<AnchoredCheckpoint | undefined> {
    this.#requireOpen()
    const log = this.#network.head.logs.get(logId)
    return log && latestOf(log)
  }

  async rootAt({ logId }: LogOnChain, size: number): Promise<Uint8Array | undefined> {
    this.#requireOpen()
    return this.#network.head.logs.get(logId)?.roots.get(size)
  }

  async nonces(): Promise<{ mined: number; pending: number }> {
    this.#requireOpen()
    return this.#network.nonces(this.operator)
  }

  async marketFees(): Promise<Fees> {
    this.#requireOpen()
    return { gasPrice: this.#price }
  }

  async signAnchor(
    { logId }: LogOnChain,
    anchor: Anchor,
    offer: Offer,
  ): Promise<SignedTransaction> {
    this.#requireOpen()
    const call = { type: 'anchor', logId, anchor } as const
    const error = this.#network.tryCall(this.operator, call)
    if (error) throw new LedgerError('conflict', 'ANCHOR_REVERTED', { error, size: anchor.size })
    const signed = this.#transaction(call, offer)
    this.#network.signed.set(signed.hash, signed)
    return { transaction: signed.hash, raw: signed.hash, ...offer }
  }

  async send({ raw }: SignedTransaction): Promise<void> {
    this.#requireOpen()
    const transaction = this.#network.signed.get(raw)
    if (transaction === undefined) throw new TypeError('raw was never signed')
    this.#network.accept(transaction)
  }

  async transactionState(sent: { transaction: Hex; nonce: number }): Promise<TransactionState> {
    this.#requireOpen()
    const found = this.#network.findMined(sent.transaction)
    if (found) {
      const block = { number: found.block.number, hash: found.block.hash }
      const { error } = found.mined
      return error === undefined ? { state: 'mined', block } : { state: 'reverted', block, error }
    }
    if (this.#network.isPending(sent.transaction)) return { state: 'pending' }
    const { mined } = this.#network.nonces(this.operator)
    return { state: mined > sent.nonce ? 'replaced' : 'dropped' }
  }

  async proveRoot(): Promise<RootProof | undefined> {
    this.#requireOpen()
    return undefined
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #transaction(call: Call, { nonce, fees }: Offer): MemoryTransaction {
    const text = JSON.stringify([this.operator, nonce, fees, call], (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    return { hash: digest(text), from: this.operator, nonce, fees, call }
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new LedgerError('unavailable', 'CHAIN_CLOSED')
  }
}
