import { hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { seal, sealedLength } from '../sealing/seal.ts'

/** Contents side by side; each has its length, its data key and its digests. */
export interface ContentBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
  /** 32 bytes each, side by side. */
  readonly dataKeys: Uint8Array<ArrayBuffer>
  readonly digests: readonly (readonly DigestAlgorithm[])[]
}

export interface SealedContentBatch {
  /** Side by side, as long as `sealedLength` says. */
  readonly sealed: Uint8Array<ArrayBuffer>
  /** Hex, in the order that was asked for. */
  readonly digests: readonly (readonly string[])[]
}

parentPort?.on('message', (batch: ContentBatch) => {
  const answer = sealBatch(batch)
  parentPort?.postMessage(answer, [answer.sealed.buffer])
})

function sealBatch({ bytes, lengths, dataKeys, digests }: ContentBatch): SealedContentBatch {
  const sealed = new Uint8Array(lengths.reduce((sum, length) => sum + sealedLength(length), 0))
  let from = 0
  let to = 0
  const computed = lengths.map((length, i) => {
    const content = bytes.subarray(from, from + length)
    sealed.set(seal(dataKeys.subarray(32 * i, 32 * (i + 1)), 'content', content), to)
    from += length
    to += sealedLength(length)
    return (digests[i] ?? []).map((name) => hash(name.replace('sha-256', 'sha256'), content))
  })
  return { sealed, digests: computed }
}
