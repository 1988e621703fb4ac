import type { ContentStore, Kept, Move, Reclaimed } from '../store/contentStore.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import { familyRange } from '../store/layout.ts'
import { decodeLocation, encodeLocation } from '../store/locations.ts'
import { equalBytes } from '../core/bytes.ts'
import type { Writer } from './writer.ts'

export interface ReclaimParts {
  readonly store: KeyValueStore
  readonly contents: ContentStore
  readonly writer: Writer
}

/**
 * Gives the room of erased contents back to the disk, until there is nothing left that is worth it.
 * It runs beside everything else; new locations are committed between two groups of the writer.
 */
export async function reclaimContents(parts: ReclaimParts): Promise<Reclaimed> {
  const total = { segments: 0, bytes: 0 }
  for (;;) {
    const { segments, bytes } = await parts.contents.reclaim(
      () => liveContents(parts.store),
      (moves) => parts.writer.between(() => commitMoves(parts.store, moves)),
    )
    total.segments += segments
    total.bytes += bytes
    if (bytes <= 0) return total
  }
}

async function* liveContents(store: KeyValueStore): AsyncGenerator<Kept> {
  for await (const [key, value] of store.scan(familyRange('location'))) {
    yield { key, location: decodeLocation(value) }
  }
}

/** What was erased since it was listed has no location any more, and gets none. */
async function commitMoves(store: KeyValueStore, moves: readonly Move[]): Promise<void> {
  const current = await store.getMany(moves.map(({ key }) => key))
  const writes = moves.flatMap(({ key, from, to }, i): Write[] => {
    const value = current[i]
    const isThere = value !== undefined && equalBytes(value, encodeLocation(from))
    return isThere ? [{ type: 'put', key, value: encodeLocation(to) }] : []
  })
  await store.commit(writes)
}
