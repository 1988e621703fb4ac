import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { AnchorStore } from './anchoring/ports.ts'
import { decodeAnchorRecord, encodeAnchorRecord } from './anchoring/records.ts'
import type { AnchorRecord } from './anchoring/records.ts'

/** Anchor records in the key-value store, sealed so that no bit of them can change unnoticed. */
export class SealedAnchorStore implements AnchorStore {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  readonly #targets: readonly string[]

  /** @param targets the configured names of the chains, in order */
  constructor(store: KeyValueStore, ring: KeyRing, targets: readonly string[]) {
    this.#store = store
    this.#ring = ring
    this.#targets = targets
  }

  put(records: readonly AnchorRecord[]): Promise<void> {
    return this.#store.commit(
      records.map((record) => {
        const key = layout.anchorKey(record.target, record.size)
        const value = this.#ring.sealRecord(key, encodeAnchorRecord(record))
        return { type: 'put', key, value }
      }),
    )
  }

  async get(target: string, size: number): Promise<AnchorRecord | undefined> {
    const key = layout.anchorKey(target, size)
    const sealed = await this.#store.get(key)
    return sealed && this.#open(key, sealed)
  }

  async *scan(
    target: string,
    { from, to, reverse = false }: Parameters<AnchorStore['scan']>[1] = {},
  ): AsyncIterable<AnchorRecord> {
    const range = {
      ...layout.anchorRange(target),
      ...(from !== undefined && { gte: layout.anchorKey(target, from) }),
      ...(to !== undefined && { lt: layout.anchorKey(target, to + 1) }),
      reverse,
    }
    for await (const [key, sealed] of this.#store.scan(range)) yield this.#open(key, sealed)
  }

  /** Of all chains by size, newest first: `limit` sizes, all smaller than `before`. */
  async newest({ before, limit }: { before?: number; limit: number }): Promise<AnchorRecord[]> {
    const pages = this.#targets.map(async (target) => {
      const records: AnchorRecord[] = []
      const to = before === undefined ? {} : { to: before - 1 }
      for await (const record of this.scan(target, { ...to, reverse: true })) {
        records.push(record)
        if (records.length === limit) break
      }
      return records
    })
    const records = (await Promise.all(pages)).flat().toSorted((a, b) => b.size - a.size)
    // Cut between sizes, never within one: the next page starts below the last size of this.
    const sizes = [...new Set(records.map(({ size }) => size))]
    const last = sizes[limit - 1] ?? 0
    return records.filter(({ size }) => size >= last)
  }

  /** Of all chains, for one size. */
  async at(size: number): Promise<AnchorRecord[]> {
    const found = await Promise.all(this.#targets.map((target) => this.get(target, size)))
    return found.filter((record) => record !== undefined)
  }

  #open(key: string, sealed: Uint8Array): AnchorRecord {
    return decodeAnchorRecord(this.#ring.openRecord(key, sealed))
  }
}
