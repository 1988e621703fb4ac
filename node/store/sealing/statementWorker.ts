import { parentPort, workerData } from 'node:worker_threads'
import { KeyWrapper, WRAPPED_LENGTH } from './keyWrapper.ts'
import type { WrappingKey } from './keyWrapper.ts'
import { seal, sealedLength } from './seal.ts'

/** Statements side by side; each has its length and its data key. */
export interface StatementBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
  /** 32 bytes each, side by side. */
  readonly dataKeys: Uint8Array<ArrayBuffer>
}

export interface SealedStatementBatch {
  /** Side by side, as long as `sealedLength` says. */
  readonly sealed: Uint8Array<ArrayBuffer>
  /** WRAPPED_LENGTH bytes each, side by side. */
  readonly wrapped: Uint8Array<ArrayBuffer>
}

const wrapper = KeyWrapper.of(workerData as WrappingKey)

parentPort?.on('message', ({ bytes, lengths, dataKeys }: StatementBatch) => {
  const sealed = new Uint8Array(lengths.reduce((sum, length) => sum + sealedLength(length), 0))
  const wrapped = new Uint8Array(lengths.length * WRAPPED_LENGTH)
  let from = 0
  let to = 0
  for (const [i, length] of lengths.entries()) {
    const dataKey = dataKeys.subarray(32 * i, 32 * (i + 1))
    sealed.set(seal(dataKey, 'statement', bytes.subarray(from, from + length)), to)
    wrapped.set(wrapper.wrap(dataKey), i * WRAPPED_LENGTH)
    from += length
    to += sealedLength(length)
  }
  const answer: SealedStatementBatch = { sealed, wrapped }
  parentPort?.postMessage(answer, [sealed.buffer, wrapped.buffer])
})
