import { expect } from 'chai'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as layout from '../../node/store/layout.ts'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { startOnce } from './support/node.ts'
import { once } from './support/once.ts'

describe('once rebuild', () => {
  let folder: string
  const data = () => join(folder, 'data')
  const run = (...args: string[]) => once([...args, '--data', 'data', '--json'], { cwd: folder })

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'once-rebuild-'))
    writeFileSync(join(folder, 'licence.txt'), 'a licence')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('makes what is missing anew in a stopped node, and the audit then finds nothing', async () => {
    const node = await startOnce(data())
    const submit = ['submit', 'licence.txt', '--type', 'T1', '--id', 'licence']
    expect((await once(submit, { cwd: folder, env: { ONCE_URL: node.url } })).code).to.equal(0)
    const busy = await run('rebuild')
    expect(JSON.parse(busy.stderr)).to.have.nested.property('error.code', 'DATA_FOLDER_IN_USE')
    expect(busy.code).to.equal(3)
    await node.stop()

    const store = await LevelKeyValueStore.open(join(data(), 'ledger'))
    for (const family of ['id', 'term'] as const)
      for await (const [key] of store.scan(layout.familyRange(family)))
        await store.commit([{ type: 'del', key }])
    await store.close()
    const found = await run('audit')
    expect([found.code, found.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('TERM_RECORD_MISSING'),
    )
    const rebuilt = await run('rebuild')
    expect([rebuilt.code, JSON.parse(rebuilt.stdout)]).to.deep.equal([
      0,
      {
        data: 'data',
        size: 1,
        ids: { made: 1, removed: 0 },
        terms: { made: 1, removed: 0 },
        files: { made: 0, removed: 0 },
        unreadable: 0,
      },
    ])
    expect((await run('audit')).code).to.equal(0)
  })
})
