import type { Stored } from './records.ts'

const HALF = 8_192

/**
 * The records that were asked for lately, and what was found missing. Two halves: when the young one is full, the old
 * one is dropped and the young becomes the old, so what is asked for again stays.
 */
export class RecordCache {
  #young = new Map<string, Stored | undefined>()
  #old = new Map<string, Stored | undefined>()

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  get(key: string): Stored | undefined {
    if (this.#young.has(key)) return this.#young.get(key)
    const record = this.#old.get(key)
    this.set(key, record)
    return record
  }

  set(key: string, record: Stored | undefined): void {
    this.#young.set(key, record)
    if (this.#young.size < HALF) return
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Keeps what is held up to date, and takes nothing new in. */
  update(key: string, record: Stored | undefined): void {
    if (this.#old.has(key)) this.#old.set(key, record)
    if (this.#young.has(key)) this.#young.set(key, record)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
