import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../api/main.ts', import.meta.url))
/** Of the tests alone; the name says so. */
export const TEST_TOKEN = 'scenario-test-token'
const TOKENS = JSON.stringify([
  { name: 'tester', roles: ['submitter', 'auditor', 'operator'], token: TEST_TOKEN },
])

/** A whole node in a process of its own, as `npm start` runs it. */
export interface NodeProcess {
  readonly url: string
  readonly pid: number
  /** Everything it printed so far. */
  output(): string
  /** As a power cut would: nothing of it runs on. */
  kill(): Promise<void>
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>
}

const running = new Set<ChildProcess>()

/** What a failed test left behind. */
export async function killAll(): Promise<void> {
  const left = [...running]
  for (const child of left) child.kill('SIGKILL')
  const exits = left.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
  await Promise.all(exits.map((child) => once(child, 'exit')))
}

/** @throws Error with what was printed, when it ends before it is ready */
export async function startNodeProcess(
  dataFolder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      ONCE_DATA: dataFolder,
      ONCE_PORT: '0',
      ONCE_TOKENS: TOKENS,
      ONCE_ANCHOR_INTERVAL: '200ms',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const exited = once(child, 'exit') as Promise<[code: number | null]>
  const printed = collectOutput(child)
  const url = await untilReady(child, printed)
  return {
    url,
    pid: child.pid ?? 0,
    output: () => printed.text(),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGINT')
      return (await exited)[0]
    },
  }
}

/** A node that started just now has to reach its chain before it is ready. */
export async function untilReadiness(url: string, status: number): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/readyz`)
    await response.body?.cancel()
    if (response.status === status) return
    await wait(50)
  }
}

interface Printed {
  text(): string
  onChunk: () => void
}

function collectOutput(child: ChildProcess): Printed {
  let text = ''
  const printed: Printed = { text: () => text, onChunk: () => {} }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      printed.onChunk()
    })
  }
  return printed
}

function untilReady(child: ChildProcess, printed: Printed): Promise<string> {
  return new Promise((resolve, reject) => {
    printed.onChunk = () => {
      const url = /API +(http:\S+?),/.exec(printed.text())?.[1]
      if (url !== undefined && printed.text().includes('Ready.')) resolve(url)
    }
    child.once('error', reject)
    child.once('close', () => reject(new Error(`the node ended:\n${printed.text()}`)))
  })
}
