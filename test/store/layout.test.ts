import { expect } from 'chai'
import * as fc from 'fast-check'
import type { Location } from '../../node/store/contentStore.ts'
import * as layout from '../../node/store/layout.ts'
import {
  decodeLocation,
  encodeLocation,
  locationErasures,
  locationWrites,
} from '../../node/store/locations.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'

const index = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const blinded = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)
const name = fc.stringMatching(/^[0-9a-f]{32}$/)
const target = fc.stringMatching(/^[a-z0-9-]{1,32}$/)
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })

/** Every kind of key, beside what it means. */
const keys: fc.Arbitrary<[string, layout.Key]> = fc.oneof(
  index.map((index): [string, layout.Key] => [layout.entryKey(index), { family: 'entry', index }]),
  index.map((index): [string, layout.Key] => [
    layout.statementKey(index),
    { family: 'statement', index },
  ]),
  index.map((index): [string, layout.Key] => [
    layout.dataKeyKey(index),
    { family: 'dataKey', index },
  ]),
  index.map((index): [string, layout.Key] => [
    layout.locationKey(index),
    { family: 'location', index },
  ]),
  index.map((index): [string, layout.Key] => [
    layout.statesKey(index),
    { family: 'states', index },
  ]),
  index.map((index): [string, layout.Key] => [layout.relayKey(index), { family: 'relay', index }]),
  index.map((index): [string, layout.Key] => [
    layout.unsettledKey(index),
    { family: 'unsettled', index },
  ]),
  fc
    .tuple(fc.integer({ min: 0, max: 15 }), index)
    .map(([level, index]): [string, layout.Key] => [
      layout.tileKey(level, index),
      { family: 'tile', level, index },
    ]),
  blinded.map((blinded): [string, layout.Key] => [
    layout.idKey(blinded),
    { family: 'id', blinded },
  ]),
  blinded.map((blinded): [string, layout.Key] => [
    layout.pendingUseKey(blinded),
    { family: 'pendingUse', blinded },
  ]),
  blinded.map((blinded): [string, layout.Key] => [
    layout.idempotencyKey(blinded),
    { family: 'idempotency', blinded },
  ]),
  blinded.map((blinded): [string, layout.Key] => [
    layout.newestKey('material.spent', blinded),
    { family: 'newest', kind: 'material.spent', blinded },
  ]),
  name.map((name): [string, layout.Key] => [layout.fileKey(name), { family: 'file', name }]),
  fc
    .tuple(target, index)
    .map(([target, size]): [string, layout.Key] => [
      layout.anchorKey(target, size),
      { family: 'anchor', target, size },
    ]),
  fc
    .tuple(
      fc.constantFrom(...layout.MIRROR_TABLES),
      fc.stringMatching(/^[0-9a-z]{1,64}(\/[0-9a-z]{1,64})?$/),
    )
    .map(([table, id]): [string, layout.Key] => [
      layout.mirrorKey(table, id),
      { family: 'mirror', table, id },
    ]),
  fc
    .constantFrom(...layout.META_NAMES)
    .map((name): [string, layout.Key] => [layout.metaKey(name), { family: 'meta', name }]),
)

describe('layout', () => {
  it('finds the index in a key of the family that is asked for, and in no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: layout.INDEX_LIMIT - 1 }), (index) => {
        expect(layout.indexIn('entry', layout.entryKey(index))).to.equal(index)
        expect(layout.indexIn('statement', layout.entryKey(index))).to.equal(undefined)
      }),
    )
    for (const key of [
      'e/00000000000',
      'e/0000000000000',
      'e/00000000000g',
      'e/00000000000A',
      'e0000000000000',
    ])
      expect(layout.indexIn('entry', key), key).to.equal(undefined)
  })

  it('parses every key it builds', () => {
    fc.assert(
      fc.property(keys, ([key, meaning]) => {
        expect(layout.parseKey(key)).to.deep.equal(meaning)
      }),
    )
  })

  it('puts every key into the range of its family, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(keys, async ([key, { family }]) => {
        const store = new MemoryKeyValueStore()
        await store.commit([{ type: 'put', key, value: new Uint8Array(1) }])
        for (const other of ['entry', 'file', 'meta', family] as const) {
          const found = await Array.fromAsync(store.scan(layout.familyRange(other)))
          expect(found).to.have.length(other === family ? 1 : 0)
        }
      }),
    )
  })

  it('orders keys as their indexes', () => {
    fc.assert(
      fc.property(index, index, (a, b) => {
        expect(layout.entryKey(a) < layout.entryKey(b)).to.equal(a < b)
        expect(layout.anchorKey('local', a) < layout.anchorKey('local', b)).to.equal(a < b)
      }),
    )
  })

  it('bounds a range of indexes: the first is in, the last is not', async () => {
    const store = new MemoryKeyValueStore()
    const value = new Uint8Array(0)
    const writes = [0, 1, 2, 255, 256, 257].map((index) => {
      return { type: 'put', key: layout.entryKey(index), value } as const
    })
    await store.commit([...writes, { type: 'put', key: layout.statementKey(1), value }])
    const indexes = async (from: number, to?: number) => {
      const pairs = await Array.fromAsync(store.scan(layout.indexRange('entry', from, to)))
      return pairs.map(([key]) => layout.parseKey(key)).map((key) => 'index' in key && key.index)
    }
    expect(await indexes(1, 256)).to.deep.equal([1, 2, 255])
    expect(await indexes(256)).to.deep.equal([256, 257])
  })

  it('keeps the anchors of one target apart from those of a longer name', async () => {
    const store = new MemoryKeyValueStore()
    const value = new Uint8Array(0)
    for (const target of ['local', 'local-2', 'loca', 'local0'])
      await store.commit([{ type: 'put', key: layout.anchorKey(target, 7), value }])
    const found = await Array.fromAsync(store.scan(layout.anchorRange('local')))
    expect(found.map(([key]) => key)).to.deep.equal([layout.anchorKey('local', 7)])
  })

  it('keeps the lists of the mirror apart from those of a longer name', async () => {
    const store = new MemoryKeyValueStore()
    const value = new Uint8Array(0)
    for (const id of ['ab/1', 'ab/2', 'a/1', 'abc/1', 'ab'])
      await store.commit([{ type: 'put', key: layout.mirrorKey('grantBelow', id), value }])
    const found = await Array.fromAsync(store.scan(layout.mirrorRange('grantBelow', 'ab')))
    expect(found.map(([key]) => key)).to.deep.equal(['r/p/ab/1', 'r/p/ab/2'])
    const all = await Array.fromAsync(store.scan(layout.mirrorRange('grantBelow')))
    expect(all).to.have.length(5)
  })

  for (const key of [
    '',
    'e',
    'e/',
    'e/00000000000',
    'e/0000000000000',
    'e/00000000000G',
    'e/00000000000A',
    'x/000000000000',
    't/00/000000000000',
    't/g/000000000000',
    'i/short',
    'f/0123',
    'a//000000000000',
    'a/UPPER/000000000000',
    'm/nothing',
    'm/',
    ' e/000000000000',
    'e/000000000000\n',
  ])
    it(`knows no family for the key ${JSON.stringify(key)}`, async () => {
      expect(await codeOf(() => layout.parseKey(key))).to.equal('KEY_UNKNOWN')
    })

  it('refuses to build a key that it would not parse', () => {
    for (const build of [
      () => layout.entryKey(-1),
      () => layout.entryKey(1.5),
      () => layout.entryKey(2 ** 48),
      () => layout.tileKey(16, 0),
      () => layout.idKey('short'),
      () => layout.fileKey('../../etc/passwd'),
      () => layout.anchorKey('a/b', 1),
    ])
      expect(build).to.throw(TypeError)
  })

  it('decodes the indexes and locations it encodes', () => {
    const locations: fc.Arbitrary<Location> = fc.oneof(
      fc.record({
        in: fc.constant('segment' as const),
        segment: uint32,
        offset: uint32,
        length: uint32,
      }),
      fc.record({ in: fc.constant('file' as const), name, length: index }),
    )
    fc.assert(
      fc.property(index, locations, (index, location) => {
        expect(layout.decodeIndex(layout.encodeIndex(index))).to.equal(index)
        expect(decodeLocation(encodeLocation(location))).to.deep.equal(location)
      }),
    )
  })

  it('refuses indexes and locations that are cut, longer or of another kind', async () => {
    const location = encodeLocation({ in: 'segment', segment: 1, offset: 2, length: 3 })
    const other = Uint8Array.from(location).fill(3, 0, 1)
    for (const bytes of [location.subarray(1), location.subarray(0, -1), new Uint8Array(0), other])
      expect(await codeOf(() => decodeLocation(bytes))).to.equal('LOCATION_MALFORMED')
    for (const length of [0, 5, 7])
      expect(await codeOf(() => layout.decodeIndex(new Uint8Array(length)))).to.equal(
        'INDEX_MALFORMED',
      )
  })

  it('erases exactly what it wrote for a location', () => {
    for (const location of [
      { in: 'segment', segment: 1, offset: 2, length: 3 },
      { in: 'file', name: 'ab'.repeat(16), length: 3 },
    ] as const) {
      const written = locationWrites(9, location).map(({ key }) => key)
      expect(locationErasures(9, location)).to.deep.equal(
        written.map((key) => ({ type: 'del', key })),
      )
    }
  })
})
