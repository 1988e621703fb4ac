import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import manifest from '../../package.json' with { type: 'json' }

interface Step {
  readonly command: string
  readonly shown: string
}

/** Commands of the tour, each with the output below it. */
function readTour(): Step[] {
  const page = readFileSync('README.md', 'utf8')
  return [...page.matchAll(/```sh\n([^]*?)```\n[^]*?```text\n([^]*?)```/g)].map(
    ([, command = '', shown = '']) => ({ command, shown }),
  )
}

/** What is new each time, by what it is. */
function stable(output: string): string {
  return output
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/onceledger\.local\/[0-9a-f]{12}/g, '<origin>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<address>')
}

let env: NodeJS.ProcessEnv

describe('the README', () => {
  const tour = readTour()
  const [start, ...steps] = tour
  let folder: string
  let ledger: ChildProcess

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'once-tour-'))
    env = environment(folder)
  })

  after(async () => {
    if (ledger?.exitCode === null) {
      ledger.kill('SIGTERM')
      await once(ledger, 'exit')
    }
    rmSync(folder, { recursive: true })
  })

  it('has a tour of six steps, and a request', () => {
    expect(
      tour.map(({ command }) => command.trim().split('\n').at(-1)?.trim().split(' ', 3).join(' ')),
    ).to.eql([
      'npm start',
      'npx once submit',
      'npx once verify',
      'npx once verify',
      'npx once audit',
      'npx once audit',
      "'http://127.0.0.1:8080/v1/materials?wait=anchored'",
    ])
  })

  it('starts a ledger with npm start', async () => {
    ledger = spawn('sh', ['-c', `exec ${start?.command}`], { cwd: folder, env })
    const output = await readUntil(ledger, /^Ready\..*\n/m)
    expect(stable(output)).to.equal(stable(start?.shown ?? ''))
    env['ONCE_URL'] = /API {6}(\S+),/.exec(output)?.[1]
  })

  for (const { command, shown } of steps) {
    it(`prints what it shows for ${command.trim().split('\n').at(-1)}`, async () => {
      // Into one pipe, so that the two streams stand in the order in which they were written.
      const script = `{ ${reachable(command)} } 2>&1`
      const child = spawn('sh', ['-c', script], { cwd: folder, env })
      const [output, [code]] = await Promise.all([readAll(child), once(child, 'exit')])
      expect(stable(output)).to.equal(stable(shown))
      expect(code).to.equal(/\n(?:fail\n|fault )/.test(shown) ? 1 : 0)
    })
  }

  it('shows a program that hands a material in', async () => {
    const [, code = ''] = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    const file = join(folder, 'program.ts')
    const imports = code.replaceAll("from './api/", `from '${resolve('api')}/`)
    writeFileSync(file, `${reachable(imports)}\nconsole.log(id, JSON.parse(evidence).statement.id)`)
    const tokens: unknown = JSON.parse(readFileSync(join(folder, 'data', 'tokens.json'), 'utf8'))
    const [{ token }] = tokens as [{ token: string }]
    const child = spawn(process.execPath, [file], { cwd: folder, env: { ...env, TOKEN: token } })
    expect(stable(await readAll(child))).to.equal('<id> <id>\n')
  })
})

/** The address that is free here, in place of the usual one. */
function reachable(code: string): string {
  return code.replaceAll('http://127.0.0.1:8080', env['ONCE_URL'] ?? '')
}

/**
 * As a fresh checkout would have it. `npm` and `npx` run what package.json names, without their own
 * second of thinking and without touching node_modules.
 */
function environment(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const [, script = ''] = /^node (?:--\S+ )*(\S+)$/.exec(manifest.scripts.start) ?? []
  const program = (name: string, lines: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  program('npm', `[ "$*" = start ] && ${run(script)}`)
  program('npx', `[ "$1" = once ] && shift && ${run(manifest.bin.once)} "$@"`)
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ONCE_'))
  return {
    ...Object.fromEntries(inherited),
    PATH: `${bin}:${process.env['PATH']}`,
    ONCE_PORT: '0',
  }
}

function run(path: string): string {
  return `exec "${process.execPath}" "${resolve(path)}"`
}

async function readAll({ stdout }: ChildProcess): Promise<string> {
  return stdout === null ? '' : text(stdout)
}

function readUntil(child: ChildProcess, end: RegExp): Promise<string> {
  return new Promise((found, failed) => {
    let output = ''
    const add = (text: string) => {
      output += text
      if (end.test(output)) found(output)
    }
    child.stdout?.setEncoding('utf8').on('data', add)
    child.stderr?.setEncoding('utf8').on('data', add)
    child.once('exit', () => failed(new Error(`it ended: ${output}`)))
  })
}
