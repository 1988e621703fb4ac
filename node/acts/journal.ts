import type { BlockId } from '../chain/chain.ts'
import { LedgerError } from '../core/errors.ts'
import { withoutRaw } from '../ledger/anchoring/records.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { decodeRelayRecord, encodeRelayRecord, queuedRecord, withoutOutcome } from './records.ts'
import type { RelayRecord } from './records.ts'

/** Records that are written at once. */
const BATCH = 256
const NEWEST_FIRST = { ...layout.familyRange('relay'), reverse: true }

/** An act that is not settled, by the index of its statement. */
export interface Tracked {
  readonly index: number
  readonly record: RelayRecord
}

/**
 * The relay records, with those that are not settled at hand.
 *
 * Acts settle in the order of the log, and each settled record names the highest block of all up to it. So one look at
 * the newest tells whether the chain still holds them all; and where it does not, the records behind it tell how far.
 */
export class RelayJournal {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  readonly #unsettled = new Map<number, RelayRecord>()
  #through: BlockId | undefined

  private constructor(store: KeyValueStore, ring: KeyRing) {
    this.#store = store
    this.#ring = ring
  }

  static async open(store: KeyValueStore, ring: KeyRing): Promise<RelayJournal> {
    const journal = new RelayJournal(store, ring)
    await journal.#load()
    return journal
  }

  /** In the order of the log. */
  get unsettled(): Tracked[] {
    return [...this.#unsettled]
      .map(([index, record]) => ({ index, record }))
      .toSorted((a, b) => a.index - b.index)
  }

  /** On their way, in the order of the log. */
  get open(): Tracked[] {
    return this.unsettled.filter(({ record }) => record.outcome === undefined)
  }

  get openCount(): number {
    let count = 0
    for (const { outcome } of this.#unsettled.values()) if (outcome === undefined) count++
    return count
  }

  get isSettled(): boolean {
    return this.#unsettled.size === 0
  }

  /** The highest block that a settled outcome rests on. */
  get through(): BlockId | undefined {
    return this.#through
  }

  /** What is written together with the act's statement. */
  queueing(index: number, now: number): Write[] {
    return this.#writes({ index, record: queuedRecord(now) })
  }

  /** Takes up a record that was written with its statement. */
  async adopt(index: number): Promise<void> {
    if (this.#unsettled.has(index)) return
    const record = await this.#read(index)
    if (record === undefined) {
      throw new LedgerError('corrupt', 'RECORD_MISSING', { key: layout.relayKey(index) })
    }
    if (record.settled === undefined) this.#unsettled.set(index, record)
  }

  async find(index: number): Promise<RelayRecord | undefined> {
    return this.#unsettled.get(index) ?? this.#read(index)
  }

  async save(changed: readonly Tracked[]): Promise<void> {
    if (changed.length === 0) return
    await this.#store.commit(changed.flatMap((tracked) => this.#writes(tracked)))
    for (const { index, record } of changed) this.#unsettled.set(index, record)
  }

  /** Settles the oldest acts, each of which has an outcome. */
  async settle(oldest: readonly Tracked[]): Promise<void> {
    let through = this.#through
    const settled: Tracked[] = []
    for (const { index, record } of oldest) {
      const block = record.outcome?.block
      if (block === undefined) throw new TypeError('only an outcome can be settled')
      if (through === undefined || block.number > through.number) through = block
      const attempts = record.attempts.map(withoutRaw)
      settled.push({ index, record: { ...record, attempts, settled: through } })
    }
    await this.#store.commit(settled.flatMap((tracked) => this.#writes(tracked)))
    for (const { index } of settled) this.#unsettled.delete(index)
    this.#through = through
  }

  /**
   * Takes back the settlement of the newest records until one rests on a block that stands, and answers how many.
   */
  unsettleVanished(stands: (block: BlockId) => Promise<boolean>): Promise<number> {
    return this.#unsettleWhile(async (_, settled) => !(await stands(settled)))
  }

  /** A refused act is tried anew, and settles again before those behind it. */
  async reopen(index: number): Promise<void> {
    await this.#unsettleWhile((other) => Promise.resolve(other >= index))
    const record = this.#unsettled.get(index)
    if (record?.outcome?.is !== 'refused') return
    await this.save([{ index, record: withoutOutcome(record) }])
  }

  /** Newest first, so that a crash in between leaves fewer to do. */
  async #unsettleWhile(
    holds: (index: number, settled: BlockId) => Promise<boolean>,
  ): Promise<number> {
    let count = 0
    let batch: Tracked[] = []
    for await (const [key, sealed] of this.#store.scan(NEWEST_FIRST)) {
      const { settled, ...record } = this.#open(key, sealed)
      if (settled === undefined) continue
      if (!(await holds(indexOf(key), settled))) break
      batch.push({ index: indexOf(key), record })
      count++
      if (batch.length < BATCH) continue
      await this.save(batch)
      batch = []
    }
    await this.save(batch)
    if (count > 0) this.#through = await this.#newestSettled()
    return count
  }

  async #load(): Promise<void> {
    const indexes: number[] = []
    for await (const [key] of this.#store.scan(layout.familyRange('unsettled'))) {
      indexes.push(indexOf(key))
    }
    for (const index of indexes) await this.adopt(index)
    this.#through = await this.#newestSettled()
  }

  async #newestSettled(): Promise<BlockId | undefined> {
    for await (const [key, sealed] of this.#store.scan(NEWEST_FIRST)) {
      const { settled } = this.#open(key, sealed)
      if (settled) return settled
    }
    return undefined
  }

  async #read(index: number): Promise<RelayRecord | undefined> {
    const key = layout.relayKey(index)
    const sealed = await this.#store.get(key)
    return sealed && this.#open(key, sealed)
  }

  #writes({ index, record }: Tracked): Write[] {
    const key = layout.relayKey(index)
    const value = this.#ring.sealRecord(key, encodeRelayRecord(record))
    const mark = layout.unsettledKey(index)
    return [
      { type: 'put', key, value },
      record.settled === undefined
        ? { type: 'put', key: mark, value: new Uint8Array(0) }
        : { type: 'del', key: mark },
    ]
  }

  #open(key: string, sealed: Uint8Array): RelayRecord {
    return decodeRelayRecord(this.#ring.openRecord(key, sealed))
  }
}

function indexOf(key: string): number {
  const parsed = layout.parseKey(key)
  if (!('index' in parsed)) throw new TypeError('a record of an act is kept by its index')
  return parsed.index
}
