import type { SegmentLocation } from './contentStore.ts'

/** Contents that were put and whose locations may still be committed: as long as there are any, their segment stays. */
export class Pins {
  /** Offsets by segment. */
  readonly #offsets = new Map<number, Set<number>>()

  add({ segment, offset }: SegmentLocation): void {
    const offsets = this.#offsets.get(segment)
    if (offsets === undefined) this.#offsets.set(segment, new Set([offset]))
    else offsets.add(offset)
  }

  release({ segment, offset }: SegmentLocation): void {
    const offsets = this.#offsets.get(segment)
    if (offsets?.delete(offset) && offsets.size === 0) this.#offsets.delete(segment)
  }

  has(segment: number): boolean {
    return this.#offsets.has(segment)
  }
}
