/** Slots of a table that holds nothing yet; a power of two. */
const FIRST_SLOTS = 1024

/** Share of slots that may be taken. */
const FULL = 0.7

/**
 * When cases were opened and when their last material came, by case code. Open addressing over typed arrays, 24 bytes a
 * slot: a million cases take some 50 MB, where a Map of objects takes several times that.
 */
export class CaseTable {
  #codes = new Float64Array(FIRST_SLOTS)
  #opened = new Float64Array(FIRST_SLOTS)
  #last = new Float64Array(FIRST_SLOTS)
  #owners = new Uint32Array(FIRST_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /**
   * @param code 15 digits
   * @param at milliseconds since 1970
   * @param owner number of the department
   */
  open(code: string, at: number, owner: number): void {
    const slot = this.#slotOf(code)
    this.#opened[slot] = at
    this.#owners[slot] = owner
  }

  /** Number of the department of a case; undefined where it was not opened yet. */
  ownerOf(code: string): number | undefined {
    const slot = find(this.#codes, keyOf(code))
    return (this.#opened[slot] as number) > 0 ? this.#owners[slot] : undefined
  }

  /** A material came for a case, whether or not that was opened yet. */
  touch(code: string, at: number): void {
    const slot = this.#slotOf(code)
    this.#last[slot] = Math.max(this.#last[slot] as number, at)
  }

  /** @param owners numbers of this table's departments by those of the other */
  merge(other: CaseTable, owners: readonly number[]): void {
    for (const { code, opened, last, owner } of other.#all()) {
      if (opened > 0) this.open(code, opened, owners[owner] as number)
      if (last > 0) this.touch(code, last)
    }
  }

  /** Cases that were opened and got a material, with the milliseconds from the one to the other. */
  *spans(): Generator<{ readonly owner: number; readonly span: number }, void> {
    for (const { opened, last, owner } of this.#all())
      // What was there before the case was opened took no time.
      if (opened > 0 && last > 0) yield { owner, span: Math.max(0, last - opened) }
  }

  *#all() {
    for (const [slot, key] of this.#codes.entries()) {
      if (key === 0) continue
      yield {
        code: String(key - 1).padStart(15, '0'),
        opened: this.#opened[slot] as number,
        last: this.#last[slot] as number,
        owner: this.#owners[slot] as number,
      }
    }
  }

  #slotOf(code: string): number {
    if (this.#size >= this.#codes.length * FULL) this.#grow()
    const key = keyOf(code)
    const slot = find(this.#codes, key)
    if (this.#codes[slot] === 0) {
      this.#codes[slot] = key
      this.#size++
    }
    return slot
  }

  #grow(): void {
    const [codes, opened, last, owners] = [this.#codes, this.#opened, this.#last, this.#owners]
    const slots = codes.length * 2
    this.#codes = new Float64Array(slots)
    this.#opened = new Float64Array(slots)
    this.#last = new Float64Array(slots)
    this.#owners = new Uint32Array(slots)
    for (const [from, key] of codes.entries()) {
      if (key === 0) continue
      const to = find(this.#codes, key)
      this.#codes[to] = key
      this.#opened[to] = opened[from] as number
      this.#last[to] = last[from] as number
      this.#owners[to] = owners[from] as number
    }
  }
}

/** 15 digits are a safe integer; zero means that a slot is free. */
function keyOf(code: string): number {
  return Number(code) + 1
}

/** The slot of a key, or the free one that it would take. */
function find(codes: Float64Array, key: number): number {
  const mask = codes.length - 1
  // Codes run in sequence: Knuth's multiplier spreads them, of both halves of the number.
  let slot =
    (Math.imul(key % 0x1_0000_0000, 0x9e3779b1) ^ Math.imul(key / 0x1_0000_0000, 0x85ebca6b)) & mask
  while (codes[slot] !== 0 && codes[slot] !== key) slot = (slot + 1) & mask
  return slot
}
