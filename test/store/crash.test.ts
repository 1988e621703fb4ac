import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import * as layout from '../../node/store/layout.ts'
import { decodeLocation } from '../../node/store/locations.ts'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { PER_GROUP } from './crashingWriter.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const CRASHES = 12

/** Runs the writer and kills it when it has acknowledged `groups` more; answers the last number it told. */
async function writeAndKill(folder: string, first: number, groups: number): Promise<number> {
  const script = join(import.meta.dirname, 'crashingWriter.ts')
  const child = spawn(process.execPath, [script, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = first - 1
  // What it told before it died still arrives after the kill.
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (last - first + 1 === groups) child.kill('SIGKILL')
  }
  expect(last).to.be.at.least(first + groups - 1)
  return last
}

describe('a store whose process is killed', () => {
  const folder = temporaryFolder()

  it('keeps every group that was acknowledged, whole, and nothing of any other', async () => {
    let acknowledged = -1
    let first = 0
    for (let crash = 0; crash < CRASHES; crash++) {
      const groups = 1 + Math.floor(Math.random() * 25)
      acknowledged = await writeAndKill(folder.path, first, groups)
      const stored = await checkStores(folder.path, first)
      expect(stored).to.be.oneOf([acknowledged + 1, acknowledged + 2])
      first = stored
    }
    expect(await checkStores(folder.path, 0)).to.equal(first)
  })
})

/** Opens both stores, checks every group from `first` on, and answers how many groups there are. */
async function checkStores(folder: string, first: number): Promise<number> {
  const store = await LevelKeyValueStore.open(join(folder, 'db'))
  const contents = await FileContentStore.open(folder)
  await contents.recover(async ({ name }) => (await store.get(layout.fileKey(name))) !== undefined)
  expect(readdirSync(join(folder, 'incoming'))).to.deep.equal([])
  expect(await Array.fromAsync(store.findDamage())).to.deep.equal([])

  const committed = new Set<string>()
  for await (const [key] of store.scan(layout.familyRange('file'))) committed.add(key)
  const files = await Array.fromAsync(contents.listFiles())
  expect(files.map(({ name }) => layout.fileKey(name))).to.have.members([...committed])

  let next = first * PER_GROUP
  for await (const [key, digest] of store.scan(layout.indexRange('entry', next))) {
    expect(layout.parseKey(key)).to.deep.equal({ family: 'entry', index: next })
    const location = await store.get(layout.locationKey(next))
    if (location === undefined) throw new TypeError(`${key} has no content`)
    const content = await contents.readAll(decodeLocation(location))
    expect(createHash('sha256').update(content).digest().equals(digest)).to.equal(true)
    next++
  }
  await contents.close()
  await store.close()
  expect(next % PER_GROUP).to.equal(0)
  return next / PER_GROUP
}
