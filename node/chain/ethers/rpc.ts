import { getBytes, Transaction } from 'ethers'
import type { z } from 'zod'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import type { Hex } from '../chain.ts'
import { CLOCK } from './answers.ts'
import { HttpProvider, RpcRefusal } from './httpProvider.ts'
import type { Connection } from './httpProvider.ts'

/** Every answer is checked against a schema: the node on the other side is not ours. */
export class Rpc {
  readonly #provider: HttpProvider
  readonly #signal: AbortSignal

  constructor(connection: Connection) {
    this.#provider = new HttpProvider(connection)
    this.#signal = connection.signal
    connection.signal.addEventListener('abort', () => this.#provider.destroy(), { once: true })
  }

  async call<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    if (this.#signal.aborted) throw new LedgerError('unavailable', 'CHAIN_CLOSED')
    const parsed = schema.safeParse(await this.#send(method, params))
    if (parsed.success) return parsed.data
    if (parsed.error.issues.some(({ message }) => message === CLOCK))
      throw new LedgerError('unavailable', 'CHAIN_CLOCK_NOT_SECONDS', { method })
    throw nonsense(method)
  }

  /** Every transaction of a block as signed (EIP-2718); undefined when ethers does not know one of their types. */
  async rawTransactions(block: Hex): Promise<Uint8Array[] | undefined> {
    try {
      const found = await this.#provider.getBlock(block, true)
      return found?.prefetchedTransactions.map((response) =>
        getBytes(Transaction.from(response).serialized),
      )
    } catch (error) {
      if (this.#signal.aborted) throw new LedgerError('unavailable', 'CHAIN_CLOSED')
      if (isLedgerError(error, 'CHAIN_TIMEOUT') || isLedgerError(error, 'CHAIN_UNREACHABLE')) {
        throw error
      }
      return undefined
    }
  }

  async #send(method: string, params: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#provider.send(method, [...params])
    } catch (error) {
      if (this.#signal.aborted) throw new LedgerError('unavailable', 'CHAIN_CLOSED')
      if (error instanceof RpcRefusal) throw error
      if (!(error instanceof LedgerError)) throw nonsense(method)
      throw new LedgerError(error.kind, error.code, { method, ...error.details })
    }
  }
}

function nonsense(method: string): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_NONSENSE', { method })
}
