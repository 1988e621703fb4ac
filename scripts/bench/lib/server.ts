import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Patience with a server that is to start or to stop, in milliseconds. */
const PATIENCE = 60_000

export interface ServerOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads the server's address out of a line that it prints; undefined for any other line. */
  readonly urlIn: (line: string) => string | undefined
}

/** A process under measurement. It ends with `stop`, or with the bench. */
export interface Server {
  readonly url: string
  readonly pid: number
  /** Milliseconds from spawn to the line with its address. */
  readonly started: number
  stop(): Promise<void>
}

export async function startServer({ command, args, env, urlIn }: ServerOptions): Promise<Server> {
  const began = performance.now()
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  try {
    const url = await findUrl(child, urlIn)
    return {
      url,
      pid: child.pid as number,
      started: performance.now() - began,
      stop: () => stop(child),
    }
  } catch (error) {
    await stop(child)
    throw error
  }
}

function findUrl(child: ChildProcess, urlIn: ServerOptions['urlIn']): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    let searched = 0
    const fail = (why: string) => reject(new Error(`the server ${why}; it said:\n${printed}`))
    const timer = setTimeout(() => fail('did not start in time'), PATIENCE)
    child.once('error', reject)
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code}`))
    const read = (chunk: Buffer) => {
      // What it prints later is of no interest, but has to be read, or it would stop to wait.
      if (searched === -1) return
      printed += chunk.toString()
      for (let end = 0; (end = printed.indexOf('\n', searched)) !== -1; searched = end + 1) {
        const url = urlIn(printed.slice(searched, end))
        if (url === undefined) continue
        searched = -1
        clearTimeout(timer)
        return resolve(url)
      }
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  await exited
  clearTimeout(timer)
}

/** Runs with a folder of its own on disk, which is gone afterwards. */
export async function withFolder<Result>(
  run: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'once-bench-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** CPU seconds that a process has used: those of its main thread, and those of all. */
export interface CpuTime {
  readonly main: number
  readonly all: number
}

/** Linux only; elsewhere both are NaN. A tick is 10 ms. */
export function cpuTimeOf(pid: number): CpuTime {
  return { main: ticksIn(`/proc/${pid}/task/${pid}/stat`), all: ticksIn(`/proc/${pid}/stat`) }
}

function ticksIn(path: string): number {
  try {
    const text = readFileSync(path, 'utf8')
    // The name in parentheses may hold spaces; user and system time are fields 14 and 15.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return NaN
  }
}

/** Resident bytes. */
export interface Memory {
  readonly now: number
  readonly peak: number
  /** Of now: pages of files, the program's own among them, which the system may take back at any time. */
  readonly files: number
}

/** Linux only; elsewhere all are NaN. */
export function memoryOf(pid: number): Memory {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
    return {
      now: 1024 * kib('VmRSS'),
      peak: 1024 * kib('VmHWM'),
      files: 1024 * kib('RssFile'),
    }
  } catch {
    return { now: NaN, peak: NaN, files: NaN }
  }
}

/** The peak counts anew from now on. */
export function forgetPeak(pid: number): void {
  // proc(5): 5 resets the peak resident set size.
  if (process.platform === 'linux') writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
