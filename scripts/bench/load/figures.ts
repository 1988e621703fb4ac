// Counts the figures of a month, in a process that does nothing else: arguments are the data folder, the master key in
// hex, the month and how many entries there are.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { decodeHex } from '../../../node/core/bytes.ts'
import type { MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { LedgerFigures } from '../../../node/figures/ledgerFigures.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { hand } from '../lib/child.ts'

/** Milliseconds between two looks at the memory. */
const LOOK = 250
const MIB = 2 ** 20
/** The month of the sources: counting it first starts what a node that runs has started. */
const BEFORE = '2023-07'

export interface Counted {
  readonly uses: number
  readonly seconds: number
  /** Microseconds, of all threads. */
  readonly cpu: number
  /** MiB: after a tenth of the time, after half of it, at its peak. */
  readonly memory: { readonly early: number; readonly half: number; readonly peak: number }
  /** Milliseconds that the event loop came late. */
  readonly delay: { readonly p99: number; readonly most: number }
}

async function count(): Promise<Counted> {
  const [data = '', masterKey = '', month = '', size] = process.argv.slice(2)
  const store = await LevelKeyValueStore.open(data)
  const ring = await KeyRing.open(store, decodeHex(masterKey))
  const figures = new LedgerFigures({ store, ring, size: () => Number(size), now: Date.now })
  try {
    await figures.ofMonth(BEFORE)
    const looks: number[] = []
    const looking = setInterval(() => looks.push(ownMemory()), LOOK)
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    const began = process.cpuUsage()
    const started = performance.now()
    const counted = await figures.ofMonth(month)
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(began)
    delays.disable()
    clearInterval(looking)
    return {
      uses: usesIn(counted),
      seconds,
      cpu: user + system,
      memory: {
        early: looks[Math.floor(looks.length / 10)] ?? NaN,
        half: looks[Math.floor(looks.length / 2)] ?? NaN,
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

hand(await count())
