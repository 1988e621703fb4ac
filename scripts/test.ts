/**
 * What `npm test` runs: contracts, types, lint and format, and every test, in a few processes at a time.
 * `npm test -- test/core` narrows the tests to paths; the checks of the whole tree are then left out.
 * The closing line is `N passed, N failed`.
 */
import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import Mocha from 'mocha'

interface Count {
  readonly passed: number
  readonly failed: number
}

interface Ran extends Count {
  /** What the reporter had to say. */
  readonly said: string
}

type Check = readonly [name: string, command: string, args: readonly string[]]

/** Compiled once for all processes of tests, which would else do it at the same time in one place. */
const CONTRACTS: Check = ['contracts', 'hardhat', ['build', '--quiet']]
const CHECKS: readonly Check[] = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
]

/** One more than the machine can run at once, for tests also wait: for chains, disks and other processes. */
const PROCESSES = Math.min(4, availableParallelism() + 1)

/** Milliseconds in which a process is to end that has no file left. */
const PATIENCE = 30_000

/** What one process made of the sources, the next need not: the folder of `api/cli/once.cjs`. */
const ENVIRONMENT = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/once', import.meta.url)),
  ...process.env,
}

/**
 * What takes longest, measured: begun last, it would keep one process busy while the others are done.
 * In the order in which it begins; everything else comes after, in the order of its paths.
 */
const LONG = [
  'test/cli/cases.test.ts',
  'test/cli/grants.test.ts',
  'test/scenarios/crash.test.ts',
  'test/scenarios/markedDocument.test.ts',
  'test/contracts/grantVectors.test.ts',
  'test/attacks/attacks.test.ts',
  'test/scenarios/demo.test.ts',
  'test/acts/acts.test.ts',
  'test/catalogue/cli.test.ts',
  'test/badInput/badInput.test.ts',
  'test/cases/cases.test.ts',
  'test/chain/registries.test.ts',
  'test/scenarios/journeyOne.test.ts',
]

/** Without the sum, which stands at the end of all. */
class Spec extends Mocha.reporters.Spec {
  override epilogue(): void {
    if (this.failures.length > 0) super.epilogue()
  }
}

// A process that this script started gets its files by message, one after the other.
if (process.send) {
  process.on('message', (file: string) => {
    void runTests([file])
      .catch((error: unknown) => notLoaded(file, error))
      .then((ran) => process.send?.(ran))
  })
} else await main(process.argv.slice(2))

async function main(only: readonly string[]): Promise<void> {
  const { passed, failed } = only.length === 0 ? await runAll() : await runSome(only)
  console.log(`${passed} passed, ${failed} failed`)
  // Set rather than exit: a handle that a test left open shows as a run that does not end.
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

async function runSome(paths: readonly string[]): Promise<Count> {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : [path],
  )
  const { said, ...count } = await runTests(files)
  process.stdout.write(said)
  if (count.passed === 0) console.log('no test ran')
  return count
}

/** The checks go on beside the first tests, which need the contracts alone. */
async function runAll(): Promise<Count> {
  const checked = runInTurn(CHECKS)
  const compiled = await runCheck(CONTRACTS)
  const [tests, checks] = await Promise.all([
    runInProcesses(globSync('test/**/*.test.ts')),
    checked,
  ])
  if (tests.passed === 0) console.log('no test ran')
  return sum([tests, ...checks.concat(compiled).map(countOf)])
}

function countOf(passed: boolean): Count {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1 }
}

function sum(counts: readonly Count[]): Count {
  return counts.reduce((all, each) => ({
    passed: all.passed + each.passed,
    failed: all.failed + each.failed,
  }))
}

async function runInTurn(checks: readonly Check[]): Promise<boolean[]> {
  const passed: boolean[] = []
  for (const check of checks) passed.push(await runCheck(check))
  return passed
}

async function runCheck([name, command, args]: Check): Promise<boolean> {
  const started = performance.now()
  const passed = await run(command, args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`  ${passed ? '✔' : '✘'} ${name} (${command}, ${seconds} s)`)
  return passed
}

/** Shows what a command says only where it fails. */
function run(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', reject).on('close', (code) => {
      if (code !== 0) process.stdout.write(Buffer.concat(said))
      resolve(code === 0)
    })
  })
}

/** Each process takes the next file when it is done with one; what failed is shown at the end. */
async function runInProcesses(files: readonly string[]): Promise<Count> {
  const waiting = [...LONG.filter((file) => files.includes(file)), ...files.toSorted()]
  const queue = [...new Set(waiting)]
  const failures: string[] = []
  const note = ({ said, ...count }: Ran): Count => {
    if (count.failed > 0) failures.push(said)
    else process.stdout.write(said)
    return count
  }
  const lanes = Array.from({ length: PROCESSES }, () => runLane(queue, note))
  const counts = await Promise.all(lanes)
  for (const said of failures) process.stdout.write(said)
  return sum(counts)
}

interface Worker {
  readonly child: ChildProcess
  /** Says how. */
  readonly ended: Promise<string>
}

function startWorker(): Worker {
  const child = fork(fileURLToPath(import.meta.url), { env: ENVIRONMENT })
  const ended = once(child, 'exit').then(([code, signal]) => `ended with ${code ?? signal}`)
  return { child, ended }
}

/** Runs files of the queue until it is empty: in one process, unless that breaks off, which is a failure, too. */
async function runLane(queue: string[], note: (ran: Ran) => Count): Promise<Count> {
  const counts: Count[] = [{ passed: 0, failed: 0 }]
  let worker: Worker | undefined
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    worker ??= startWorker()
    const { child, ended } = worker
    child.send(file)
    const ran = await Promise.race([once(child, 'message').then(([said]) => said as Ran), ended])
    if (typeof ran === 'object') counts.push(note(ran))
    else {
      worker = undefined
      counts.push(note({ passed: 0, failed: 1, said: `a process ${ran} at ${file}\n` }))
    }
  }
  if (worker !== undefined) counts.push(note(await end(worker)))
  return sum(counts)
}

/** One that does not end by itself has something open that a test left behind, which is a failure. */
async function end({ child, ended }: Worker): Promise<Ran> {
  child.disconnect()
  const patience = AbortSignal.timeout(PATIENCE)
  const isLate = await Promise.race([
    ended.then(() => false),
    once(patience, 'abort').then(() => true),
  ])
  if (!isLate) return { passed: 0, failed: 0, said: '' }
  child.kill('SIGKILL')
  await ended
  return {
    passed: 0,
    failed: 1,
    said: `process ${child.pid} does not end: a test left something open\n`,
  }
}

function notLoaded(file: string, error: unknown): Ran {
  return { passed: 0, failed: 1, said: format('%s cannot be loaded:', file, error, '\n') }
}

async function runTests(files: readonly string[]): Promise<Ran> {
  const said: string[] = []
  Mocha.reporters.Base.consoleLog = (...words) => said.push(`${format(...words)}\n`)
  const mocha = new Mocha({ timeout: 60_000, reporter: Spec })
  for (const file of files.toSorted()) mocha.addFile(file)
  await mocha.loadFilesAsync()
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0 } = runner.stats ?? {}
      resolve({ passed: passes, failed: failures, said: said.join('') })
    })
  })
}
