import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { encodeHex } from '../../../node/core/bytes.ts'
import { below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'
import { measureInChild } from '../lib/child.ts'
import { withFolder } from '../lib/server.ts'
import { FLAGS } from '../lib/servers.ts'
import { logUses } from '../lib/usesLog.ts'
import type { Counted } from '../load/figures.ts'

/** Uses in the month; `ONCE_BENCH_USES` counts others. */
const USES = Number(process.env['ONCE_BENCH_USES'] ?? 200_000)
const TARGET_USES = 1_000_000
/** Seconds for them. */
const CEILING = 30
const LOG = { month: '2023-08', usesPerSource: 5, usesPerCase: 8, departments: 40 } as const
const COUNTER = new URL('../load/figures.ts', import.meta.url)
/** Seconds that it may take. */
const PATIENCE = 1800

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
      // In a process of its own, with the flags of a server: what was sealed before is no part of what that holds.
      const args = [data, encodeHex(masterKey), LOG.month, String(size)]
      const { result } = await measureInChild<Counted>(COUNTER, args, {
        seconds: PATIENCE,
        execArgv: FLAGS,
      })
      const { uses, seconds, cpu, memory, delay } = result
      if (uses !== USES) throw new Error('the bench counted something else than it made')
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
          { what: 'memory after half', unit: 'MiB', ours: memory.half, better: 'lower' },
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
