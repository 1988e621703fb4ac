import type { AnchorStore } from '../../../../node/ledger/anchoring/ports.ts'
import {
  decodeAnchorRecord,
  encodeAnchorRecord,
} from '../../../../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../../../../node/ledger/anchoring/records.ts'

/** Survives whoever uses it, like a disk. */
export class MemoryAnchorStore implements AnchorStore {
  readonly #records = new Map<string, Map<number, Uint8Array>>()

  async put(records: readonly AnchorRecord[]): Promise<void> {
    for (const record of records) {
      const ofTarget = this.#records.get(record.target) ?? new Map<number, Uint8Array>()
      this.#records.set(record.target, ofTarget.set(record.size, encodeAnchorRecord(record)))
    }
  }

  async get(target: string, size: number): Promise<AnchorRecord | undefined> {
    const bytes = this.#records.get(target)?.get(size)
    return bytes && decodeAnchorRecord(bytes)
  }

  async *scan(
    target: string,
    range: { from?: number; to?: number; reverse?: boolean } = {},
  ): AsyncIterable<AnchorRecord> {
    const { from = 0, to = Infinity, reverse = false } = range
    const records = [...(this.#records.get(target) ?? [])]
      .filter(([size]) => size >= from && size <= to)
      .toSorted(([a], [b]) => (reverse ? b - a : a - b))
    for (const [, bytes] of records) yield decodeAnchorRecord(bytes)
  }
}

/** What happened to each size, such as "5 confirmed". */
export async function statesOf(store: AnchorStore, target = 'main'): Promise<string[]> {
  const states: string[] = []
  for await (const { size, state } of store.scan(target)) states.push(`${size} ${state}`)
  return states
}
