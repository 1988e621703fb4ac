import { join } from 'node:path'
import { atLeast, below } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import {
  formatBareLedger,
  formatDisturbance,
  formatFloor,
  formatLimit,
  loadSingles,
  summarize,
} from '../lib/load.ts'
import type { Load } from '../lib/load.ts'
import { withFolder } from '../lib/server.ts'
import type { Server } from '../lib/server.ts'
import { profileOurs, startBareLedger, startFloor, startNaive, startOurs } from '../lib/servers.ts'
import { interleave } from '../lib/stats.ts'
import { requireEvidence, sizeOf } from '../lib/trust.ts'

const LOAD = { requests: 10_000, connections: 64, content: 10 * 1024 }
const WARM_UP = 3000
const ROUNDS = 5

export const intakeSingle: BenchCase = {
  name: 'intake-single',
  summary:
    'POST /v1/materials with 10 KiB, 64 connections: stored, encrypted, synced, answered with evidence; peer: Koa, two synced LevelDB puts and a signature',
  run: ({ profile, say }) =>
    withFolder(async (folder) => {
      if (profile)
        return {
          rows: [],
          notes: await profileOurs(folder, async (server) => {
            for (let round = 0; round < 3; round++) await loadSingles(server, LOAD)
          }),
        }
      const servers: Server[] = []
      try {
        for (const start of STARTS) servers.push(await start(join(folder, String(servers.length))))
        say('first load: code gets compiled')
        for (const server of servers) await loadSingles(server, { ...LOAD, requests: WARM_UP })
        say(`${ROUNDS} rounds of ${LOAD.requests} requests each`)
        const loads = await interleave(
          ROUNDS,
          servers.map((server) => () => loadSingles(server, LOAD)),
        )
        const [ours, shaOnly, naive, floor, bare] = loads.map((each) => summarize(each)) as [
          Load,
          Load,
          Load,
          Load,
          Load,
        ]
        await requireHonest(servers[0] as Server, ours.answers)
        return {
          rows: rowsOf(ours, shaOnly, naive),
          notes: [
            ...notesOf(ours, shaOnly),
            formatFloor(floor),
            formatBareLedger(bare),
            formatDisturbance(loads),
          ],
        }
      } finally {
        for (const server of servers) await server.stop()
      }
    }),
}

const STARTS = [
  (folder: string) => startOurs(folder),
  (folder: string) => startOurs(folder, { digests: 'sha-256' }),
  startNaive,
  startFloor,
  startBareLedger,
]

/** Every answer counted is an entry of the log, and those looked at are evidence. */
async function requireHonest({ url }: Server, answers: readonly string[]): Promise<void> {
  const size = await sizeOf(url)
  if (size !== WARM_UP + ROUNDS * LOAD.requests) throw new Error(`the log has ${size} entries`)
  await requireEvidence(url, answers)
}

function rowsOf(ours: Load, shaOnly: Load, naive: Load): Row[] {
  const limit = formatLimit(ours)
  return [
    {
      what: 'requests',
      unit: '/s',
      ours: ours.rate,
      peer: peer(naive.rate),
      better: 'higher',
      target: atLeast(ours.rate, 5000, '5,000/s', limit),
    },
    {
      what: 'requests, times the naive server',
      unit: '/s',
      ours: ours.rate,
      peer: peer(naive.rate),
      better: 'higher',
      target: atLeast(ours.rate / naive.rate, 2, '2 ×', limit),
    },
    {
      what: 'p99',
      unit: 'ms',
      ours: ours.p99,
      peer: peer(naive.p99),
      better: 'lower',
      target: below(ours.p99, 60, '60 ms', limit),
    },
    { what: 'p50', unit: 'ms', ours: ours.p50, peer: peer(naive.p50), better: 'lower' },
    {
      what: 'CPU of the main thread a request',
      unit: 'µs',
      ours: ours.mainCpu,
      peer: peer(naive.mainCpu),
      better: 'lower',
    },
    {
      what: 'CPU a request',
      unit: 'µs',
      ours: ours.allCpu,
      peer: peer(naive.allCpu),
      better: 'lower',
    },
    {
      what: 'requests, without SM3',
      unit: '/s',
      ours: shaOnly.rate,
      peer: peer(naive.rate),
      better: 'higher',
    },
    {
      what: 'p99, without SM3',
      unit: 'ms',
      ours: shaOnly.p99,
      peer: peer(naive.p99),
      better: 'lower',
    },
  ]
}

function peer(value: number): Row['peer'] & object {
  return { name: 'naive', value }
}

function notesOf(ours: Load, shaOnly: Load): string[] {
  return [
    'the naive server encrypts nothing and proves nothing; both check the token and the digest',
    `without SM3: ${formatLimit(shaOnly)}`,
    `${ours.answers.length} answers of the last round verified offline`,
  ]
}
