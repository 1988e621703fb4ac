import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { below } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { loadBatches } from '../lib/load.ts'
import { formatNumber } from '../lib/report.ts'
import { TOKEN } from '../lib/requests.ts'
import { memoryOf, withFolder } from '../lib/server.ts'
import type { Memory, Server } from '../lib/server.ts'
import { profileOurs, startOurs } from '../lib/servers.ts'
import { median, quantile } from '../lib/stats.ts'
import { requireEvidence, sizeOf } from '../lib/trust.ts'

const ENTRIES = 1_000_000
const LOAD = { batches: 10, lines: 5000, connections: 4, minimal: true }
const STARTS = 5
const READS = 2000
const MIB = 2 ** 20
const AUTHORIZED = { headers: { Authorization: `Bearer ${TOKEN}` } }

export const million: BenchCase = {
  name: 'million',
  summary: '1 M entries through the API; then memory, start, evidence and audit with them',
  run: ({ profile, say }) =>
    withFolder(async (folder) => {
      const data = join(folder, 'data')
      const filled = await fill(data, say)
      if (profile) return { rows: [], notes: await profileOurs(folder, async () => {}, { data }) }
      say(`${STARTS} starts each, with and without entries`)
      const empty: Start[] = []
      const full: Start[] = []
      for (let round = 0; round < STARTS; round++) {
        empty.push(await measureStart(join(folder, `empty-${round}`)))
        full.push(await measureStart(data))
        const [fresh, ready] = [empty, full].map((all) => formatNumber(all.at(-1)?.ready ?? NaN))
        say(`ready after ${ready} ms with entries, ${fresh} without`)
      }
      say('evidence of random entries, then an audit')
      const read = await readAndAudit(data, filled.ids)
      return {
        rows: [
          ...memoryRows(filled, full),
          ...startRows(full, empty),
          { what: 'entries taken meanwhile', unit: '/s', ours: filled.rate, better: 'higher' },
          { what: 'evidence over HTTP, p50', unit: 'ms', ours: read.p50, better: 'lower' },
          { what: 'evidence over HTTP, p99', unit: 'ms', ours: read.p99, better: 'lower' },
          { what: 'audit of everything', unit: 's', ours: read.audit, better: 'lower' },
        ],
        notes: [
          `each start on a fresh process; the data folder was closed cleanly before`,
          `the audit ended with ${read.sum}`,
        ],
      }
    }),
}

interface Filled {
  readonly rate: number
  /** Of the server's process, when all was in. */
  readonly memory: Memory
  readonly heap: Heap
  /** Of some materials. */
  readonly ids: readonly string[]
}

async function fill(data: string, say: (line: string) => void): Promise<Filled> {
  const server = await startOurs(data)
  try {
    const rates: number[] = []
    const ids: string[] = []
    for (let size = 0; size < ENTRIES; size = await sizeOf(server.url)) {
      const { rate, answers } = await loadBatches(server, LOAD)
      rates.push(rate)
      for (const answer of answers) ids.push((JSON.parse(answer) as { id: string }).id)
      if (rates.length % 4 === 0)
        say(`${formatNumber(await sizeOf(server.url))} entries, ${formatNumber(rate)}/s`)
    }
    const memory = memoryOf(server.pid)
    return { rate: median(rates), memory, heap: await heapOf(server.url), ids }
  } finally {
    await server.stop()
  }
}

/** V8's, in bytes. */
interface Heap {
  readonly total: number
  readonly used: number
}

async function heapOf(url: string): Promise<Heap> {
  const metrics = await (await fetch(`${url}/metrics`, AUTHORIZED)).text()
  const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1])
  return {
    total: gauge('nodejs_heap_size_total_bytes'),
    used: gauge('nodejs_heap_size_used_bytes'),
  }
}

interface Start {
  /** Milliseconds from spawn to the first line with an address, and to /readyz answering 200. */
  readonly listening: number
  readonly ready: number
  /** Bytes once ready. */
  readonly memory: number
}

async function measureStart(data: string): Promise<Start> {
  const began = performance.now()
  const server = await startOurs(data)
  try {
    while (!(await isReady(server))) await sleep(5)
    const ready = performance.now() - began
    return { listening: server.started, ready, memory: memoryOf(server.pid).now }
  } finally {
    await server.stop()
  }
}

async function isReady({ url }: Server): Promise<boolean> {
  const response = await fetch(`${url}/readyz`)
  await response.arrayBuffer()
  return response.ok
}

async function readAndAudit(data: string, ids: readonly string[]) {
  const server = await startOurs(data)
  try {
    const latencies: number[] = []
    let answer = ''
    for (let read = 0; read < READS; read++) {
      const id = ids[read % ids.length] ?? ''
      const began = performance.now()
      const response = await fetch(`${server.url}/v1/materials/${id}/evidence`, AUTHORIZED)
      answer = await response.text()
      latencies.push(performance.now() - began)
    }
    await requireEvidence(server.url, [answer])
    const began = performance.now()
    const lines = (await getPatiently(`${server.url}/v1/audit`)).trimEnd().split('\n')
    return {
      p50: median(latencies),
      p99: quantile(latencies, 0.99),
      audit: (performance.now() - began) / 1000,
      sum: lines.at(-1) ?? '',
    }
  } finally {
    await server.stop()
  }
}

/** `fetch` gives up after five minutes without a byte, and an audit that finds nothing is silent until its end. */
async function getPatiently(url: string): Promise<string> {
  const request = get(url, AUTHORIZED)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return text(response)
}

function memoryRows(filled: Filled, starts: readonly Start[]): Row[] {
  const { memory, heap } = filled
  const after = memory.now / MIB
  const limit =
    `V8 holds a heap of ${formatNumber(heap.total / MIB)} MiB, ${formatNumber(heap.used / MIB)} MiB of it in use; ` +
    `${formatNumber(memory.files / MIB)} MiB are pages of files`
  return [
    {
      what: 'memory after 1 M entries',
      unit: 'MiB',
      ours: after,
      better: 'lower',
      target: below(after, 400, '400 MiB', limit),
    },
    { what: 'memory at its peak meanwhile', unit: 'MiB', ours: memory.peak / MIB, better: 'lower' },
    {
      what: 'memory after a start with them',
      unit: 'MiB',
      ours: median(starts.map(({ memory }) => memory)) / MIB,
      better: 'lower',
    },
  ]
}

function startRows(full: readonly Start[], empty: readonly Start[]): Row[] {
  const ready = median(full.map(({ ready }) => ready))
  const fresh = median(empty.map(({ ready }) => ready))
  return [
    {
      what: 'start to ready, 1 M entries',
      unit: 'ms',
      ours: ready,
      better: 'lower',
      target: below(ready, 2000, '2 s', `an empty folder takes ${formatNumber(fresh)} ms`),
    },
    {
      what: 'start to listening, 1 M entries',
      unit: 'ms',
      ours: median(full.map(({ listening }) => listening)),
      better: 'lower',
    },
    { what: 'start to ready, new folder', unit: 'ms', ours: fresh, better: 'lower' },
  ]
}
