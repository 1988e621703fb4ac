// Measures the ledger beside its peers. `npm run bench -- merkle gas` runs some of the cases only;
// `-- resolve --bank 1000000` resolves in a bank of a million materials.
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { core } from './cases/core.ts'
import { decide } from './cases/decide.ts'
import { figures } from './cases/figures.ts'
import { gas } from './cases/gas.ts'
import { grants } from './cases/grants.ts'
import { imports } from './cases/import.ts'
import { intakeBatch } from './cases/intakeBatch.ts'
import { intakeSingle } from './cases/intakeSingle.ts'
import { large } from './cases/large.ts'
import { merkle } from './cases/merkle.ts'
import { million } from './cases/million.ts'
import { mirror } from './cases/mirror.ts'
import { resolve } from './cases/resolve.ts'
import { verify } from './cases/verify.ts'
import type { BenchCase, Findings } from './lib/case.ts'
import { describeMachine, formatMachine } from './lib/machine.ts'
import { installPeers } from './lib/peers.ts'
import { formatFindings } from './lib/report.ts'

const CASES: readonly BenchCase[] = [
  merkle,
  intakeSingle,
  intakeBatch,
  imports,
  large,
  million,
  mirror,
  decide,
  resolve,
  figures,
  gas,
  grants,
  verify,
  core,
]
const RESULTS = new URL('results/', import.meta.url)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    bank: { type: 'string', default: '50000' },
  },
})

/** A name, or how it begins: `intake` means every case of intake. */
function chosen(names: readonly string[]): readonly BenchCase[] {
  const unknown = names.filter((name) => !CASES.some((one) => one.name.startsWith(name)))
  if (unknown.length > 0) {
    console.error(`No such case: ${unknown.join(', ')}. There are: ${namesOf(CASES)}`)
    process.exit(2)
  }
  if (names.length === 0) return CASES
  return CASES.filter((one) => names.some((name) => one.name.startsWith(name)))
}

function namesOf(cases: readonly BenchCase[]): string {
  return cases.map(({ name }) => name).join(', ')
}

if (values.list) {
  for (const { name, summary } of CASES) console.log(`${name.padEnd(14)} ${summary}`)
  process.exit(0)
}

const cases = chosen(positionals)
installPeers()
const machine = describeMachine()
console.log(formatMachine(machine))

const results: Record<string, Findings & { load: number; seconds: number }> = {}
for (const one of cases) {
  const { name, summary } = one
  console.log(`\n${name}: ${summary}`)
  const load = loadavg()[0] ?? 0
  const started = performance.now()
  const findings = await one.run({
    profile: values.profile,
    bank: Number(values.bank),
    say: (line) => console.log(`  ${line}`),
  })
  const seconds = (performance.now() - started) / 1000
  results[name] = { ...findings, load, seconds }
  console.log(formatFindings(findings))
  console.log(`  (${seconds.toFixed(0)} s, load before ${load.toFixed(1)})`)
}

mkdirSync(RESULTS, { recursive: true })
const at = new Date().toISOString()
const file = new URL(`${at.replaceAll(/[:.]/g, '-')}.json`, RESULTS)
writeFileSync(file, `${JSON.stringify({ at, machine, cases: results }, null, 2)}\n`)
console.log(`\n${file.pathname}`)
