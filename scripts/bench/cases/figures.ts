import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LedgerFigures } from '../../../node/figures/ledgerFigures.ts'
import type { MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { withFolder } from '../lib/server.ts'
import { logUses } from '../lib/usesLog.ts'

/** Uses in the month; `ONCE_BENCH_USES` counts others. */
const USES = Number(process.env['ONCE_BENCH_USES'] ?? 200_000)
const TARGET_USES = 1_000_000
/** Seconds for them. */
const CEILING = 30
const LOG = { month: '2023-08', usesPerSource: 5, usesPerCase: 8, departments: 40 } as const
/** Milliseconds between two looks at the memory. */
const LOOK = 250
const MIB = 2 ** 20

export const figures: BenchCase = {
  name: 'figures',
  summary: `recompute the figures of a month of ${USES.toLocaleString('en')} uses from LevelDB`,
  run: ({ say }) =>
    withFolder(async (folder) => {
      const masterKey = randomBytes(32)
      const data = join(folder, 'ledger')
      say(`sealing ${USES.toLocaleString('en')} uses`)
      const size = await fill(data, masterKey)
      say('counting them')
      const { seconds, cpu, memory, delay } = await count(data, masterKey, size)
      const ofMillion = (seconds * TARGET_USES) / USES
      return {
        rows: [
          {
            what: 'a month of 1 M uses, at the rate measured',
            unit: 's',
            ours: ofMillion,
            better: 'lower',
            target: below(ofMillion, CEILING, `${CEILING} s`),
          },
          { what: 'CPU a use, of all threads', unit: 'µs', ours: cpu / USES, better: 'lower' },
          { what: 'memory after a tenth', unit: 'MiB', ours: memory.early, better: 'lower' },
          { what: 'memory at its peak', unit: 'MiB', ours: memory.peak, better: 'lower' },
          { what: 'event loop delay, p99', unit: 'ms', ours: delay.p99, better: 'lower' },
          { what: 'event loop delay, most', unit: 'ms', ours: delay.most, better: 'lower' },
        ],
        notes: [
          `a case for each ${LOG.usesPerCase} uses is counted too; each of ${Math.ceil(USES / LOG.usesPerSource).toLocaleString('en')} sources ` +
            `is looked up, and used ${LOG.usesPerSource} times`,
          'memory is what the process has for itself: pages of the files of LevelDB are not in it',
        ],
      }
    }),
}

async function fill(data: string, masterKey: Uint8Array): Promise<number> {
  const store = await LevelKeyValueStore.open(data)
  try {
    return await logUses(store, await KeyRing.open(store, masterKey), { ...LOG, uses: USES })
  } finally {
    await store.close()
  }
}

async function count(data: string, masterKey: Uint8Array, size: number) {
  const store = await LevelKeyValueStore.open(data)
  const ring = await KeyRing.open(store, masterKey)
  const figures = new LedgerFigures({ store, ring, size: () => size, now: Date.now })
  try {
    // A node that runs has its code compiled and its threads started.
    await figures.ofMonth('2023-07')
    const looks: number[] = []
    const looking = setInterval(() => looks.push(ownMemory()), LOOK)
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    const began = process.cpuUsage()
    const started = performance.now()
    const counted = await figures.ofMonth(LOG.month)
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(began)
    delays.disable()
    clearInterval(looking)
    if (usesIn(counted) !== USES) throw new Error('the bench counted something else than it made')
    return {
      seconds,
      /** Microseconds. */
      cpu: user + system,
      memory: {
        early: looks[Math.floor(looks.length / 10)] ?? NaN,
        peak: Math.max(...looks),
      },
      delay: { p99: delays.percentile(99) / 1e6, most: delays.max / 1e6 },
    }
  } finally {
    await figures.close()
    await store.close()
  }
}

function usesIn({ departments }: MonthlyFigures): number {
  return departments.reduce((sum, { pulled, reused }) => sum + pulled + reused, 0)
}

/** MiB that are no pages of files. Linux only; elsewhere all that is resident. */
function ownMemory(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss() / MIB
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) / 1024
}
