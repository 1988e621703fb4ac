import type { KeyValueStore, Write } from '../../store/keyValueStore.ts'

/** How many records of a family were made, and how many were removed. */
export interface Repaired {
  readonly made: number
  readonly removed: number
}

/** Writes in one durable batch. */
const AT_ONCE = 256

/** Repairs of one family, some at a time: each is right by itself, so that a crash between any two does no harm. */
export class Repairs implements Repaired {
  made = 0
  removed = 0
  readonly #store: KeyValueStore
  #waiting: Write[] = []

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  async make(key: string, value: Uint8Array): Promise<void> {
    this.made++
    await this.#add({ type: 'put', key, value })
  }

  async remove(key: string): Promise<void> {
    this.removed++
    await this.#add({ type: 'del', key })
  }

  async flush(): Promise<void> {
    const writes = this.#waiting
    this.#waiting = []
    await this.#store.commit(writes)
  }

  async #add(write: Write): Promise<void> {
    this.#waiting.push(write)
    if (this.#waiting.length >= AT_ONCE) await this.flush()
  }
}
