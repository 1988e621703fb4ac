import { randomBytes } from 'node:crypto'
import { chmodSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  MASTER_KEY_FILE,
  openOrCreateMasterKey,
  parseMasterKey,
} from '../../../node/store/sealing/masterKey.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

describe('master key', () => {
  const folder = temporaryFolder()
  const path = () => join(folder.path, MASTER_KEY_FILE)

  it('is read from hex in either case and from base64', () => {
    const key = randomBytes(32)
    for (const text of [
      key.toString('hex'),
      key.toString('hex').toUpperCase(),
      key.toString('base64'),
      `  ${key.toString('hex')}\n`,
    ])
      expect(Buffer.from(parseMasterKey(text)).equals(key)).to.equal(true)
  })

  for (const text of [
    '',
    'secret',
    '0'.repeat(63),
    '0'.repeat(66),
    Buffer.alloc(31, 7).toString('base64'),
    Buffer.alloc(33, 7).toString('base64'),
    Buffer.alloc(32, 7).toString('base64url'),
    `0x${'0'.repeat(64)}`,
  ])
    it(`is not ${JSON.stringify(text)}`, async () => {
      expect(await codeOf(() => parseMasterKey(text))).to.equal('MASTER_KEY_MALFORMED')
    })

  it('is made on the first start, for its owner alone, and found on the next', async () => {
    const data = join(folder.path, 'data')
    const first = await openOrCreateMasterKey(data)
    expect(first.created).to.equal(true)
    expect(first.key).to.have.length(32)
    expect(statSync(join(data, MASTER_KEY_FILE)).mode & 0o777).to.equal(0o600)
    expect(await openOrCreateMasterKey(data)).to.deep.equal({ key: first.key, created: false })
    expect(readdirSync(data)).to.deep.equal([MASTER_KEY_FILE])
  })

  it('is the same for starts at the same time', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => openOrCreateMasterKey(folder.path)),
    )
    const keys = made.map(({ key }) => Buffer.from(key).toString('hex'))
    expect(new Set(keys).size).to.equal(1)
    expect(readdirSync(folder.path)).to.deep.equal([MASTER_KEY_FILE])
  })

  for (const mode of [0o640, 0o604, 0o660, 0o644])
    it(`is refused with mode ${mode.toString(8)}`, async () => {
      await openOrCreateMasterKey(folder.path)
      chmodSync(path(), mode)
      expect(await codeOf(openOrCreateMasterKey(folder.path))).to.equal('MASTER_KEY_EXPOSED')
    })

  it('is not read through a link', async () => {
    await openOrCreateMasterKey(folder.path)
    const elsewhere = join(folder.path, 'elsewhere')
    renameSync(path(), elsewhere)
    symlinkSync(elsewhere, path())
    expect(await codeOf(openOrCreateMasterKey(folder.path))).to.equal('MASTER_KEY_EXPOSED')
  })

  it('is refused when its file holds something else', async () => {
    writeFileSync(path(), 'hello', { mode: 0o600 })
    expect(await codeOf(openOrCreateMasterKey(folder.path))).to.equal('MASTER_KEY_MALFORMED')
  })
})
