import { join } from 'node:path'
import { atLeast } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import {
  formatBareLedger,
  formatDisturbance,
  formatFloor,
  formatLimit,
  loadBatches,
  summarize,
} from '../lib/load.ts'
import type { Load } from '../lib/load.ts'
import { withFolder } from '../lib/server.ts'
import { profileOurs, startBareLedger, startFloor, startOurs } from '../lib/servers.ts'
import { interleave } from '../lib/stats.ts'

const LOAD = { batches: 12, lines: 5000, connections: 4, minimal: false }
const ROUNDS = 5

export const intakeBatch: BenchCase = {
  name: 'intake-batch',
  summary:
    'POST /v1/materials/batch, digests only, 4 connections, 5,000 lines each: synced, answered line by line',
  run: ({ profile, say }) =>
    withFolder(async (folder) => {
      if (profile)
        return { rows: [], notes: await profileOurs(folder, (server) => loadBatches(server, LOAD)) }
      const server = await startOurs(join(folder, 'data'))
      const floor = await startFloor(join(folder, 'floor'))
      const bare = await startBareLedger(join(folder, 'bare'))
      try {
        say('first load: code gets compiled')
        for (const one of [server, floor, bare]) await loadBatches(one, LOAD)
        say(`${ROUNDS} rounds of ${LOAD.batches * LOAD.lines} entries`)
        const loads = await interleave(ROUNDS, [
          () => loadBatches(server, LOAD),
          () => loadBatches(server, { ...LOAD, minimal: true }),
          () => loadBatches(floor, LOAD),
          () => loadBatches(bare, LOAD),
        ])
        const [ofWhole, ofMinimal, ofFloor, ofBare] = loads.map((each) => summarize(each)) as [
          Load,
          Load,
          Load,
          Load,
        ]
        return {
          rows: [
            rowOf('entries, answered with evidence', ofWhole),
            rowOf('entries, answered without (return=minimal)', ofMinimal),
          ],
          notes: [formatFloor(ofFloor), formatBareLedger(ofBare), formatDisturbance(loads)],
        }
      } finally {
        await server.stop()
        await floor.stop()
        await bare.stop()
      }
    }),
}

function rowOf(what: string, load: Load): Row {
  const { rate } = load
  return {
    what,
    unit: '/s',
    ours: rate,
    better: 'higher',
    target: atLeast(rate, 15_000, '15,000/s', formatLimit(load)),
  }
}
