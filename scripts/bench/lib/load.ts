import { cpus } from 'node:os'
import { quiet, shareOfOthers, TOLERATED } from './bystanders.ts'
import { measureInChild } from './child.ts'
import { cpuTimeOf } from './server.ts'
import { formatNumber } from './report.ts'
import type { Server } from './server.ts'
import { median } from './stats.ts'

/** Fewer undisturbed loads than this are no median. */
const FEWEST = 3

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
  /** Microseconds of CPU for each of them: of the server's main thread, of the whole server, and of the generator. */
  readonly mainCpu: number
  readonly allCpu: number
  readonly generatorCpu: number
  /** Share of the machine's cores that others took meanwhile, 0 to 1. */
  readonly others: number
  /** Some of the answers. */
  readonly answers: readonly string[]
}

/** What a load generator sends back. */
export interface Sent {
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  /** CPU seconds meanwhile: of the generator itself, and of the whole machine. */
  readonly ownCpu: number
  readonly machineCpu: number
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
  await quiet()
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
    generatorCpu: (result.ownCpu / done) * 1e6,
    others: shareOfOthers(
      result.machineCpu,
      result.ownCpu + after.all - before.all,
      result.seconds,
    ),
    answers: result.answers,
  }
}

/** The loads that others did not disturb; all of them, where too few were left alone. */
export function undisturbed(loads: readonly Load[]): readonly Load[] {
  const alone = loads.filter(({ others }) => !(others > TOLERATED))
  return alone.length >= FEWEST ? alone : loads
}

/** Medians of the loads that count. */
export function summarize(loads: readonly Load[]): Load {
  const counted = undisturbed(loads)
  const medianOf = (pick: (load: Load) => number) => median(counted.map(pick))
  return {
    done: counted.reduce((sum, { done }) => sum + done, 0),
    rate: medianOf(({ rate }) => rate),
    p50: medianOf(({ p50 }) => p50),
    p99: medianOf(({ p99 }) => p99),
    mainCpu: medianOf(({ mainCpu }) => mainCpu),
    allCpu: medianOf(({ allCpu }) => allCpu),
    generatorCpu: medianOf(({ generatorCpu }) => generatorCpu),
    others: medianOf(({ others }) => others),
    answers: counted.at(-1)?.answers ?? [],
  }
}

/** What stops a server from going faster on this machine, computed from what it was measured to do. */
export function formatLimit({ mainCpu, allCpu, generatorCpu }: Load): string {
  const cores = cpus().length
  const [main, all, generator] = [mainCpu, allCpu, generatorCpu].map(formatNumber)
  const most = Math.min(1e6 / mainCpu, (cores * 1e6) / (allCpu + generatorCpu))
  return (
    `each takes ${main} µs of the main thread, ${all} µs of all threads and ${generator} µs of the ` +
    `load generator, so that ${cores} cores give ${formatNumber(most)}/s at most`
  )
}

/** What a server does that stores as much and is no ledger: what is left of the limit is ours to lower. */
export function formatFloor(floor: Load): string {
  return (
    'the floor, bare node:http that makes as much durable but reads, logs and proves nothing: ' +
    `${formatNumber(floor.rate)}/s, p99 ${formatNumber(floor.p99)} ms; ${formatLimit(floor)}`
  )
}

/** Our own log, store and sealing, and nothing around them. */
export function formatBareLedger(bare: Load): string {
  return (
    'the bare ledger, our log, store and sealing under bare node:http that checks nothing: ' +
    `${formatNumber(bare.rate)}/s, p99 ${formatNumber(bare.p99)} ms; ${formatLimit(bare)}`
  )
}

/** How far the figures can be believed. */
export function formatDisturbance(rounds: readonly (readonly Load[])[]): string {
  const all = rounds.flat()
  const worst = rounds.map((loads) => summarize(loads).others)
  const alone = all.filter(({ others }) => !(others > TOLERATED)).length
  return (
    `${alone} of ${all.length} loads had the machine to themselves; in those that count, ` +
    `others took ${(100 * Math.max(...worst)).toFixed(0)} % of the cores`
  )
}
