import { z } from 'zod'
import type { SignedAct } from '../../core/acts/acts.ts'
import { LedgerError } from '../../core/errors.ts'
import type { Registries } from '../../core/parties/registries.ts'
import type { Fees, Hex, Offer, SignedTransaction, TransactionState } from '../chain.ts'
import type { Relayer } from '../registries.ts'
import type { Account } from './account.ts'
import { encodeAct, gasCapOf } from './registryCalls.ts'
import { refusalIn } from './registryChain.ts'
import type { Rpc } from './rpc.ts'

export interface RelayerOptions {
  /** See `Relayer.prepare`. */
  readonly prepare: () => Promise<boolean>
  /** The chain makes a block only when asked (evm_mine) or for a transaction. */
  readonly minesOnDemand: boolean
}

/**
 * History is written over within one second and goes to a new slot, for 22,100 gas, in the next: an act that is
 * measured in the same second as the change before it, and mined later, costs that much more.
 */
const SPARE_GAS = 50_000

/** The account that pays for acts, on any chain with the EVM and Ethereum's JSON-RPC. */
export class EthersRelayer implements Relayer {
  readonly account: Hex
  readonly prepare: () => Promise<boolean>
  readonly mine?: () => Promise<void>
  readonly #account: Account
  readonly #registries: Registries

  constructor(account: Account, rpc: Rpc, registries: Registries, options: RelayerOptions) {
    this.account = account.address
    this.prepare = options.prepare
    this.#account = account
    this.#registries = registries
    if (options.minesOnDemand) {
      this.mine = async () => {
        await rpc.call('evm_mine', [], z.unknown())
      }
    }
  }

  finalized(): Promise<number | undefined> {
    return this.#account.finalized()
  }

  nonces(): Promise<{ mined: number; pending: number }> {
    return this.#account.nonces()
  }

  marketFees(): Promise<Fees> {
    return this.#account.marketFees()
  }

  async gasLimit(act: SignedAct): Promise<number> {
    const { to, data } = encodeAct(act, this.#registries)
    const gas = await this.#account.gasLimit(to, data).catch((error: unknown) => {
      throw refusalIn(error)
    })
    const limit = gasCapOf(act)
    if (gas > limit) throw new LedgerError('forbidden', 'ACT_TOO_COSTLY', { gas, limit })
    return gas + SPARE_GAS
  }

  sign(act: SignedAct, gasLimit: number, offer: Offer): Promise<SignedTransaction> {
    const { chainId } = this.#registries
    return this.#account.sign({ chainId, ...encodeAct(act, this.#registries) }, gasLimit, offer)
  }

  send(transaction: SignedTransaction): Promise<void> {
    return this.#account.send(transaction)
  }

  transactionState(sent: { transaction: Hex; nonce: number }): Promise<TransactionState> {
    return this.#account.transactionState(sent)
  }
}
