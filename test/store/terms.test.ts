import { expect } from 'chai'
import * as fc from 'fast-check'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { familyRange, newestKey, parseKey, termKey, termRange } from '../../node/store/layout.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../node/store/terms.ts'
import { codeOf } from '../behaviors/codeOf.ts'

const holder = (value: string) => ({ kind: 'certificate.holder', value }) as const
const at = (index: number) => Promise.resolve(`at ${index}`)
const odd = (index: number) => Promise.resolve(index % 2 === 1 ? index : undefined)

describe('terms', () => {
  let store: MemoryKeyValueStore
  let terms: TermIndex

  beforeEach(async () => {
    store = new MemoryKeyValueStore()
    terms = new TermIndex(store, await KeyRing.open(store, Buffer.alloc(32, 7)))
  })

  const find = (page: { before?: number; limit: number }) => terms.find(holder('a'), page)
  const put = (index: number, ...values: string[]) =>
    store.commit(terms.writes(values.map(holder), index))

  it('lead to their statements, newest first, page by page', async () => {
    for (const index of [3, 255, 256, 70_000]) await put(index, 'a', 'b')
    await put(9, 'b')
    expect(await find({ limit: 10 })).to.deep.equal([70_000, 256, 255, 3])
    expect(await find({ limit: 2 })).to.deep.equal([70_000, 256])
    expect(await find({ limit: 2, before: 256 })).to.deep.equal([255, 3])
    expect(await find({ limit: 2, before: 3 })).to.deep.equal([])
  })

  describe('a page of what a term leads to', () => {
    beforeEach(async () => {
      for (const index of [3, 255, 256, 70_000]) await put(index, 'a')
    })

    it('says where the next one begins, and the last says nothing', async () => {
      const first = await terms.readPage(holder('a'), { limit: 2 }, at)
      expect(first).to.deep.equal({ items: ['at 70000', 'at 256'], next: 256 })
      const last = await terms.readPage(holder('a'), { limit: 2, before: 256 }, at)
      expect(last).to.deep.equal({ items: ['at 255', 'at 3'] })
    })

    it('is empty where the term leads nowhere', async () => {
      expect(await terms.readPage(holder('b'), { limit: 2 }, at)).to.deep.equal({ items: [] })
    })

    it('reads no more than it holds', async () => {
      const read: number[] = []
      await terms.readPage(holder('a'), { limit: 3 }, (index) => at(read.push(index)))
      expect(read).to.deep.equal([70_000, 256, 255])
    })

    it('goes on behind what is not shown', async () => {
      const first = await terms.readPage(holder('a'), { limit: 2 }, odd)
      expect(first).to.deep.equal({ items: [], next: 256 })
      const last = await terms.readPage(holder('a'), { limit: 2, before: 256 }, odd)
      expect(last).to.deep.equal({ items: [255, 3] })
    })
  })

  it('of one kind lead nowhere as another', async () => {
    await put(1, 'a')
    for (const kind of ['holder', 'certificate.serial', 'use.holder'] as const)
      expect(await terms.find({ kind, value: 'a' }, { limit: 1 })).to.deep.equal([])
  })

  it('have one statement that counts, where only one does', async () => {
    const newest = (...values: string[]) => terms.findNewest(values.map(holder))
    expect(await newest()).to.deep.equal([])
    await put(1, 'a', 'b')
    expect(await newest('a', 'b')).to.deep.equal([undefined, undefined])
    await store.commit(terms.newestWrites([holder('a'), holder('c')], 7))
    await store.commit(terms.newestWrites([holder('a')], 70_000))
    expect(await newest('a', 'b', 'a', 'c')).to.deep.equal([70_000, undefined, 70_000, 7])
    await store.commit(terms.newestDeletions([holder('c')]))
    expect(await newest('a', 'c')).to.deep.equal([70_000, undefined])
    expect(await find({ limit: 9 })).to.deep.equal([1])
  })

  it('do not stand in the store in clear', async () => {
    await put(1, 'somebody')
    const pairs = await Array.fromAsync(store.scan(familyRange('term')))
    expect(pairs).to.have.length(1)
    expect(pairs[0]?.[0]).not.to.contain('somebody')
  })

  it('have keys that are parsed as they were built', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,9}(\.[a-z]{1,9}){0,2}$/),
        fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
        fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        (kind, blinded, index) => {
          const key = termKey(kind, blinded, index)
          expect(parseKey(key)).to.deep.equal({ family: 'term', kind, blinded, index })
          expect(parseKey(newestKey(kind, blinded))).to.deep.equal({
            family: 'newest',
            kind,
            blinded,
          })
          const { gte = '', lt = '' } = termRange(kind, blinded)
          expect(key >= gte && key < lt).to.equal(true)
        },
      ),
    )
  })

  it('have no keys of another shape', async () => {
    const blinded = 'A'.repeat(22)
    for (const key of [
      `x/Upper/${blinded}/000000000000`,
      `x//${blinded}/000000000000`,
      `x/a./${blinded}/000000000000`,
      `x/a/short/000000000000`,
      `x/a/${blinded}/00000000000`,
      `x/a/${blinded}/000000000000/`,
      `n/a/${blinded}/000000000000`,
      `n/a/short`,
      `n/a./${blinded}`,
    ])
      expect(await codeOf(() => parseKey(key)), key).to.equal('KEY_UNKNOWN')
    for (const kind of ['', 'A', 'a/b', 'a..b'])
      expect(() => termKey(kind, blinded, 0), kind).to.throw(TypeError)
  })
})
