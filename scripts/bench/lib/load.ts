import { measureInChild } from './child.ts'
import { cpuTimeOf } from './server.ts'
import type { Server } from './server.ts'

const SINGLE = new URL('../load/single.ts', import.meta.url)
const BATCH = new URL('../load/batch.ts', import.meta.url)

/** What one load did to a server. */
export interface Load {
  readonly done: number
  /** Of the server: requests, or lines of batches, each second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of CPU for each of them: of the server's main thread, and of the whole process. */
  readonly mainCpu: number
  readonly allCpu: number
  /** Some of the answers. */
  readonly answers: readonly string[]
}

/** What a load generator sends back. */
export interface Sent {
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly answers: readonly string[]
}

export interface SingleLoad {
  readonly requests: number
  readonly connections: number
  /** Bytes of each content. */
  readonly content: number
}

export interface BatchLoad {
  readonly batches: number
  readonly lines: number
  readonly connections: number
  /** Ask for answers without evidence. */
  readonly minimal: boolean
}

export function loadSingles(server: Server, load: SingleLoad): Promise<Load> {
  const { requests, connections, content } = load
  return measure(SINGLE, server, [requests, connections, content], requests)
}

export function loadBatches(server: Server, load: BatchLoad): Promise<Load> {
  const { batches, lines, connections, minimal } = load
  return measure(BATCH, server, [batches, lines, connections, Number(minimal)], batches * lines)
}

async function measure(
  script: URL,
  server: Server,
  numbers: readonly number[],
  done: number,
): Promise<Load> {
  const before = cpuTimeOf(server.pid)
  const { result } = await measureInChild<Sent>(script, [server.url, ...numbers.map(String)])
  const after = cpuTimeOf(server.pid)
  return {
    done,
    rate: done / result.seconds,
    p50: result.p50,
    p99: result.p99,
    mainCpu: ((after.main - before.main) / done) * 1e6,
    allCpu: ((after.all - before.all) / done) * 1e6,
    answers: result.answers,
  }
}
