import { LedgerError } from '../../core/errors.ts'
import type { KeyRange, KeyValueStore, StoreDamage, Write } from '../keyValueStore.ts'

/** Keeps everything in memory: for tests and for ledgers that need not outlive the process. */
export class MemoryKeyValueStore implements KeyValueStore {
  #values = new Map<string, Uint8Array>()
  /** Keys in order; undefined after a commit that added or removed one. */
  #order: readonly string[] | undefined
  #closed = false

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.getNow(key)
  }

  getNow(key: string): Uint8Array | undefined {
    this.#assertOpen()
    return this.#values.get(key)?.slice()
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.#assertOpen()
    return keys.map((key) => this.#values.get(key)?.slice())
  }

  async *scan(range: KeyRange): AsyncGenerator<readonly [string, Uint8Array]> {
    for (const [key, value] of this.#snapshot(range)) {
      this.#assertOpen()
      yield [key, value.slice()]
    }
  }

  async readRange(range: KeyRange): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#snapshot(range).map(([key, value]) => [key, value.slice()])
  }

  /** Values are replaced, never changed, so that a list of them is a snapshot. */
  #snapshot(range: KeyRange): (readonly [string, Uint8Array])[] {
    this.#assertOpen()
    this.#order ??= [...this.#values.keys()].toSorted()
    const keys = this.#order.filter((key) => isWithin(range, key))
    if (range.reverse === true) keys.reverse()
    return keys.slice(0, range.limit).map((key) => [key, this.#values.get(key) as Uint8Array])
  }

  async commit(writes: readonly Write[]): Promise<void> {
    this.#assertOpen()
    for (const write of writes) {
      if (write.type === 'put') {
        if (!this.#values.has(write.key)) this.#order = undefined
        this.#values.set(write.key, write.value.slice())
      } else if (this.#values.delete(write.key)) {
        this.#order = undefined
      }
    }
  }

  async compact(): Promise<void> {
    this.#assertOpen()
  }

  async *findDamage(): AsyncGenerator<StoreDamage> {}

  async close(): Promise<void> {
    this.#closed = true
  }

  #assertOpen(): void {
    if (this.#closed) throw new LedgerError('unavailable', 'STORE_CLOSED')
  }
}

function isWithin(range: KeyRange, key: string): boolean {
  return (
    (range.gte === undefined || key >= range.gte) &&
    (range.gt === undefined || key > range.gt) &&
    (range.lte === undefined || key <= range.lte) &&
    (range.lt === undefined || key < range.lt)
  )
}
