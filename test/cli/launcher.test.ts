import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import manifest from '../../package.json' with { type: 'json' }
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { LAUNCHER, once } from './support/once.ts'

describe('the launcher of once', () => {
  const folder = temporaryFolder()

  it('hands on arguments, output and exit codes', async () => {
    const [version, unknown, help] = await Promise.all([
      once(['--version']),
      once(['nonsense']),
      once(['--help']),
    ])
    expect(version).to.deep.equal({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
    expect(unknown.code).to.equal(2)
    expect(unknown.stderr).to.include("unknown command 'nonsense'")
    expect(help.code).to.equal(0)
    expect(help.stdout).to.include('Exit codes:')
  })

  it('says what to do when nothing is installed', () => {
    const place = join(folder.path, 'api', 'cli')
    mkdirSync(place, { recursive: true })
    cpSync(LAUNCHER, join(place, 'once.cjs'))
    const { status, stderr } = spawnSync(process.execPath, [join(place, 'once.cjs'), 'audit'], {
      encoding: 'utf8',
    })
    expect(status).to.equal(2)
    expect(stderr).to.include('npm start')
  })
})

describe('npm start', () => {
  const folder = temporaryFolder()

  it('takes no arguments, and starts nothing by them', () => {
    const main = join(import.meta.dirname, '..', '..', 'api', 'main.ts')
    const { status, stderr } = spawnSync(process.execPath, [main, '--port', '9090'], {
      cwd: folder.path,
      encoding: 'utf8',
    })
    expect(status).to.equal(2)
    expect(stderr).to.include('ONCE_PORT')
    expect(readdirSync(folder.path)).to.deep.equal([])
  })
})
