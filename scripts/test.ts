/**
 * What `npm test` runs: contracts, types, lint and format, then every test, in two processes at a time.
 * `npm test -- test/core` narrows the tests to paths; the checks of the whole tree are then left out.
 * The closing line is `N passed, N failed`.
 */
import { fork, spawn } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Mocha from 'mocha'

interface Count {
  readonly passed: number
  readonly failed: number
}

type Check = readonly [name: string, command: string, args: readonly string[]]

/** Compiled once for both processes of tests, which would else do it at the same time in one place. */
const CONTRACTS: Check = ['contracts', 'hardhat', ['build', '--quiet']]
const CHECKS: readonly Check[] = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
]

const PROCESSES = 2

// A process that this script started gets its files by message.
if (process.send) {
  const [files] = (await new Promise((resolve) => process.once('message', resolve))) as [string[]]
  process.send(await runTests(files))
  process.disconnect()
} else await main(process.argv.slice(2))

async function main(only: readonly string[]): Promise<void> {
  const checks = only.length === 0 ? await runChecks() : { passed: 0, failed: 0 }
  const tests =
    only.length === 0
      ? await runTestsInProcesses(globSync('test/**/*.test.ts'))
      : await runTests(
          only.flatMap((path) =>
            statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : [path],
          ),
        )
  if (tests.passed === 0) console.log('no test ran')
  const [passed, failed] = [tests.passed + checks.passed, tests.failed + checks.failed]
  console.log(`${passed} passed, ${failed} failed`)
  // Set rather than exit: a handle that a test left open shows as a run that does not end.
  process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0
}

async function runChecks(): Promise<Count> {
  const compiled = runCheck(CONTRACTS)
  const passed: boolean[] = []
  for (const check of CHECKS) passed.push(await runCheck(check))
  passed.push(await compiled)
  const failed = passed.filter((each) => !each).length
  return { passed: passed.length - failed, failed }
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

/** Every other file to every other process: neighbours cost alike. */
async function runTestsInProcesses(files: readonly string[]): Promise<Count> {
  const sorted = files.toSorted()
  const counts = await Promise.all(
    Array.from({ length: PROCESSES }, (_, each) =>
      runTestsInProcess(
        sorted.filter((_, position) => position % PROCESSES === each),
        each === 0,
      ),
    ),
  )
  return counts.reduce((all, each) => ({
    passed: all.passed + each.passed,
    failed: all.failed + each.failed,
  }))
}

/** @param isFirst shows what it does at once, the others when they have ended, so that nothing is mixed */
async function runTestsInProcess(files: string[], isFirst: boolean): Promise<Count> {
  const child = fork(fileURLToPath(import.meta.url), {
    stdio: ['ignore', isFirst ? 'inherit' : 'pipe', isFirst ? 'inherit' : 'pipe', 'ipc'],
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => said.push(chunk))
  let count: Count | undefined
  child.on('message', (message) => {
    count = message as Count
  })
  child.send([files])
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  process.stdout.write(Buffer.concat(said))
  if (count !== undefined) return count
  // It broke before it could count: that is a failure, too.
  console.log(`a process of tests ended with ${code}, before its tests`)
  return { passed: 0, failed: 1 }
}

async function runTests(files: readonly string[]): Promise<Count> {
  const mocha = new Mocha({ timeout: 60_000, reporter: 'spec' })
  for (const file of files.toSorted()) mocha.addFile(file)
  await mocha.loadFilesAsync()
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0 } = runner.stats ?? {}
      resolve({ passed: passes, failed: failures })
    })
  })
}
