import { HASH_LENGTH } from '../hash/hash.ts'
import type { Hash } from '../hash/hash.ts'

const SMALLEST = 64
/** 2 MiB: a buffer that one exceptional group made longer is given back. */
const LARGEST_KEPT = 65_536

/** The nodes of one level of the tree from `start` up to `end`, side by side in one buffer. */
export class Row {
  start: number
  end: number
  bytes = new Uint8Array(SMALLEST * HASH_LENGTH)

  constructor(start = 0) {
    this.start = start
    this.end = start
  }

  /** Where node `index` begins in `bytes`. */
  offsetOf(index: number): number {
    return (index - this.start) * HASH_LENGTH
  }

  /** A view. */
  at(index: number): Hash {
    const offset = this.offsetOf(index)
    return this.bytes.subarray(offset, offset + HASH_LENGTH)
  }

  /** A copy. */
  slice(from: number, to: number): Uint8Array {
    return this.bytes.slice(this.offsetOf(from), this.offsetOf(to))
  }

  push(hash: Hash): void {
    const offset = this.extend()
    this.bytes.set(hash, offset)
  }

  /** Makes room for one more node: answers where it begins in `bytes`. */
  extend(): number {
    const offset = this.offsetOf(this.end)
    if (offset === this.bytes.length) this.#resize(2 * this.bytes.length)
    this.end++
    return offset
  }

  /** Forgets the nodes from `end` on. */
  truncate(end: number): void {
    this.end = end
  }

  /** Forgets the nodes before `start`: fewer than a tile of them stay. */
  prune(start: number): void {
    this.bytes.copyWithin(0, this.offsetOf(start), this.offsetOf(this.end))
    this.start = start
    if (this.bytes.length > LARGEST_KEPT * HASH_LENGTH) this.#resize(LARGEST_KEPT * HASH_LENGTH)
  }

  #resize(length: number): void {
    const bytes = new Uint8Array(length)
    bytes.set(this.bytes.subarray(0, length))
    this.bytes = bytes
  }
}
