import type { Kept, Move, Reclaimed, SegmentLocation } from './contentStore.ts'

/** Segments that one call rewrites at most: bounds its memory, and how long it holds the disk. */
const SEGMENTS_AT_ONCE = 8
/** Contents that move with one sync. */
const MOVED_AT_ONCE = 256

/** What rewriting needs of a store. */
export interface Reclaimable {
  /** Bytes of each segment that may be rewritten. */
  sizes(): Promise<ReadonlyMap<number, number>>
  /** Bytes that a segment is meant to have. */
  readonly segmentLimit: number
  readAll(location: SegmentLocation): Promise<Uint8Array>
  moveGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]>
  drop(segment: number): Promise<void>
}

type Alive = Omit<Move, 'to'>

/** Moves what is alive out of segments that are mostly dead or small, then drops them. */
export async function reclaimSegments(
  store: Reclaimable,
  live: () => AsyncIterable<Kept>,
  moved: (moves: readonly Move[]) => Promise<void>,
): Promise<Reclaimed> {
  const sizes = await store.sizes()
  const picked = pick(sizes, await measureLive(live()), store.segmentLimit)
  const kept = await groupBySegment(live(), picked)
  let bytes = 0
  for (const segment of picked) {
    const alive = kept.get(segment) ?? []
    for (let i = 0; i < alive.length; i += MOVED_AT_ONCE)
      await moved(await move(store, alive.slice(i, i + MOVED_AT_ONCE)))
    await store.drop(segment)
    bytes += (sizes.get(segment) ?? 0) - sum(alive.map(({ from }) => from.length))
  }
  return { segments: picked.size, bytes }
}

/** A damaged content stops the run: its segment must stay for whoever looks into it. */
async function move(store: Reclaimable, alive: readonly Alive[]): Promise<Move[]> {
  const contents = await Promise.all(alive.map(({ from }) => store.readAll(from)))
  const locations = await store.moveGroup(contents)
  return alive.map((one, i) => ({ ...one, to: locations[i] as SegmentLocation }))
}

async function measureLive(live: AsyncIterable<Kept>): Promise<Map<number, number>> {
  const bytes = new Map<number, number>()
  for await (const { location } of live) {
    if (location.in !== 'segment') continue
    bytes.set(location.segment, (bytes.get(location.segment) ?? 0) + location.length)
  }
  return bytes
}

/** The emptiest first. A segment is worth it when half of what it was meant to hold is dead or was never written. */
function pick(
  sizes: ReadonlyMap<number, number>,
  live: ReadonlyMap<number, number>,
  limit: number,
): Set<number> {
  const liveIn = (segment: number) => live.get(segment) ?? 0
  const worth = [...sizes.keys()].filter((segment) => {
    const dead = (sizes.get(segment) ?? 0) - liveIn(segment)
    return dead > liveIn(segment) || liveIn(segment) < limit / 16
  })
  const emptiestFirst = worth.toSorted((a, b) => liveIn(a) - liveIn(b))
  return new Set(emptiestFirst.slice(0, SEGMENTS_AT_ONCE))
}

async function groupBySegment(
  live: AsyncIterable<Kept>,
  picked: ReadonlySet<number>,
): Promise<Map<number, Alive[]>> {
  const kept = new Map<number, Alive[]>()
  for await (const { key, location } of live) {
    if (location.in !== 'segment' || !picked.has(location.segment)) continue
    const those = kept.get(location.segment)
    if (those === undefined) kept.set(location.segment, [{ key, from: location }])
    else those.push({ key, from: location })
  }
  return kept
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
