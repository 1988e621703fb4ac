// Sends NDJSON batches, one under way on each connection: `batch.ts <url> <batches> <lines> <connections> <minimal>`.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { machineCpuTime } from '../lib/bystanders.ts'
import { hand } from '../lib/child.ts'
import type { Sent } from '../lib/load.ts'
import { makeBatch, TOKEN } from '../lib/requests.ts'
import { quantile } from '../lib/stats.ts'

const [url = '', ...numbers] = process.argv.slice(2)
const [batchCount = 0, lines = 0, connections = 0, minimal = 0] = numbers.map(Number)
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const CREATED = Buffer.from('"status":201')

const batches = Array.from({ length: batchCount }, () => makeBatch(lines))
const latencies: number[] = []
const answers: string[] = []

async function send(batch: Buffer): Promise<void> {
  const sentAt = performance.now()
  const sending = request(`${url}/v1/materials/batch`, {
    agent,
    method: 'POST',
    headers: {
      Authorization: `Bearer ${TOKEN}`,
      'Content-Type': 'application/x-ndjson',
      'Content-Length': batch.length,
      ...(minimal === 1 && { Prefer: 'return=minimal' }),
    },
  })
  sending.end(batch)
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  const created = await countCreated(response)
  if (created !== lines)
    throw new Error(`${response.statusCode}: ${created} of ${lines}: ${answers.at(-1)}`)
  latencies.push(performance.now() - sentAt)
}

/** Counts without decoding: a client that reads every answer is not what is measured. */
async function countCreated(response: IncomingMessage): Promise<number> {
  let created = 0
  let first: string | undefined
  let rest = Buffer.alloc(0)
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const text = Buffer.concat([rest, chunk])
    let from = 0
    for (let at = 0; (at = text.indexOf(CREATED, from)) !== -1; from = at + CREATED.length)
      created++
    rest = text.subarray(Math.max(from, text.length - CREATED.length + 1))
    first ??= text.toString('utf8').split('\n')[0] ?? ''
  }
  answers.push(first ?? '')
  return created
}

const waiting = [...batches]
const [machine, own] = [machineCpuTime(), process.cpuUsage()]
const started = performance.now()
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) await send(batch)
  }),
)
const seconds = (performance.now() - started) / 1000
const machineCpu = machineCpuTime() - machine
const { user, system } = process.cpuUsage(own)
agent.destroy()

hand({
  seconds,
  machineCpu,
  ownCpu: (user + system) / 1e6,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
  answers,
} satisfies Sent)
