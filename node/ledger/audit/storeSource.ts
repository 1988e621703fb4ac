import { HASH_LENGTH } from '../../core/hash/hash.ts'
import { TILE_WIDTH } from '../../core/merkle/tiles.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { readIndexes, readOne } from './scan.ts'
import type { Report } from './report.ts'
import type { LogSource } from './tree.ts'

/** The log as it lies in the store. */
export function storeSource(store: KeyValueStore, report: Report): LogSource {
  return {
    async bundle(index, width) {
      const first = index * TILE_WIDTH
      const entries = await readIndexes(store, 'entry', [first, first + width], report)
      for (const [from, to] of gaps(entries, first, first + width)) {
        const where = to === from + 1 ? `entry ${from}` : `entries ${from} to ${to - 1}`
        report.add('ENTRY_MISSING', where, { index: from })
      }
      return Array.from({ length: width }, (_, position) => entries.get(first + position))
    },

    async tile(level, index, width) {
      const where = `tile ${level}/${index}`
      const stored = await readOne(store, layout.tileKey(level, index), report)
      if (stored === 'damaged') return undefined
      if (stored === 'missing' || stored.length < width * HASH_LENGTH) {
        report.add('TILE_MISSING', where)
        return undefined
      }
      return stored.subarray(0, width * HASH_LENGTH)
    },
  }
}

/** What is missing from `from` up to, not including, `to`. */
function* gaps(
  present: ReadonlyMap<number, unknown>,
  from: number,
  to: number,
): Generator<[number, number]> {
  for (let start = from; start < to; start++) {
    if (present.has(start)) continue
    let end = start + 1
    while (end < to && !present.has(end)) end++
    yield [start, end]
    start = end
  }
}
