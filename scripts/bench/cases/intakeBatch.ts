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
import { measureInChild } from '../lib/child.ts'
import { formatNumber } from '../lib/report.ts'
import { withFolder } from '../lib/server.ts'
import { FLAGS, profileOurs, startBareLedger, startFloor, startOurs } from '../lib/servers.ts'
import { interleave, median } from '../lib/stats.ts'
import type { RecordsWritten } from '../load/records.ts'

const LOAD = { batches: 12, lines: 5000, connections: 4, minimal: false }
const ROUNDS = 5
const RECORDS = new URL('../load/records.ts', import.meta.url)

export const intakeBatch: BenchCase = {
  name: 'intake-batch',
  summary:
    'POST /v1/materials/batch, digests only, 4 connections, 5,000 lines each: synced, answered line by line',
  run: ({ profile, say }) =>
    withFolder(async (folder) => {
      if (profile)
        return { rows: [], notes: await profileOurs(folder, (server) => loadBatches(server, LOAD)) }
      const data = join(folder, 'data')
      const server = await startOurs(data)
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
        await server.stop()
        say('the records of them alone')
        const written = await writeRecords(data, folder)
        return {
          rows: [
            rowOf('entries, answered with evidence', ofWhole),
            rowOf('entries, answered without (return=minimal)', ofMinimal),
          ],
          notes: [
            formatFloor(ofFloor),
            formatBareLedger(ofBare),
            formatWritten(written),
            formatDisturbance(loads),
          ],
        }
      } finally {
        await server.stop()
        await floor.stop()
        await bare.stop()
      }
    }),
}

/** Into stores of their own, one after the other. */
async function writeRecords(data: string, folder: string): Promise<RecordsWritten[]> {
  const written: RecordsWritten[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const into = join(folder, `records-${round}`)
    const { result } = await measureInChild<RecordsWritten>(RECORDS, [join(data, 'ledger'), into], {
      execArgv: FLAGS,
    })
    written.push(result)
  }
  return written
}

/** What no server does without, whatever it saves elsewhere. */
function formatWritten(written: readonly RecordsWritten[]): string {
  const rate = median(written.map(({ entries, seconds }) => entries / seconds))
  const cpu = median(written.map(({ entries, cpu }) => cpu / entries))
  return (
    `LevelDB alone, the same records in groups as large, and nothing else: ${formatNumber(rate)} entries/s, ` +
    `${formatNumber(cpu)} µs of all threads each`
  )
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
