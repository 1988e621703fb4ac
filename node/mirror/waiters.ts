import type { BlockId, Hex } from '../chain/chain.ts'
import { LedgerError } from '../core/errors.ts'

interface Waiter {
  readonly block: BlockId
  /** Looks begun when it came: only a later one can tell that its block was replaced. */
  readonly since: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** Those who wait for a block. */
export class Waiters {
  readonly #waiters = new Set<Waiter>()

  async add(block: BlockId, since: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { block, since, resolve, reject }
    const abort = () => reject(signal.reason)
    this.#waiters.add(waiter)
    signal.addEventListener('abort', abort)
    try {
      await promise
    } finally {
      this.#waiters.delete(waiter)
      signal.removeEventListener('abort', abort)
    }
  }

  /**
   * Answers those whose height is reached.
   *
   * @param look number of the look that found the mirror at the head; undefined while it is not
   */
  async settle(
    height: number,
    look: number | undefined,
    hashAt: (number: number) => Promise<Hex | undefined>,
  ): Promise<void> {
    for (const waiter of this.#waiters) {
      const { block, since } = waiter
      if (block.number > height) continue
      const isHeld = (await hashAt(block.number)) === block.hash
      if (isHeld) waiter.resolve()
      else if (look !== undefined && look > since)
        waiter.reject(new LedgerError('conflict', 'BLOCK_REPLACED', { ...block }))
    }
  }

  reject(reason: LedgerError): void {
    for (const waiter of this.#waiters) waiter.reject(reason)
  }
}
