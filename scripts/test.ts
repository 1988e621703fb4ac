/**
 * What `npm test` runs: types, lint, format, then every test.
 * `npm test -- test/core` narrows the tests to paths; the checks of the whole tree are then left out.
 * The closing line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import Mocha from 'mocha'

const CHECKS = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
] as const

const only = process.argv.slice(2)
const failedChecks: string[] = []

if (only.length === 0) {
  for (const [name, command, args] of CHECKS) {
    const started = performance.now()
    const passed = await run(command, args)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`  ${passed ? '✔' : '✘'} ${name} (${command}, ${seconds} s)`)
    if (!passed) failedChecks.push(name)
  }
}

const tests = await runTests(
  only.length === 0
    ? globSync('test/**/*.test.ts')
    : only.flatMap((path) =>
        statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : [path],
      ),
)
const checksPassed = (only.length === 0 ? CHECKS.length : 0) - failedChecks.length
const failed = tests.failed + failedChecks.length

if (failedChecks.length > 0) console.log(`failed checks: ${failedChecks.join(', ')}`)
if (tests.passed === 0) console.log('no test ran')
console.log(`${tests.passed + checksPassed} passed, ${failed} failed`)
// Set rather than exit: a handle that a test left open shows as a run that does not end.
process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0

function run(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', reject)
      .on('close', (code) => resolve(code === 0))
  })
}

async function runTests(files: string[]): Promise<{ passed: number; failed: number }> {
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
