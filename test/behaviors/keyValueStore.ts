import { expect } from 'chai'
import * as fc from 'fast-check'
import type { KeyRange, KeyValueStore, Write } from '../../node/store/keyValueStore.ts'
import { codeOf } from './codeOf.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined) =>
  value === undefined ? undefined : new TextDecoder().decode(value)
const put = (key: string, value: string): Write => ({ type: 'put', key, value: bytes(value) })
const del = (key: string): Write => ({ type: 'del', key })

async function pairsIn(store: KeyValueStore, range: KeyRange): Promise<[string, string][]> {
  const pairs: [string, string][] = []
  for await (const [key, value] of store.scan(range)) pairs.push([key, text(value) ?? ''])
  return pairs
}

const keysIn = async (store: KeyValueStore, range: KeyRange) =>
  (await pairsIn(store, range)).map(([key]) => key)

/** What every key-value store does. `open` gives an empty one. */
export function behavesLikeKeyValueStore(name: string, open: () => Promise<KeyValueStore>): void {
  describe(`${name} as a key-value store`, () => {
    let store: KeyValueStore

    beforeEach(async () => {
      store = await open()
    })

    afterEach(() => store.close())

    it('gives back what was put, also nothing at all', async () => {
      await store.commit([put('a', 'one'), put('b', '')])
      expect(text(await store.get('a'))).to.equal('one')
      expect(await store.get('b')).to.have.length(0)
      expect(await store.get('c')).to.equal(undefined)
    })

    it('reads at once what was committed, as its own copy', async () => {
      await store.commit([put('a', 'one'), put('b', '')])
      const read = store.getNow('a')
      expect(text(read)).to.equal('one')
      read?.fill(0)
      expect(text(store.getNow('a'))).to.equal('one')
      expect(store.getNow('b')).to.have.length(0)
      expect(store.getNow('c')).to.equal(undefined)
    })

    it('shows a group that is being committed whole or not at all, read at once', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => `k${1000 + i}`)
      const group = { committed: false }
      const committing = store.commit(keys.map((key) => put(key, key))).then(() => {
        group.committed = true
      })
      while (!group.committed) {
        // Read backwards: what is applied first is asked for last.
        const found = keys.toReversed().map((key) => store.getNow(key))
        if (found[0] !== undefined) expect(found).not.to.include(undefined)
        await new Promise(setImmediate)
      }
      await committing
      expect(keys.map((key) => text(store.getNow(key)))).to.deep.equal(keys)
    })

    it('answers many keys in their order, few or hundreds', async () => {
      const keys = Array.from({ length: 300 }, (_, i) => `n/${i.toString().padStart(4, '0')}`)
      await store.commit(keys.filter((_, i) => i % 2 === 0).map((key) => put(key, key)))
      for (const asked of [keys.slice(0, 3), keys, keys.toReversed(), []]) {
        const found = (await store.getMany(asked)).map(text)
        const there = asked.map((key) => (Number(key.slice(2)) % 2 === 0 ? key : undefined))
        expect(found).to.deep.equal(there)
      }
    })

    it('applies the writes of a group in their order', async () => {
      await store.commit([
        put('a', '1'),
        put('a', '2'),
        put('b', '1'),
        del('b'),
        del('c'),
        put('c', '3'),
      ])
      expect(await pairsIn(store, {})).to.deep.equal([
        ['a', '2'],
        ['c', '3'],
      ])
    })

    it('accepts a group without writes', async () => {
      await store.commit([])
      expect(await pairsIn(store, {})).to.deep.equal([])
    })

    it('keeps its own copy of what was put', async () => {
      const value = bytes('before')
      const committing = store.commit([{ type: 'put', key: 'a', value }])
      value.fill(0)
      await committing
      const read = await store.get('a')
      expect(text(read)).to.equal('before')
      read?.fill(0)
      expect(text(await store.get('a'))).to.equal('before')
    })

    it('scans within every bound, both ways, up to a limit', async () => {
      await store.commit(['a', 'b', 'c', 'd'].map((key) => put(key, key)))
      expect(await keysIn(store, { gte: 'b' })).to.deep.equal(['b', 'c', 'd'])
      expect(await keysIn(store, { gt: 'b' })).to.deep.equal(['c', 'd'])
      expect(await keysIn(store, { lt: 'c' })).to.deep.equal(['a', 'b'])
      expect(await keysIn(store, { lte: 'c' })).to.deep.equal(['a', 'b', 'c'])
      expect(await keysIn(store, { gt: 'a', lt: 'd', reverse: true })).to.deep.equal(['c', 'b'])
      expect(await keysIn(store, { limit: 2 })).to.deep.equal(['a', 'b'])
      expect(await keysIn(store, { reverse: true, limit: 1 })).to.deep.equal(['d'])
      expect(await keysIn(store, { limit: 0 })).to.deep.equal([])
      expect(await keysIn(store, { gte: 'x' })).to.deep.equal([])
    })

    it('reads a range at once as a scan does, whether it is small or large', async () => {
      const keys = Array.from({ length: 5000 }, (_, i) => `k${10_000 + i}`)
      const value = 'x'.repeat(500)
      await store.commit(keys.map((key) => put(key, `${key}${value}`)))
      for (const range of [{ gte: 'k10001', lt: 'k10004' }, { gte: 'k1' }, { gt: 'l' }]) {
        const read = await store.readRange(range)
        const pairs = read.map(([key, bytes]) => [key, text(bytes)])
        expect(pairs).to.deep.equal(await pairsIn(store, range))
      }
      expect(await store.readRange({})).to.have.length(5000)
    })

    it('scans what was there when the scan began', async () => {
      const keys = Array.from({ length: 600 }, (_, i) => `k${1000 + i}`)
      await store.commit(keys.map((key) => put(key, 'old')))
      const seen: [string, string | undefined][] = []
      for await (const [key, value] of store.scan({})) {
        if (seen.length === 0) {
          await store.commit([
            put('k0', 'new'),
            ...keys.map((key) => put(key, 'new')),
            del('k1599'),
          ])
        }
        seen.push([key, text(value)])
      }
      expect(seen).to.deep.equal(keys.map((key) => [key, 'old']))
    })

    it('lets a scan be left early', async () => {
      await store.commit(['a', 'b', 'c'].map((key) => put(key, key)))
      for await (const [key] of store.scan({})) {
        expect(key).to.equal('a')
        break
      }
      expect(await keysIn(store, {})).to.deep.equal(['a', 'b', 'c'])
    })

    it('keeps everything that lives when it compacts', async () => {
      await store.commit(['a', 'b', 'c'].map((key) => put(key, key)))
      await store.commit([del('b')])
      await store.compact({ gte: 'a', lte: 'c' })
      expect(await keysIn(store, {})).to.deep.equal(['a', 'c'])
    })

    it('refuses to read, scan and commit once closed, and may be closed again', async () => {
      await store.close()
      await store.close()
      expect(await codeOf(store.get('a'))).to.equal('STORE_CLOSED')
      expect(() => store.getNow('a')).to.throw('STORE_CLOSED')
      expect(await codeOf(store.getMany(['a']))).to.equal('STORE_CLOSED')
      expect(await codeOf(store.commit([put('a', '')]))).to.equal('STORE_CLOSED')
      expect(await codeOf(keysIn(store, {}))).to.equal('STORE_CLOSED')
      expect(await codeOf(store.compact({}))).to.equal('STORE_CLOSED')
    })

    it('agrees with a sorted map, whatever is written', async () => {
      const key = fc.stringMatching(/^[a-c][0-9a-f/]{0,3}$/)
      const write = fc.oneof(
        fc.record({
          type: fc.constant('put' as const),
          key,
          value: fc.uint8Array({ maxLength: 9 }),
        }),
        fc.record({ type: fc.constant('del' as const), key }),
      )
      const expected = new Map<string, string>()
      await fc.assert(
        fc.asyncProperty(
          fc.array(write, { maxLength: 8 }),
          key,
          fc.boolean(),
          async (writes, from, reverse) => {
            await store.commit(writes)
            for (const one of writes) {
              if (one.type === 'put') expected.set(one.key, Buffer.from(one.value).toString('hex'))
              else expected.delete(one.key)
            }
            const wanted = [...expected]
              .filter(([key]) => key >= from)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
            const found: [string, string][] = []
            for await (const [key, value] of store.scan({ gte: from, reverse }))
              found.push([key, Buffer.from(value).toString('hex')])
            expect(found).to.deep.equal(reverse ? wanted.toReversed() : wanted)
          },
        ),
        { numRuns: 60 },
      )
    })
  })
}
