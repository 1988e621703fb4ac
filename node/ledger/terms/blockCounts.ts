import { blockOf } from '../../core/terms/term.ts'

/** A number for each block of entries: a million entries take 16 KiB. */
export class BlockCounts {
  #counts = new Int32Array(256)

  add(index: number, by: 1 | -1): void {
    const block = blockOf(index)
    if (block >= this.#counts.length) this.#grow(block + 1)
    this.#counts[block] = (this.#counts[block] ?? 0) + by
  }

  /** Of the block of an entry. */
  at(index: number): number {
    return this.#counts[blockOf(index)] ?? 0
  }

  get areZero(): boolean {
    return this.#counts.every((count) => count === 0)
  }

  #grow(least: number): void {
    const counts = new Int32Array(Math.max(least, 2 * this.#counts.length))
    counts.set(this.#counts)
    this.#counts = counts
  }
}
