import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { DigestAlgorithm } from '../../core/digest.ts'
import { CHUNK_LENGTH, Sealer, sealedLength, TAG_LENGTH } from '../sealing/seal.ts'

/**
 * Hashes and seals contents piece by piece, away from the event loop that serves requests.
 * Every order is answered; a piece of a job that is not under way, and any other order, with undefined.
 */
export type Order =
  | {
      readonly is: 'begin'
      readonly job: number
      readonly dataKey: Uint8Array
      readonly digests: readonly DigestAlgorithm[]
    }
  | {
      readonly is: 'piece'
      readonly job: number
      /** A whole number of chunks, unless it is the last piece. */
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly last: boolean
      /** Room for the sealed piece. */
      readonly into: ArrayBuffer
    }
  | { readonly is: 'end'; readonly job: number }

export interface SealedPiece {
  readonly sealed: Uint8Array<ArrayBuffer>
  /** The buffer that the piece came in. */
  readonly spent: ArrayBuffer
  /** With the last piece: in the order that was asked for. */
  readonly digests: readonly Uint8Array[] | undefined
}

interface Job {
  readonly sealer: Sealer
  readonly hashes: readonly Hash[]
}

const jobs = new Map<number, Job>()

parentPort?.on('message', (order: Order) => {
  const piece = follow(order)
  parentPort?.postMessage(piece, piece ? [piece.sealed.buffer, piece.spent] : [])
})

function follow(order: Order): SealedPiece | undefined {
  if (order.is === 'piece') return sealPiece(order)
  if (order.is === 'begin') jobs.set(order.job, begin(order))
  else jobs.delete(order.job)
  return undefined
}

function begin({ dataKey, digests }: Extract<Order, { is: 'begin' }>): Job {
  return {
    sealer: new Sealer(dataKey, 'content'),
    hashes: digests.map((algorithm) => createHash(algorithm.replace('sha-256', 'sha256'))),
  }
}

function sealPiece({
  job: id,
  bytes,
  last,
  into,
}: Extract<Order, { is: 'piece' }>): SealedPiece | undefined {
  const job = jobs.get(id)
  if (job === undefined) return undefined
  for (const hash of job.hashes) hash.update(bytes)
  const sealed = new Uint8Array(into, 0, sealedLength(bytes.length))
  sealChunks(job.sealer, bytes, last, sealed)
  const digests = last ? job.hashes.map((hash) => new Uint8Array(hash.digest())) : undefined
  return { sealed, spent: bytes.buffer, digests }
}

function sealChunks(sealer: Sealer, bytes: Uint8Array, last: boolean, sealed: Uint8Array): void {
  let offset = 0
  for (let start = 0; start === 0 || start < bytes.length; start += CHUNK_LENGTH) {
    const chunk = bytes.subarray(start, start + CHUNK_LENGTH)
    const [ciphertext, tag] = sealer.seal(chunk, last && start + CHUNK_LENGTH >= bytes.length)
    sealed.set(ciphertext, offset)
    sealed.set(tag, offset + ciphertext.length)
    offset += ciphertext.length + TAG_LENGTH
  }
}
