/** A set of indexes, one bit each: a million entries take 128 KiB. */
export class Bitmap {
  #bits = new Uint8Array(1024)
  #count = 0

  get size(): number {
    return this.#count
  }

  has(index: number): boolean {
    return ((this.#bits[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0
  }

  /** Answers whether it is new. */
  add(index: number): boolean {
    if (this.has(index)) return false
    const byte = Math.floor(index / 8)
    if (byte >= this.#bits.length) this.#grow(byte + 1)
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (index % 8))
    this.#count++
    return true
  }

  clear(): void {
    this.#bits.fill(0)
    this.#count = 0
  }

  /** Ascending. */
  *values(): Generator<number> {
    for (const [byte, bits] of this.#bits.entries()) {
      if (bits === 0) continue
      for (let bit = 0; bit < 8; bit++) if ((bits & (1 << bit)) !== 0) yield byte * 8 + bit
    }
  }

  #grow(least: number): void {
    const bits = new Uint8Array(Math.max(least, 2 * this.#bits.length))
    bits.set(this.#bits)
    this.#bits = bits
  }
}
