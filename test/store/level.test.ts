import { randomBytes } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ClassicLevel } from 'classic-level'
import * as fc from 'fast-check'
import { isLedgerError } from '../../node/core/errors.ts'
import type { Write } from '../../node/store/keyValueStore.ts'
import { crc32c } from '../../node/store/level/crc32c.ts'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { flipBit } from './damage.ts'
import { mountSmallDisk } from './smallDisk.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const GROUPS = 60
const PER_GROUP = 10

const keyOf = (group: number, i: number) =>
  `e/${(group * PER_GROUP + i).toString().padStart(6, '0')}`

function groupOf(number: number): Write[] {
  return Array.from({ length: PER_GROUP }, (_, i) => {
    return { type: 'put', key: keyOf(number, i), value: randomBytes(200) }
  })
}

/** A folder with a table and a journal; answers what is in it. */
async function fill(folder: string): Promise<Map<string, string>> {
  const store = await LevelKeyValueStore.open(folder)
  const expected = new Map<string, string>()
  for (let group = 0; group < GROUPS; group++) {
    const writes = groupOf(group)
    await store.commit(writes)
    if (group === GROUPS / 2) await store.compact({})
    for (const write of writes)
      if (write.type === 'put') expected.set(write.key, Buffer.from(write.value).toString('hex'))
  }
  await store.close()
  return expected
}

const put = (key: string, value: Uint8Array): Write => ({ type: 'put', key, value })

async function readAll(store: LevelKeyValueStore): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const [key, value] of store.scan({}))
    found.set(key, Buffer.from(value).toString('hex'))
  return found
}

function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true })
}

const text = (value: Uint8Array | undefined) => value && Buffer.from(value).toString()

const filesIn = (folder: string, shape: RegExp) =>
  readdirSync(folder).filter((name) => shape.test(name))

describe('LevelDB', () => {
  const folder = temporaryFolder()
  const whole = temporaryFolder()
  const damaged = temporaryFolder()
  const open = (options = {}) => LevelKeyValueStore.open(join(folder.path, 'db'), options)

  it('uses the CRC-32C of RFC 3720', () => {
    // RFC 3720 §B.4
    expect(crc32c(new Uint8Array(32))).to.equal(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).to.equal(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).to.equal(0x46dd794e)
  })

  it('refuses a folder that is open already', async () => {
    const store = await open()
    const refusal = await open().catch((error: unknown) => error)
    expect(isLedgerError(refusal, 'DATA_FOLDER_IN_USE')).to.equal(true)
    await store.close()
    await (await open()).close()
  })

  it('makes deleted values unreadable on the disk when it compacts', async () => {
    const path = join(folder.path, 'db')
    const holds = (secret: Uint8Array) =>
      readdirSync(path).filter((name) =>
        readFileSync(join(path, name)).includes(Buffer.from(secret)),
      )
    const [written, fresh, replaced] = [randomBytes(45), randomBytes(45), randomBytes(45)]
    const store = await open()
    await store.commit([put('k/1', randomBytes(45))])
    await store.commit([put('k/2', written)])
    await store.commit([put('k/3', randomBytes(45))])
    await store.compact({ gte: 'k/', lt: 'k0' })
    await store.commit([put('k/4', fresh)])
    await store.commit([put('k/5', replaced)])
    await store.commit([put('k/5', randomBytes(45))])
    for (const secret of [written, fresh, replaced]) expect(holds(secret)).to.have.length(1)
    await store.commit(['k/2', 'k/4'].map((key) => ({ type: 'del', key })))
    for (const key of ['k/2', 'k/4', 'k/5']) await store.compact({ gte: key, lte: key })
    for (const secret of [written, fresh, replaced]) expect(holds(secret)).to.deep.equal([])
    expect([...(await readAll(store)).keys()]).to.deep.equal(['k/1', 'k/3', 'k/5'])
    await store.close()
  })

  describe('with damaged files', () => {
    let expected: Map<string, string>

    beforeEach(async () => {
      expected = await fill(whole.path)
    })

    const place = [
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 7 }),
    ] as const

    for (const [kind, shape] of [
      ['journal', /\.log$/],
      ['manifest', /^MANIFEST/],
      ['CURRENT', /^CURRENT$/],
    ] as const) {
      it(`loses nothing silently with any bit of its ${kind} flipped`, async () => {
        const [file] = filesIn(whole.path, shape)
        await fc.assert(
          fc.asyncProperty(...place, async (position, bit) => {
            copyFolder(whole.path, damaged.path)
            flipBit(join(damaged.path, file ?? ''), position, bit)
            const opened = await LevelKeyValueStore.open(damaged.path).catch(
              (error: unknown) => error,
            )
            if (opened instanceof LevelKeyValueStore) {
              // The bit was one of the padding.
              const found = await readAll(opened)
              await opened.close()
              expect([...found]).to.deep.equal([...expected])
            } else expect(isLedgerError(opened, 'STORE_CORRUPT')).to.equal(true)
          }),
          { numRuns: 25 },
        )
      })
    }

    it('names the table in which any bit is flipped, and never reads another value', async () => {
      const [table] = filesIn(whole.path, /\.ldb$/)
      const path = join(whole.path, table ?? '')
      // The footer ends with 8 bytes that are checked; before them stand handles and unused zeros.
      const checked = (statSync(path).size - 48) / statSync(path).size
      await fc.assert(
        fc.asyncProperty(...place, async (position, bit) => {
          copyFolder(whole.path, damaged.path)
          flipBit(join(damaged.path, table ?? ''), position * checked, bit)
          const store = await LevelKeyValueStore.open(damaged.path)
          const damage = await Array.fromAsync(store.findDamage())
          expect(damage.map(({ file }) => file)).to.deep.equal([table])
          for (const [key, value] of expected) {
            const found = await store.get(key).catch((error: unknown) => error)
            if (found instanceof Uint8Array)
              expect(Buffer.from(found).toString('hex')).to.equal(value)
            else if (found !== undefined)
              expect(isLedgerError(found, 'STORE_CORRUPT')).to.equal(true)
          }
          await store.close()
        }),
        { numRuns: 12 },
      )
    })

    it('finds no damage in sound files', async () => {
      const store = await LevelKeyValueStore.open(whole.path)
      expect(await Array.fromAsync(store.findDamage())).to.deep.equal([])
      await store.close()
    })

    it('opens with whole groups alone when a crash cut its journal short', async () => {
      const [journal] = filesIn(whole.path, /\.log$/)
      const size = statSync(join(whole.path, journal ?? '')).size
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: size }), async (length) => {
          copyFolder(whole.path, damaged.path)
          truncateSync(join(damaged.path, journal ?? ''), length)
          const store = await LevelKeyValueStore.open(damaged.path)
          const found = await readAll(store)
          await store.close()
          expect(found.size % PER_GROUP).to.equal(0)
          expect([...found]).to.deep.equal([...expected].slice(0, found.size))
        }),
        { numRuns: 25 },
      )
    })
  })

  describe('on a disk without room', () => {
    it('refuses writes while the reserve is not free, and still reads', async () => {
      const store = await open()
      await store.commit([put('a', randomBytes(10))])
      await store.close()
      const full = await open({ reserve: Number.MAX_SAFE_INTEGER })
      expect(await codeOf(full.commit([put('b', randomBytes(10))]))).to.equal('STORE_FULL')
      expect([...(await readAll(full)).keys()]).to.deep.equal(['a'])
      await full.close()
    })

    for (const [outcome, applies] of [
      ['tells that a failed write was not applied, and goes on', false],
      ['accepts a write that failed after it had reached the journal', true],
    ] as const) {
      it(outcome, async () => {
        const store = await open()
        await store.commit([put('a', Buffer.from('before'))])
        failNextWrite(applies)
        const code = await codeOf(
          store.commit([
            put('a', Buffer.from('after')),
            put('b', randomBytes(10)),
            { type: 'del', key: 'c' },
          ]),
        )
        expect(code).to.equal(applies ? undefined : 'STORE_FULL')
        expect(text(await store.get('a'))).to.equal(applies ? 'after' : 'before')
        expect((await store.get('b')) !== undefined).to.equal(applies)
        await store.commit([put('d', randomBytes(10))])
        expect(await store.get('d')).to.have.length(10)
        await store.close()
      })
    }

    it('loses nothing acknowledged and applies no half of a group when room runs out', async () => {
      const disk = join(folder.path, 'disk')
      const unmount = mountSmallDisk(disk, 4 * 2 ** 20)
      try {
        // Where nobody may mount, the reserve stands for the end of the disk.
        const reserve = unmount ? 0 : Number.MAX_SAFE_INTEGER
        const store = await LevelKeyValueStore.open(join(disk, 'db'), { reserve })
        let acknowledged = 0
        let code: string | undefined
        while (code === undefined) {
          code = await codeOf(
            store.commit(
              groupOf(acknowledged).concat(put(`z/${acknowledged}`, randomBytes(50_000))),
            ),
          )
          if (code === undefined) acknowledged++
        }
        expect(code).to.be.oneOf(['STORE_FULL', 'STORE_WRITE_FAILED'])
        await store.close()
        cpSync(join(disk, 'db'), join(folder.path, 'elsewhere'), { recursive: true })
        const restarted = await LevelKeyValueStore.open(join(folder.path, 'elsewhere'))
        const found = (await readAll(restarted)).size / (PER_GROUP + 1)
        await restarted.close()
        expect(found).to.be.oneOf([acknowledged, acknowledged + 1])
      } finally {
        unmount?.()
      }
    })
  })
})

/** The next batch fails as on a full disk, before or after it was written. */
function failNextWrite(applies: boolean): void {
  type Begin = (this: ClassicLevel) => ReturnType<ClassicLevel['batch']>
  const begin = Reflect.get(ClassicLevel.prototype, 'batch') as Begin
  const failing: Begin = function () {
    const batch = begin.call(this)
    const write = batch.write.bind(batch)
    batch.write = async () => {
      // The method is inherited: taking the own one away repairs it.
      Reflect.deleteProperty(ClassicLevel.prototype, 'batch')
      await (applies ? write() : batch.close())
      throw new Error('IO error: 000003.log: No space left on device')
    }
    return batch
  }
  Reflect.set(ClassicLevel.prototype, 'batch', failing)
}
