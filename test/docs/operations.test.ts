import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { dataKeyKey } from '../../node/store/layout.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { codeOf } from '../support/codes.ts'

describe('docs/operations.md', () => {
  it('shows how to exchange the master key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'once-rotation-'))
    try {
      const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
      const dataKey = Buffer.alloc(32, 3)
      const store = await LevelKeyValueStore.open(join(folder, 'ledger'))
      const ring = await KeyRing.open(store, oldKey)
      await store.commit([{ type: 'put', key: dataKeyKey(0), value: ring.wrap(dataKey) }])
      await store.close()

      const page = readFileSync('docs/operations.md', 'utf8')
      const [, program = ''] =
        /--input-type=module-typescript -e "\n([^]*?)\n" data /.exec(page) ?? []
      const keys = [oldKey, newKey].map((key, i) => {
        const path = join(folder, `${i}.key`)
        writeFileSync(path, key.toString('hex'))
        return path
      })
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--input-type=module-typescript',
        '-e',
        program,
        folder,
        ...keys,
      ])
      expect(stdout).to.equal('{ rewrapped: 1 }\n')

      const after = await LevelKeyValueStore.open(join(folder, 'ledger'))
      expect(await codeOf(KeyRing.open(after, oldKey))).to.equal('MASTER_KEY_WRONG')
      const wrapped = (await after.get(dataKeyKey(0))) ?? expect.fail('no data key')
      const unwrapped = (await KeyRing.open(after, newKey)).unwrap(wrapped)
      expect(Buffer.compare(unwrapped, dataKey)).to.equal(0)
      await after.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
