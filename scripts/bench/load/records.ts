// Writes the records of a ledger into another store, and does nothing else: `records.ts <ledger> <folder>`.
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import type { Write } from '../../../node/store/keyValueStore.ts'
import { familyRange } from '../../../node/store/layout.ts'
import type { Family } from '../../../node/store/layout.ts'
import { hand } from '../lib/child.ts'

/** Entries of a group, as the writer commits them. */
const GROUP = 1024
const ENTRIES = 120 * GROUP
/** A prime: going round by it meets each record once. */
const STRIDE = 1_000_003
/** Of these an entry has at most one or a few. */
const FAMILIES: readonly Family[] = ['entry', 'statement', 'dataKey', 'id', 'term', 'newest']

export interface RecordsWritten {
  readonly entries: number
  readonly seconds: number
  /** Microseconds of all threads. */
  readonly cpu: number
}

const [ledger = '', folder = ''] = process.argv.slice(2)
const groups = await readGroups(ledger)
const store = await LevelKeyValueStore.open(folder)
const began = process.cpuUsage()
const started = performance.now()
for (const group of groups) await store.commit(group)
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(began)
await store.close()
hand({ entries: ENTRIES, seconds, cpu: user + system } satisfies RecordsWritten)

/** Each group has its share of every family. Blinded names are in no order: any of them stand for those of a group. */
async function readGroups(folder: string): Promise<Write[][]> {
  const source = await LevelKeyValueStore.open(folder)
  const groups: Write[][] = Array.from({ length: ENTRIES / GROUP }, () => [])
  try {
    const size = await count(source, 'entry')
    if (size < ENTRIES) throw new Error('the bench needs a larger ledger')
    for (const family of FAMILIES) {
      const records = await readSome(source, family, Math.min(1, ENTRIES / size))
      for (const [i, write] of records.entries())
        groups[Math.floor((i * groups.length) / records.length)]?.push(write)
    }
  } finally {
    await source.close()
  }
  return groups
}

/** Evenly out of all of them; those with an index as they were logged, those with a name mixed. */
async function readSome(store: LevelKeyValueStore, family: Family, share: number) {
  const records: Write[] = []
  let due = 0
  for await (const [key, value] of store.scan(familyRange(family))) {
    due += share
    if (due < 1) continue
    due -= 1
    records.push({ type: 'put', key, value: Buffer.from(value) })
  }
  return isNamed(family) ? mixed(records) : records
}

function isNamed(family: Family): boolean {
  return family === 'id' || family === 'term' || family === 'newest'
}

/** In an order that is none, and the same each time. */
function mixed(records: readonly Write[]): Write[] {
  return records.map((_, i) => records[(i * STRIDE) % records.length] as Write)
}

async function count(store: LevelKeyValueStore, family: Family): Promise<number> {
  let size = 0
  for await (const _ of store.scan(familyRange(family))) size++
  return size
}
