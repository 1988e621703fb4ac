import { joinBytes, WorkerCalls } from '../workerCalls.ts'
import type { KeyWrapper } from './keyWrapper.ts'
import { WRAPPED_LENGTH } from './keyWrapper.ts'
import { seal, sealedLength } from './seal.ts'
import type { SealedStatementBatch, StatementBatch } from './statementWorker.ts'

export interface UnsealedStatement {
  /** Fresh, and for this statement and its content alone. */
  readonly dataKey: Uint8Array
  readonly plaintext: Uint8Array
}

export interface SealedStatement {
  readonly sealed: Uint8Array
  /** The data key, wrapped. */
  readonly wrapped: Uint8Array
}

/** Fewer statements than this are sealed here: the way to the worker and back would cost more. */
const WORTH_SENDING = 16

/**
 * Seals the statements of a group and wraps their keys; those of a large group in a worker, so
 * that the event loop computes proofs and answers meanwhile.
 */
export class StatementSealer {
  readonly #wrapper: KeyWrapper
  readonly #worker: WorkerCalls<StatementBatch, SealedStatementBatch>

  constructor(wrapper: KeyWrapper) {
    this.#wrapper = wrapper
    const script = new URL('statementWorker.ts', import.meta.url)
    this.#worker = new WorkerCalls(script, wrapper.wrappingKey)
  }

  /** In their order. @throws LedgerError unavailable/SEALING_WORKER_LOST */
  async seal(statements: readonly UnsealedStatement[]): Promise<SealedStatement[]> {
    if (statements.length < WORTH_SENDING) {
      return statements.map(({ dataKey, plaintext }) => ({
        sealed: seal(dataKey, 'statement', plaintext),
        wrapped: this.#wrapper.wrap(dataKey),
      }))
    }
    const bytes = joinBytes(statements.map(({ plaintext }) => plaintext))
    const dataKeys = joinBytes(statements.map(({ dataKey }) => dataKey))
    const lengths = statements.map(({ plaintext }) => plaintext.length)
    const { sealed, wrapped } = await this.#worker.call({ bytes, dataKeys, lengths }, [
      bytes.buffer,
      dataKeys.buffer,
    ])
    let offset = 0
    return lengths.map((length, i) => {
      const start = offset
      offset += sealedLength(length)
      return {
        sealed: sealed.subarray(start, offset),
        wrapped: wrapped.subarray(i * WRAPPED_LENGTH, (i + 1) * WRAPPED_LENGTH),
      }
    })
  }

  close(): Promise<void> {
    return this.#worker.close()
  }
}
