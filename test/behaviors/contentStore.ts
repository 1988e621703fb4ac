import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { LARGEST_IN_SEGMENT } from '../../node/store/contentStore.ts'
import type { ContentStore, FileLocation, Kept, Move } from '../../node/store/contentStore.ts'
import { codeOf } from './codeOf.ts'

/** Small, so that a few contents fill several segments. */
export const SEGMENT_LIMIT = 64 * 1024

async function storeLarge(
  store: ContentStore,
  chunks: readonly Uint8Array[],
): Promise<FileLocation> {
  const writer = await store.begin()
  for (const chunk of chunks) await writer.write(chunk)
  return writer.keep()
}

async function filesIn(store: ContentStore): Promise<FileLocation[]> {
  const files: FileLocation[] = []
  for await (const location of store.listFiles()) files.push(location)
  return files
}

/** Stands for the caller's database: what is committed where. */
class Locations {
  readonly kept = new Map<string, Kept['location']>()

  live = async function* (this: Locations): AsyncGenerator<Kept> {
    for (const [key, location] of this.kept) yield { key, location }
  }.bind(this)

  moved = async (moves: readonly Move[]): Promise<void> => {
    for (const { key, from, to } of moves) {
      expect(this.kept.get(key)).to.deep.equal(from)
      this.kept.set(key, to)
    }
  }
}

/** What every content store does. `open` gives an empty one with segments of SEGMENT_LIMIT bytes. */
export function behavesLikeContentStore(name: string, open: () => Promise<ContentStore>): void {
  describe(`${name} as a content store`, () => {
    let store: ContentStore

    beforeEach(async () => {
      store = await open()
    })

    afterEach(() => store.close())

    it('answers where each content of a group lies, also an empty one', async () => {
      const contents = [randomBytes(10), Buffer.alloc(0), randomBytes(10_000), Buffer.alloc(0)]
      const locations = await store.putGroup(contents)
      expect(locations.map(({ length }) => length)).to.deep.equal([10, 0, 10_000, 0])
      for (const [i, location] of locations.entries())
        expect(await store.readAll(location)).to.deep.equal(contents[i])
    })

    it('accepts a group without contents', async () => {
      expect(await store.putGroup([])).to.deep.equal([])
    })

    it('writes groups that are put at once one after the other', async () => {
      const groups = Array.from({ length: 10 }, () => [randomBytes(500), randomBytes(700)])
      const locations = await Promise.all(groups.map((group) => store.putGroup(group)))
      for (const [i, group] of groups.entries())
        for (const [j, content] of group.entries()) {
          const location = locations[i]?.[j]
          if (location === undefined) throw new TypeError('no location')
          expect(await store.readAll(location)).to.deep.equal(content)
        }
    })

    it('begins new segments as they fill, also within a group', async () => {
      const contents = Array.from({ length: 30 }, () => randomBytes(10_000))
      const locations = await store.putGroup(contents)
      expect(new Set(locations.map(({ segment }) => segment)).size).to.be.greaterThan(3)
      for (const [i, location] of locations.entries())
        expect(await store.readAll(location)).to.deep.equal(contents[i])
    })

    it('takes a content longer than a segment is meant to be', async () => {
      const content = randomBytes(SEGMENT_LIMIT * 2)
      const [before, location] = await store.putGroup([randomBytes(9), content])
      if (before === undefined || location === undefined) throw new TypeError('no location')
      expect(await store.readAll(location)).to.deep.equal(content)
      expect(before.length).to.equal(9)
    })

    it('leaves contents beyond the largest to files of their own', async () => {
      const tooLarge = new Uint8Array(LARGEST_IN_SEGMENT + 1)
      const refusal = await store.putGroup([tooLarge]).catch((error: unknown) => error)
      expect(refusal).to.be.instanceOf(TypeError)
    })

    it('streams any range of small and large contents', async () => {
      const content = randomBytes(600_000)
      const [small] = await store.putGroup([content])
      const large = await storeLarge(store, [
        content.subarray(0, 250_000),
        content.subarray(250_000),
      ])
      if (small === undefined) throw new TypeError('no location')
      const position = fc.integer({ min: 0, max: content.length })
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(small, large),
          position,
          position,
          async (location, a, b) => {
            const [start, end] = [Math.min(a, b), Math.max(a, b)]
            const read = await buffer(store.read(location, start, end - start))
            expect(read.equals(content.subarray(start, end))).to.equal(true)
          },
        ),
        { numRuns: 30 },
      )
      expect((await buffer(store.read(large))).equals(content)).to.equal(true)
      expect((await buffer(store.read(large, 599_999))).equals(content.subarray(-1))).to.equal(true)
    })

    it('refuses ranges beyond the content', async () => {
      const [location] = await store.putGroup([randomBytes(10)])
      if (location === undefined) throw new TypeError('no location')
      for (const [offset, length] of [
        [-1, 1],
        [0, 11],
        [11, 0],
        [5, -1],
      ])
        expect(() => store.read(location, offset, length)).to.throw(TypeError)
    })

    it('can be left in the middle of a stream', async () => {
      const content = randomBytes(2_000_000)
      const location = await storeLarge(store, [content])
      for await (const chunk of store.read(location)) {
        expect(content.subarray(0, (chunk as Buffer).length).equals(chunk as Buffer)).to.equal(true)
        break
      }
      await store.remove(location)
      expect(await codeOf(store.readAll(location))).to.equal('CONTENT_MISSING')
    })

    it('names a content that is missing', async () => {
      const nowhere = { in: 'segment', segment: 9999, offset: 12, length: 5 } as const
      const nothing = { in: 'file', name: '0'.repeat(32), length: 5 } as const
      for (const location of [nowhere, nothing]) {
        expect(await codeOf(store.readAll(location))).to.equal('CONTENT_MISSING')
        expect(await codeOf(buffer(store.read(location)))).to.equal('CONTENT_MISSING')
      }
    })

    it('lists a large content once it is settled, and not before', async () => {
      const content = randomBytes(1000)
      const location = await storeLarge(store, [content])
      expect(await store.readAll(location)).to.deep.equal(content)
      expect(await filesIn(store)).to.deep.equal([])
      await store.settle(location)
      await store.settle(location)
      expect(await store.readAll(location)).to.deep.equal(content)
      expect(await filesIn(store)).to.deep.equal([location])
    })

    it('leaves nothing of an aborted content', async () => {
      const writer = await store.begin()
      await writer.write(randomBytes(100_000))
      await writer.abort()
      await store.recover(async () => expect.fail('nothing is left to ask about'))
      expect(await filesIn(store)).to.deep.equal([])
    })

    it('removes a large content, settled or not, and again', async () => {
      const settled = await storeLarge(store, [randomBytes(100)])
      await store.settle(settled)
      const unsettled = await storeLarge(store, [randomBytes(100)])
      for (const location of [settled, unsettled, settled]) {
        await store.remove(location)
        expect(await codeOf(store.readAll(location))).to.equal('CONTENT_MISSING')
      }
      expect(await filesIn(store)).to.deep.equal([])
    })

    it('recovers what was committed and drops what was not', async () => {
      const content = randomBytes(1000)
      const settled = await storeLarge(store, [content])
      await store.settle(settled)
      const committed = await storeLarge(store, [content])
      const abandoned = await storeLarge(store, [content])
      const asked: string[] = []
      await store.recover(async ({ name }) => {
        asked.push(name)
        return name === committed.name
      })
      expect(asked.toSorted()).to.deep.equal([committed.name, abandoned.name].toSorted())
      const names = (await filesIn(store)).map((location) => location.name)
      expect(names.toSorted()).to.deep.equal([settled.name, committed.name].toSorted())
      expect(await store.readAll(committed)).to.deep.equal(content)
      expect(await codeOf(store.readAll(abandoned))).to.equal('CONTENT_MISSING')
    })

    it('moves what is alive out of segments that are mostly dead', async () => {
      const locations = new Locations()
      const contents = new Map<string, Uint8Array>()
      for (let i = 0; i < 60; i++) {
        const content = randomBytes(5000)
        const [location] = await store.putGroup([content])
        if (location === undefined) throw new TypeError('no location')
        locations.kept.set(`c${i}`, location)
        await store.settle(location)
        contents.set(`c${i}`, content)
      }
      const original = new Map(locations.kept)
      for (const key of [...contents.keys()].filter((_, i) => i < 40 && i % 10 !== 0)) {
        locations.kept.delete(key)
        contents.delete(key)
      }
      const first = await store.reclaim(locations.live, locations.moved)
      expect(first.segments).to.be.greaterThan(1)
      expect(first.bytes).to.be.greaterThan(100_000)
      for (const [key, content] of contents) {
        const location = locations.kept.get(key)
        if (location === undefined) throw new TypeError('no location')
        expect(await store.readAll(location)).to.deep.equal(content)
      }
      for (let again = first; again.segments > 0;)
        again = await store.reclaim(locations.live, locations.moved)
      const erased = original.get('c1')
      if (erased === undefined) throw new TypeError('no location')
      expect(await codeOf(store.readAll(erased))).to.equal('CONTENT_MISSING')
    })

    it('leaves alone what may still be committed, until it is settled or removed', async () => {
      const nothing = new Locations()
      const group = Array.from({ length: 40 }, () => randomBytes(10_000))
      const put = await store.putGroup(group)
      const reclaim = async () => (await store.reclaim(nothing.live, nothing.moved)).segments
      const areThere = async () => {
        const codes = await Promise.all(put.map((location) => codeOf(store.readAll(location))))
        return codes.map((code) => code === undefined)
      }
      expect(await reclaim()).to.equal(0)
      // All but one in each segment; twice, which must not stand for another's.
      const first = put.filter(({ segment }, i) => put[i - 1]?.segment !== segment)
      for (const location of put.filter((one) => !first.includes(one))) {
        await (location.offset % 2 === 0 ? store.settle(location) : store.remove(location))
        await store.settle(location)
      }
      expect(await reclaim()).to.equal(0)
      expect(await areThere()).to.deep.equal(put.map(() => true))
      for (const location of first.slice(0, 2)) await store.settle(location)
      expect(await reclaim()).to.equal(2)
      expect(await areThere()).to.deep.equal(put.map(({ segment }) => segment > first[1]!.segment))
    })

    it('finds no damage where there is none', async () => {
      await store.putGroup([randomBytes(100), Buffer.alloc(0), randomBytes(20_000)])
      for await (const damage of store.findDamage()) expect.fail(JSON.stringify(damage))
    })
  })
}
