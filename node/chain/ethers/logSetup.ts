import { LedgerError } from '../../core/errors.ts'
import type { Chain, Hex, LogOnChain, Offer, SignedTransaction } from '../chain.ts'
import { isDeployed, planCheckpointRegistry } from '../deployment.ts'
import { bumpFees } from '../fees.ts'
import * as answers from './answers.ts'
import * as registry from './registry.ts'
import type { Rpc } from './rpc.ts'

/** Looks that a transaction may stay pending before its fees are raised. */
const PATIENCE = 15

/**
 * Brings the registry and the log into being, one look at a time. What was done is read off the
 * chain each time, so that it may stop at any point and start again.
 */
export class LogSetup {
  readonly #rpc: Rpc
  readonly #chain: Chain
  readonly #sign: (to: Hex, data: Hex, offer: Offer) => Promise<SignedTransaction>
  #sent: (SignedTransaction & { looks: number }) | undefined

  constructor(
    rpc: Rpc,
    chain: Chain,
    sign: (to: Hex, data: Hex, offer: Offer) => Promise<SignedTransaction>,
  ) {
    this.#rpc = rpc
    this.#chain = chain
    this.#sign = sign
  }

  async open(origin: string, known?: Hex): Promise<Omit<LogOnChain, 'chainId'> | undefined> {
    const plan = planCheckpointRegistry()
    if (!(await isDeployed({ getCode: () => this.#code(plan.address) }, plan))) {
      if ((await this.#code(plan.transaction.to)) === '0x') {
        throw new LedgerError('unavailable', 'CHAIN_FACTORY_MISSING', {
          factory: plan.transaction.to,
        })
      }
      await this.#ensureSent(plan.transaction.to, plan.transaction.data)
      return undefined
    }
    const logId = await this.#findLog(plan.address, origin, known)
    if (logId === undefined) {
      await this.#ensureSent(plan.address, registry.encodeCreateLog(origin))
      return undefined
    }
    this.#sent = undefined
    return { registry: plan.address, logId }
  }

  /** Undefined when there is no such log, or no contract. */
  async operatorOf({ registry: to, logId }: Omit<LogOnChain, 'chainId'>): Promise<Hex | undefined> {
    const data = registry.encodeQuestion('operatorOf', logId)
    const answer = await this.#rpc.call('eth_call', [{ to, data }, 'latest'], answers.Data)
    return answer === '0x' ? undefined : registry.decodeOperator(answer)
  }

  async #findLog(address: Hex, origin: string, known?: Hex): Promise<Hex | undefined> {
    for (const logId of [known, registry.logIdOf(this.#chain.operator, origin)]) {
      const operator = logId && (await this.operatorOf({ registry: address, logId }))
      if (operator === undefined) continue
      if (operator === this.#chain.operator) return logId
      const details = { logId, operator, account: this.#chain.operator }
      throw new LedgerError('forbidden', 'ANCHOR_NOT_OPERATOR', details)
    }
    return undefined
  }

  /**
   * Always at the first free nonce: what an earlier run may have left there is replaced, not
   * queued behind, and its fees are found by bidding up.
   */
  async #ensureSent(to: Hex, data: Hex): Promise<void> {
    const nonce = (await this.#chain.nonces()).mined
    const sent = this.#sent?.nonce === nonce ? this.#sent : undefined
    if (sent && ++sent.looks < PATIENCE) return
    const market = await this.#chain.marketFees()
    const fees = sent ? bumpFees(sent.fees, market) : market
    const signed = await this.#sign(to, data, { nonce, fees })
    try {
      await this.#chain.send(signed)
      this.#sent = { ...signed, looks: 0 }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      // The next look bids more for the nonce, or finds it used.
      if (error.code === 'FEE_TOO_LOW') this.#sent = { ...signed, looks: PATIENCE }
      else if (error.code !== 'NONCE_USED') throw error
    }
  }

  #code(address: string): Promise<string> {
    return this.#rpc.call('eth_getCode', [address, 'latest'], answers.Data)
  }
}
