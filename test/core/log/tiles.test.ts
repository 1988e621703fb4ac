import { expect } from 'chai'
import fc from 'fast-check'
import { decodeHex, decodeUtf8, encodeHex, utf8 } from '../../../node/core/bytes.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import {
  decodeEntryBundle,
  encodeEntryBundle,
  entryBundlePath,
  parseTilePath,
  tilePath,
  tilesOf,
  tileWidth,
} from '../../../node/core/merkle/tiles.ts'
import log from '../../vectors/c2sp-tlog-tiles.json' with { type: 'json' }
import { codeOf, mutationsOf } from './support.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

describe('tile paths', () => {
  // Those with a level are published in C2SP tlog-tiles and in Tessera's api/layout tests.
  const paths: [path: string, level: number | 'entries', index: number, width: number][] = [
    ['tile/0/000', 0, 0, 256],
    ['tile/0/000.p/255', 0, 0, 255],
    ['tile/0/x001/x234/067', 0, 1_234_067, 256],
    ['tile/0/x001/x234/067.p/89', 0, 1_234_067, 89],
    ['tile/15/x455/667', 15, 455_667, 256],
    ['tile/15/x123/x456/789.p/41', 15, 123_456_789, 41],
    ['tile/63/x009/x007/x199/x254/x740/991.p/1', 63, LARGEST, 1],
    ['tile/entries/000', 'entries', 0, 256],
    ['tile/entries/000.p/8', 'entries', 0, 8],
    ['tile/entries/255.p/253', 'entries', 255, 253],
    ['tile/entries/x001/000', 'entries', 1000, 256],
    ['tile/entries/x123/x456/789', 'entries', 123_456_789, 256],
  ]
  for (const [path, level, index, width] of paths)
    it(`has ${path} for tile ${index} of ${level}, ${width} wide`, () => {
      const formatted =
        level === 'entries' ? entryBundlePath(index, width) : tilePath(level, index, width)
      expect(formatted).to.equal(path)
      expect(parseTilePath(path)).to.deep.equal({ level, index, width })
    })

  const refused = {
    'a width of nothing': ['tile/0/x001/x234/067.p/', 'tile/0/x001/x234/067.p'],
    'a width of 0, of 256 and with a zero in front': [
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/08',
    ],
    'an index that does not end': ['tile/0/x001/x234/', 'tile/0/x001/x234', 'tile/0/x001'],
    'an index with other digits': ['tile/8/001/002', 'tile/8/x001/0002', 'tile/8/x001/-02'],
    'an index with a group of zeros in front': ['tile/0/x000/067', 'tile/entries/x000/x001/002'],
    'an index past 2^53': [
      'tile/0/x009/x007/x199/x254/x740/992',
      'tile/63/x999/x999/x999/x999/x999/x999/999.p/255',
    ],
    'a level past 63, negative, with a zero in front, or no number': [
      'tile/64/x001/002',
      'tile/-1/x001/002',
      'tile/00/000',
      'tile/abc/x001/002',
      'tile/data/000',
    ],
    'steps out of the log': ['tile/0/x001/../..', 'tile/0/../0/000', 'tile/0/x001/..%2f000'],
    'anything around it': ['/tile/0/000', 'tile/0/000/', ' tile/0/000', 'tile/0/000\n', ''],
  }
  for (const [what, paths] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      for (const path of paths)
        expect(
          codeOf(() => parseTilePath(path), 'invalid'),
          path,
        ).to.equal('TILE_PATH_MALFORMED')
    })

  it('have one spelling: what is accepted is formatted back as it was', () => {
    for (const path of ['tile/12/x001/067.p/41', 'tile/entries/x012/345'])
      for (const mutation of mutationsOf(path)) {
        if (codeOf(() => parseTilePath(mutation)) !== 'accepted') continue
        const { level, index, width } = parseTilePath(mutation)
        const formatted =
          level === 'entries' ? entryBundlePath(index, width) : tilePath(level, index, width)
        expect(formatted).to.equal(mutation)
      }
  })

  it('come back as they went in', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (l, n, w) => {
        expect(parseTilePath(tilePath(l, n, w))).to.deep.equal({ level: l, index: n, width: w })
      }),
    )
  })
})

describe('tiles of a tree', () => {
  it('are those that C2SP tlog-tiles counts for 70,000 entries', () => {
    const tiles = [...tilesOf(70_000)]
    const at = (level: number) => tiles.filter((tile) => tile.level === level)
    expect(at(0)).to.have.length(274)
    expect(
      at(0)
        .slice(0, 273)
        .every((tile) => tile.width === 256),
    ).to.equal(true)
    expect(at(0).at(-1)).to.deep.equal({ level: 0, index: 273, width: 112 })
    expect(at(1).map((tile) => tile.width)).to.deep.equal([256, 17])
    expect(at(2)).to.deep.equal([{ level: 2, index: 0, width: 1 }])
    expect(tiles).to.have.length(277)
  })

  it('are a full one and one of width 1 above it for 256 entries, and none for 0', () => {
    expect([...tilesOf(256)]).to.deep.equal([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ])
    expect([...tilesOf(0)]).to.deep.equal([])
  })

  it('are as wide as the tree says, and 0 where it has none', () => {
    for (const size of [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
      for (const { level, index, width } of tilesOf(size))
        expect(tileWidth(level, index, size)).to.equal(width)
    expect(tileWidth(0, 274, 70_000)).to.equal(0)
    expect(tileWidth(3, 0, 70_000)).to.equal(0)
    expect(tileWidth(5, 31, LARGEST)).to.equal(255)
    expect(tileWidth(6, 0, LARGEST)).to.equal(31)
    expect(tileWidth(63, 0, LARGEST)).to.equal(0)
  })
})

describe('entry bundles', () => {
  it('hold the entries of a published log, and these hash to its tiles', () => {
    for (const [i, hex] of log.bundles.entries()) {
      const bundle = decodeHex(hex)
      const entries = decodeEntryBundle(bundle)
      expect(entries.map(decodeUtf8).slice(0, 3)).to.deep.equal(
        ['one', 'two', 'three'].slice(0, entries.length),
      )
      expect(entries.map((entry) => encodeHex(hashLeaf(entry))).join('')).to.equal(log.tiles[i])
      expect(encodeEntryBundle(entries)).to.deep.equal(bundle)
    }
  })

  it('come back as they went in', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 })
    fc.assert(
      fc.property(entries, (entries) => {
        expect(decodeEntryBundle(encodeEntryBundle(entries))).to.deep.equal(entries)
      }),
      { numRuns: 30 },
    )
  })

  it('hold entries of 0 and of 65,535 bytes', () => {
    const entries = [new Uint8Array(0), new Uint8Array(65_535).fill(1), new Uint8Array(0)]
    expect(decodeEntryBundle(encodeEntryBundle(entries))).to.deep.equal(entries)
  })

  it('hold 256 entries', () => {
    const entries = Array.from({ length: 256 }, (_, i) => Uint8Array.of(i))
    expect(decodeEntryBundle(encodeEntryBundle(entries))).to.deep.equal(entries)
  })

  it('have one form: what is accepted is encoded back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40, max: 3 }), (bytes) => {
        const bundle = Uint8Array.from(bytes)
        if (codeOf(() => decodeEntryBundle(bundle)) === 'accepted')
          expect(encodeEntryBundle(decodeEntryBundle(bundle))).to.deep.equal(bundle)
      }),
    )
  })

  const [cut, long, none] = [Uint8Array.of(0), Uint8Array.of(0, 2, 7), new Uint8Array(0)]
  const many = new Uint8Array(2 * 257)
  for (const [what, bundle] of Object.entries({ cut, long, none, many }))
    it(`refuses a bundle that is no bundle: ${what}`, () => {
      expect(codeOf(() => decodeEntryBundle(bundle), 'invalid')).to.equal('ENTRY_BUNDLE_MALFORMED')
    })

  it('are not made of no entries, of too many, or of one too long', () => {
    expect(() => encodeEntryBundle([])).to.throw(TypeError)
    expect(() => encodeEntryBundle(Array.from({ length: 257 }, () => utf8('a')))).to.throw(
      TypeError,
    )
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).to.throw(TypeError)
  })
})
