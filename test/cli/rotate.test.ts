import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOnce } from './support/node.ts'
import { once } from './support/once.ts'

describe('once rotate', () => {
  let folder: string
  const at = (...names: string[]) => join(folder, ...names)

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'once-rotate-'))
    writeFileSync(at('licence.txt'), 'a licence')
    writeFileSync(at('new.key'), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
    writeFileSync(at('other.key'), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('puts a stopped node under a new key, with which alone everything opens again', async () => {
    const node = await startOnce(at('data'))
    const submit = ['submit', 'licence.txt', '--type', 'T1', '--id', 'licence']
    const env = { ONCE_URL: node.url }
    expect((await once(submit, { cwd: folder, env })).code).to.equal(0)
    const busy = await once(['rotate', 'new.key', '--json'], { cwd: folder })
    expect(JSON.parse(busy.stderr)).to.have.nested.property('error.code', 'DATA_FOLDER_IN_USE')
    await node.stop()

    const nowhere = await once(
      ['rotate', 'new.key', '--data', 'nothing', '--old-key', 'other.key'],
      {
        cwd: folder,
      },
    )
    expect(nowhere.code).to.equal(2)
    expect(existsSync(at('nothing'))).to.equal(false)
    const wrong = await once(['rotate', 'new.key', '--old-key', 'other.key', '--json'], {
      cwd: folder,
    })
    expect(JSON.parse(wrong.stderr)).to.have.nested.property('error.code', 'MASTER_KEY_WRONG')
    const rotated = await once(['rotate', 'new.key', '--json'], { cwd: folder })
    expect([rotated.code, JSON.parse(rotated.stdout)]).to.deep.equal([
      0,
      { data: './data', rewrapped: 1 },
    ])
    const audit = ['audit', '--data', 'data', '--json']
    expect((await once(audit, { cwd: folder })).stderr).to.include('MASTER_KEY_WRONG')
    renameSync(at('new.key'), at('data', 'master.key'))
    expect((await once(audit, { cwd: folder })).code).to.equal(0)
  })
})
