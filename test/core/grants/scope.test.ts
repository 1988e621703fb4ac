import { createHash } from 'node:crypto'
import { expect } from 'chai'
import * as fc from 'fast-check'
import {
  narrowView,
  Openings,
  openingsForUse,
  openScope,
  readScope,
  readScopeView,
  scopeOf,
  verifyOpenings,
  verifyScopeView,
  type ScopeDocument,
} from '../../../node/core/grants/scope.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { leafHash, mthOf } from '../../reference/merkle.ts'
import { maskOf, refusalOf, refused } from './support.ts'

const SEED = '5a'.repeat(32)
const BUREAU = `0x${'b0'.repeat(20)}` as const
const document = readScope({
  v: 1,
  seed: SEED,
  items: [
    { certificateType: '11100000MB03271699001', fields: ['address', 'owner'], may: 'copy' },
    { material: 'lease-2023', may: 'read' },
    { material: 'lease-2023', fields: ['address', 'until'], may: 'read' },
  ],
  purposes: [
    { matter: '310190010000' },
    { matter: '310190020000', department: BUREAU, region: '310000' },
  ],
})
const scope = scopeOf(document)
const asked = { items: maskOf(0, 2), purposes: maskOf(1) }
const openings = openingsForUse(openScope(document, asked), asked)

describe('a scope', () => {
  it('commits to both lists as the format says', () => {
    const rootOf = (name: string, list: number, entries: string[]) => {
      const leaves = Array.from({ length: 256 }, (_, i) => {
        const seed = Buffer.from(SEED, 'hex')
        const salt = sha256('onceledger/scope-salt/v1\0', seed, Uint8Array.of(list, i))
        return leafHash(sha256(`onceledger/scope-${name}/v1\0`, salt, entries[i] ?? ''))
      })
      return mthOf(leaves)(0, 256)
    }
    const items = [
      '{"certificateType":"11100000MB03271699001","fields":["address","owner"],"may":"copy"}',
      '{"material":"lease-2023","may":"read"}',
      '{"fields":["address","until"],"material":"lease-2023","may":"read"}',
    ]
    const purposes = [
      '{"matter":"310190010000"}',
      `{"department":"${BUREAU}","matter":"310190020000","region":"310000"}`,
    ]
    const roots = [rootOf('item', 0, items), rootOf('purpose', 1, purposes)]
    expect(scope).to.equal(`0x${Buffer.from(sha256(...roots)).toString('hex')}`)
    expect([openings.itemsRoot, openings.purposesRoot]).to.deep.equal(
      roots.map((root) => Buffer.from(root).toString('hex')),
    )
  })

  it('changes with every part of it', () => {
    const changed: ScopeDocument[] = [
      { ...document, seed: `${SEED.slice(1)}b` },
      { ...document, items: document.items.slice(1) },
      { ...document, items: document.items.toReversed() },
      { ...document, purposes: document.purposes.slice(0, 1) },
      { ...document, purposes: [{ matter: '310190010000', region: '310000' }] },
    ]
    expect(new Set([scope, ...changed.map(scopeOf)]).size).to.equal(6)
  })

  for (const [what, change] of [
    ['another version', { v: 2 }],
    ['a seed too short', { seed: SEED.slice(2) }],
    ['a seed in upper case', { seed: SEED.toUpperCase() }],
    ['no items', { items: [] }],
    ['no purposes', { purposes: [] }],
    ['more items than bits', { items: manyItems(257) }],
    ['an item twice', { items: [document.items[0], { ...document.items[0] }] }],
    ['an item of two kinds', { items: [{ ...document.items[0], material: 'lease-2023' }] }],
    ['an item without leave', { items: [{ material: 'lease-2023' }] }],
    ['fields out of order', { items: [{ ...document.items[0], fields: ['owner', 'address'] }] }],
    ['a field twice', { items: [{ ...document.items[0], fields: ['owner', 'owner'] }] }],
    ['a certificate without fields', { items: [{ ...document.items[0], fields: [] }] }],
    ['an unknown member', { purposes: [{ matter: '1', officer: 'x' }] }],
    ['a region of 5 digits', { purposes: [{ matter: '1', region: '31011' }] }],
    [
      'an address in upper case',
      { purposes: [{ matter: '1', department: `0x${'B0'.repeat(20)}` }] },
    ],
  ] as const)
    it(`refuses ${what}`, () => {
      const error = refusalOf(() => readScope({ ...document, ...change }))
      expect([error?.kind, error?.code]).to.deep.equal(['invalid', 'SCOPE_MALFORMED'])
    })

  it('holds up to 256 items, the last of which opens', () => {
    const long = readScope({ ...document, items: manyItems(256) })
    const masks = { items: maskOf(0, 255), purposes: maskOf(0) }
    const view = openScope(long, masks)
    expect(verifyScopeView(scopeOf(long), view, masks).items).to.deep.equal([
      { material: 'material-0', may: 'read' },
      { material: 'material-255', may: 'read' },
    ])
  })

  it('opens nothing beyond its lists', () => {
    expect(
      refused(() => openScope(document, { items: maskOf(0, 3), purposes: maskOf(0) })),
    ).to.deep.equal(['GRANT_MASK_BEYOND_LIST', { list: 'items', index: 3 }])
    expect(
      refused(() => openScope(document, { items: maskOf(0), purposes: maskOf(255) })),
    ).to.deep.equal(['GRANT_MASK_BEYOND_LIST', { list: 'purposes', index: 255 }])
  })
})

describe('what a grantee is shown of a scope', () => {
  const all = { items: maskOf(0, 1, 2), purposes: maskOf(0, 1) }

  it('is what its grant allows, and checks against the scope', () => {
    const view = openScope(document, all)
    expect(verifyScopeView(scope, view, all)).to.deep.equal({
      items: document.items,
      purposes: document.purposes,
    })
    expect(readScopeView(structuredClone(view))).to.deep.equal(view)
  })

  it('is passed on in part', () => {
    const less = { items: maskOf(2), purposes: maskOf(0) }
    const view = narrowView(openScope(document, all), less)
    expect(view).to.deep.equal(openScope(document, less))
    expect(refused(() => narrowView(view, all))).to.deep.equal([
      'SCOPE_OPENING_MISSING',
      { list: 'items', index: 0 },
    ])
  })

  it('tells nothing of positions that it does not open', () => {
    const longer = { ...document, items: [...document.items, ...manyItems(100)] }
    const [short, long] = [openScope(document, asked), openScope(longer, asked)]
    expect(long.items.map(({ salt }) => salt)).to.deep.equal(short.items.map(({ salt }) => salt))
    expect(long.items.map(({ proof }) => proof.length)).to.deep.equal([8, 8])
    expect(JSON.stringify(short)).to.not.contain(SEED)
  })

  it('agrees with any choice of bits of any lists', () => {
    const choice = fc
      .tuple(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 256 }))
      .chain(([items, purposes]) =>
        fc.record({
          items: fc.constant(items),
          purposes: fc.constant(purposes),
          itemBits: bits(items),
          purposeBits: bits(purposes),
        }),
      )
    fc.assert(
      fc.property(choice, ({ items, purposes, itemBits, purposeBits }) => {
        const some = readScope({
          v: 1,
          seed: SEED,
          items: manyItems(items),
          purposes: Array.from({ length: purposes }, (_, i) => ({ matter: `${i}` })),
        })
        const masks = { items: maskOf(...itemBits), purposes: maskOf(...purposeBits) }
        const opened = verifyScopeView(scopeOf(some), openScope(some, masks), masks)
        expect(opened.items).to.deep.equal(ascending(itemBits).map((i) => some.items[i]))
        expect(opened.purposes).to.deep.equal(ascending(purposeBits).map((i) => some.purposes[i]))
      }),
      { numRuns: 25 },
    )
  })
})

describe('what a use shows of a scope', () => {
  it('is the items asked for and one purpose', () => {
    expect(verifyOpenings(scope, openings, asked)).to.deep.equal({
      items: [document.items[0], document.items[2]],
      purposes: [document.purposes[1]],
    })
    expect(parseBy(Openings, structuredClone(openings), 'REFUSED')).to.deep.equal(openings)
  })

  it('needs exactly one purpose', () => {
    const view = openScope(document, { items: maskOf(0), purposes: maskOf(0, 1) })
    for (const purposes of [maskOf(), maskOf(0, 1)])
      expect(refused(() => openingsForUse(view, { items: maskOf(0), purposes }))).to.deep.equal([
        'SCOPE_OPENING_MISSING',
        { list: 'purposes' },
      ])
  })

  const [first, third] = openings.items as [Openings['items'][0], Openings['items'][0]]
  const { purpose } = openings
  const second = openScope(document, { items: maskOf(1), purposes: maskOf(0) }).items[0]!
  /** Where the list ends, a leaf holds nothing: its salt and place are those of the longer list. */
  const filler = openScope(
    { ...document, items: [...document.items, ...manyItems(1)] },
    { items: maskOf(3), purposes: maskOf(0) },
  ).items[0]!

  const attacks: [name: string, change: Partial<Openings>, expected: unknown[]][] = [
    ['a wrong salt', { items: [{ ...first, salt: SEED }, third] }, mismatch('items', 0)],
    ['another item', { items: [{ ...first, item: second.item }, third] }, mismatch('items', 0)],
    [
      'more fields than were written',
      { items: [first, { ...third, item: { ...third.item, fields: ['address', 'rent'] } }] },
      mismatch('items', 2),
    ],
    [
      'copying where reading was allowed',
      { items: [first, { ...third, item: { ...third.item, may: 'copy' } }] },
      mismatch('items', 2),
    ],
    [
      'an opening under another index',
      { items: [first, { ...second, index: 2 }] },
      mismatch('items', 2),
    ],
    ['one that was not asked for', { items: [first, second, third] }, mismatch('items', 1)],
    ['one instead of another', { items: [first, second] }, mismatch('items', 1)],
    ['one too few', { items: [third] }, ['SCOPE_OPENING_MISSING', { list: 'items', index: 0 }]],
    [
      'the opening of the other list',
      { purpose: { ...purpose, salt: second.salt, proof: second.proof } },
      mismatch('purposes', 1),
    ],
    [
      'another region',
      { purpose: { ...purpose, purpose: { ...purpose.purpose, region: '000000' } } },
      mismatch('purposes', 1),
    ],
    [
      'a proof one hash too short',
      { items: [{ ...first, proof: first.proof.slice(1) }, third] },
      mismatch('items', 0),
    ],
    [
      'a proof one hash too long',
      { items: [{ ...first, proof: [...first.proof, SEED] }, third] },
      mismatch('items', 0),
    ],
    ['another root of items', { itemsRoot: openings.purposesRoot }, ['SCOPE_ROOTS_MISMATCH', {}]],
    [
      'the two roots exchanged',
      { itemsRoot: openings.purposesRoot, purposesRoot: openings.itemsRoot },
      ['SCOPE_ROOTS_MISMATCH', {}],
    ],
  ]
  for (const [name, change, expected] of attacks)
    it(`refuses ${name}`, () => {
      expect(refused(() => verifyOpenings(scope, { ...openings, ...change }, asked))).to.deep.equal(
        expected,
      )
    })

  it('refuses an item in the place of a leaf that fills the list up', () => {
    expect(
      refused(() =>
        verifyOpenings(scope, { ...openings, items: [filler] }, { ...asked, items: maskOf(3) }),
      ),
    ).to.deep.equal(mismatch('items', 3))
  })

  it('refuses the openings of another scope', () => {
    const other = scopeOf({ ...document, seed: 'a5'.repeat(32) })
    expect(refused(() => verifyOpenings(other, openings, asked))).to.deep.equal([
      'SCOPE_ROOTS_MISMATCH',
      {},
    ])
  })

  for (const [what, change] of [
    ['a proof of 7 hashes', { items: [{ ...first, proof: first.proof.slice(1) }] }],
    ['a proof of 9 hashes', { items: [{ ...first, proof: [...first.proof, SEED] }] }],
    ['index 256', { items: [{ ...first, index: 256 }] }],
    ['an index twice', { items: [first, first] }],
    ['indexes out of order', { items: [third, first] }],
    ['no item', { items: [] }],
    ['several purposes', { purposes: [purpose] }],
  ] as const)
    it(`reads no document with ${what}`, () => {
      const error = refusalOf(() => parseBy(Openings, { ...openings, ...change }, 'REFUSED'))
      expect([error?.kind, error?.code]).to.deep.equal(['invalid', 'REFUSED'])
    })
})

function manyItems(count: number): { material: string; may: 'read' }[] {
  return Array.from({ length: count }, (_, i) => ({ material: `material-${i}`, may: 'read' }))
}

function mismatch(list: string, index: number): [string, object] {
  return ['SCOPE_OPENING_MISMATCH', { list, index }]
}

function bits(length: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.nat(length - 1), { minLength: 1 })
}

function ascending(list: number[]): number[] {
  return list.toSorted((a, b) => a - b)
}

function sha256(...parts: (string | Uint8Array)[]): Uint8Array {
  return createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest()
}
