import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import * as fc from 'fast-check'
import type { SegmentLocation } from '../../node/store/contentStore.ts'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { flipBit } from './damage.ts'
import { mountSmallDisk } from './smallDisk.ts'
import { temporaryFolder } from './temporaryFolder.ts'

const HEADER_LENGTH = 12

/** What the disk does instead of what it is asked, while it is set. */
interface Faults {
  writev?: (
    handle: FileHandle,
    pieces: Uint8Array[],
    position: number,
  ) => Promise<{ bytesWritten: number }>
  write?: () => Promise<never>
  datasync?: () => Promise<never>
  truncate?: () => Promise<never>
}

function openWith(faults: Faults): typeof open {
  const opening = async (...args: Parameters<typeof open>) =>
    new Proxy(await open(...args), {
      get(handle, name) {
        const fault: unknown = Reflect.get(faults, name)
        if (typeof fault === 'function')
          return (...args: unknown[]): unknown => fault(handle, ...args)
        const value: unknown = Reflect.get(handle, name)
        return typeof value === 'function' ? value.bind(handle) : value
      },
    })
  return opening
}

async function fail(code: string): Promise<never> {
  throw Object.assign(new Error(code), { code })
}

async function writeHalf(handle: FileHandle, pieces: Uint8Array[], position: number) {
  const bytes = Buffer.concat(pieces)
  return handle.write(bytes, 0, Math.floor(bytes.length / 2), position)
}

async function putOne(store: FileContentStore, content: Uint8Array): Promise<SegmentLocation> {
  const [location] = await store.putGroup([content])
  if (location === undefined) throw new TypeError('no location')
  return location
}

describe('files', () => {
  const folder = temporaryFolder()
  const segmentPath = ({ segment }: SegmentLocation) =>
    join(folder.path, 'segments', `${segment.toString(16).padStart(8, '0')}.segment`)
  const namesIn = (...parts: string[]) => readdirSync(join(folder.path, ...parts))

  it('lets only their owner read them', async () => {
    const store = await FileContentStore.open(folder.path)
    const location = await putOne(store, randomBytes(10))
    const writer = await store.begin()
    const { name } = await writer.keep()
    for (const path of [segmentPath(location), join(folder.path, 'incoming', name)])
      expect(statSync(path).mode & 0o777).to.equal(0o600)
    await store.close()
  })

  it('begin a segment of their own at the first write after each start', async () => {
    const contents = Array.from({ length: 3 }, () => randomBytes(100))
    const locations = []
    for (const content of contents) {
      const store = await FileContentStore.open(folder.path)
      locations.push(await putOne(store, content))
      await store.close()
    }
    await (await FileContentStore.open(folder.path)).close()
    expect(locations.map(({ segment }) => segment)).to.deep.equal([0, 1, 2])
    expect(namesIn('segments')).to.have.length(3)
    const store = await FileContentStore.open(folder.path)
    for (const [i, location] of locations.entries())
      expect(await store.readAll(location)).to.deep.equal(contents[i])
    await store.close()
  })

  it('leave alone what a crash left at the end of a segment, and name it', async () => {
    const before = await FileContentStore.open(folder.path)
    const content = randomBytes(1000)
    const location = await putOne(before, content)
    await before.close()
    const size = statSync(segmentPath(location)).size
    appendFileSync(segmentPath(location), readFileSync(segmentPath(location)).subarray(0, 500))
    const store = await FileContentStore.open(folder.path)
    const next = await putOne(store, content)
    expect(next.segment).to.equal(location.segment + 1)
    expect(await store.readAll(location)).to.deep.equal(content)
    expect(await Array.fromAsync(store.findDamage())).to.deep.equal([
      { segment: location.segment, offset: size, length: 500 },
    ])
    await store.close()
  })

  it('name every flipped bit and the content it is in', async () => {
    const store = await FileContentStore.open(folder.path)
    const contents = Array.from({ length: 5 }, (_, i) => randomBytes(i * 300))
    const locations = await store.putGroup(contents)
    const [{ segment }] = locations as [SegmentLocation]
    const path = segmentPath(locations[0] as SegmentLocation)
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          flipBit(path, at, bit)
          const damage = await Array.fromAsync(store.findDamage())
          const codes = await Promise.all(
            locations.map((location) => codeOf(store.readAll(location))),
          )
          const hit = locations.filter((_, i) => codes[i] === 'CONTENT_CORRUPT')
          expect(hit).to.have.length(1)
          expect(damage).to.deep.equal(
            hit.map(({ offset, length }) => {
              return { segment, offset: offset - HEADER_LENGTH, length: length + HEADER_LENGTH }
            }),
          )
          flipBit(path, at, bit)
        },
      ),
      { numRuns: 40 },
    )
    expect(await Array.fromAsync(store.findDamage())).to.deep.equal([])
    await store.close()
  })

  it('drop a segment whose contents are all dead, and merge those that stayed small', async () => {
    const kept = new Map<string, SegmentLocation>()
    const content = randomBytes(1000)
    for (let i = 0; i < 4; i++) {
      const store = await FileContentStore.open(folder.path)
      const location = await putOne(store, content)
      if (i !== 1) kept.set(`c${i}`, location)
      await store.close()
    }
    const store = await FileContentStore.open(folder.path)
    const live = async function* () {
      for (const [key, location] of kept) yield { key, location }
    }
    const reclaimed = await store.reclaim(live, async (moves) => {
      for (const { key, to } of moves) kept.set(key, to)
    })
    expect(reclaimed).to.deep.equal({ segments: 4, bytes: 4 * (1000 + HEADER_LENGTH) - 3000 })
    expect(namesIn('segments')).to.have.length(1)
    for (const location of kept.values())
      expect(await store.readAll(location)).to.deep.equal(content)
    await store.close()
  })

  it('keep a segment with a damaged content when they reclaim', async () => {
    const before = await FileContentStore.open(folder.path)
    const location = await putOne(before, randomBytes(1000))
    await before.close()
    flipBit(segmentPath(location), 0.5, 3)
    const store = await FileContentStore.open(folder.path)
    const live = async function* () {
      yield { key: 'c', location }
    }
    const reclaiming = store.reclaim(live, async () => expect.fail('nothing may move'))
    expect(await codeOf(reclaiming)).to.equal('CONTENT_CORRUPT')
    expect(namesIn('segments')).to.have.length(1)
    await store.close()
  })

  describe('on a failing disk', () => {
    const faults: Faults = {}
    let store: FileContentStore

    beforeEach(async () => {
      for (const name of ['writev', 'write', 'datasync', 'truncate'] as const) delete faults[name]
      store = await FileContentStore.open(folder.path, { openFile: openWith(faults) })
    })

    afterEach(() => store.close())

    it('write on where the system wrote less than it was given', async () => {
      const contents = [randomBytes(3000), randomBytes(5000)]
      faults.writev = writeHalf
      const locations = await store.putGroup(contents)
      for (const [i, location] of locations.entries())
        expect(await store.readAll(location)).to.deep.equal(contents[i])
    })

    it('give a half-written group back when room runs out, and go on', async () => {
      const before = await putOne(store, randomBytes(1000))
      const size = statSync(segmentPath(before)).size
      faults.writev = writeHalf
      faults.write = () => fail('ENOSPC')
      expect(await codeOf(store.putGroup([randomBytes(500), randomBytes(2000)]))).to.equal(
        'STORE_FULL',
      )
      expect(statSync(segmentPath(before)).size).to.equal(size)
      delete faults.writev
      delete faults.write
      const content = randomBytes(100)
      const after = await putOne(store, content)
      expect(after).to.deep.include({ segment: before.segment, offset: size + HEADER_LENGTH })
      expect(await store.readAll(after)).to.deep.equal(content)
      expect(await store.readAll(before)).to.have.length(1000)
      expect(await Array.fromAsync(store.findDamage())).to.deep.equal([])
    })

    it('leave a segment that they cannot cut back', async () => {
      const before = await putOne(store, randomBytes(1000))
      faults.writev = writeHalf
      faults.write = () => fail('EIO')
      faults.truncate = () => fail('EIO')
      expect(await codeOf(store.putGroup([randomBytes(500)]))).to.equal('STORE_WRITE_FAILED')
      delete faults.writev
      delete faults.write
      const after = await putOne(store, randomBytes(100))
      expect(after.segment).to.equal(before.segment + 1)
      expect(await store.readAll(before)).to.have.length(1000)
    })

    it('trust no segment after a sync that failed', async () => {
      const before = await putOne(store, randomBytes(1000))
      faults.datasync = () => fail('EIO')
      expect(await codeOf(store.putGroup([randomBytes(500)]))).to.equal('STORE_WRITE_FAILED')
      delete faults.datasync
      const after = await putOne(store, randomBytes(100))
      expect(after.segment).to.equal(before.segment + 1)
      expect(await store.readAll(before)).to.have.length(1000)
    })

    it('leave nothing of a large content that found no room', async () => {
      const writer = await store.begin()
      await writer.write(randomBytes(1000))
      faults.write = () => fail('ENOSPC')
      expect(await codeOf(writer.write(randomBytes(1000)))).to.equal('STORE_FULL')
      await writer.abort()
      expect(namesIn('incoming')).to.deep.equal([])
    })

    it('notice when what was sent ahead did not reach the disk', async () => {
      const writer = await store.begin()
      faults.datasync = () => fail('EIO')
      for (let i = 0; i < 9; i++) await writer.write(Buffer.alloc(4 * 2 ** 20))
      expect(await codeOf(writer.keep())).to.equal('STORE_WRITE_FAILED')
      await writer.abort()
      expect(namesIn('incoming')).to.deep.equal([])
    })
  })

  it('keep the reserve of the disk free', async () => {
    const store = await FileContentStore.open(folder.path, { reserve: Number.MAX_SAFE_INTEGER })
    expect(await codeOf(store.putGroup([randomBytes(10)]))).to.equal('STORE_FULL')
    expect(await codeOf(store.begin())).to.equal('STORE_FULL')
    expect(namesIn('segments')).to.deep.equal([])
    expect(namesIn('incoming')).to.deep.equal([])
    await store.close()
  })

  it('lose nothing they have answered when the disk fills up', async () => {
    const disk = join(folder.path, 'disk')
    const unmount = mountSmallDisk(disk, 2 * 2 ** 20)
    try {
      // Where nobody may mount, the reserve stands for the end of the disk.
      const reserve = unmount ? 0 : Number.MAX_SAFE_INTEGER
      const store = await FileContentStore.open(disk, { reserve })
      const answered: [SegmentLocation, Uint8Array][] = []
      let code: string | undefined
      while (code === undefined) {
        const contents = [randomBytes(70_000), randomBytes(30_000)]
        code = await codeOf(
          store.putGroup(contents).then((locations) => {
            for (const [i, location] of locations.entries())
              answered.push([location, contents[i] as Uint8Array])
          }),
        )
      }
      expect(code).to.equal('STORE_FULL')
      for (const [location, content] of answered)
        expect(await store.readAll(location)).to.deep.equal(content)
      expect(await Array.fromAsync(store.findDamage())).to.deep.equal([])
      await store.close()
    } finally {
      unmount?.()
    }
  })

  for (const name of [
    '../../etc/passwd',
    '..',
    '',
    'AB'.repeat(16),
    `${'ab'.repeat(16)}/`,
    'ab'.repeat(15),
  ])
    it(`never look for ${JSON.stringify(name)}`, async () => {
      const store = await FileContentStore.open(folder.path)
      const location = { in: 'file', name, length: 1 } as const
      expect(await codeOf(store.readAll(location))).to.equal('LOCATION_MALFORMED')
      expect(await codeOf(() => store.remove(location))).to.equal('LOCATION_MALFORMED')
      expect(await codeOf(() => store.settle(location))).to.equal('LOCATION_MALFORMED')
      await store.close()
    })

  it('follow no link', async () => {
    const store = await FileContentStore.open(folder.path)
    const secret = join(folder.path, 'secret')
    const location = await putOne(store, randomBytes(100))
    await store.close()
    renameSync(segmentPath(location), secret)
    symlinkSync(secret, segmentPath(location))
    const name = 'ab'.repeat(16)
    mkdirSync(join(folder.path, 'files', 'ab'), { recursive: true })
    symlinkSync(secret, join(folder.path, 'files', 'ab', name))
    const again = await FileContentStore.open(folder.path)
    expect(await codeOf(again.readAll(location))).to.equal('CONTENT_UNREADABLE')
    expect(await codeOf(again.readAll({ in: 'file', name, length: 100 }))).to.equal(
      'CONTENT_UNREADABLE',
    )
    await again.close()
  })
})
