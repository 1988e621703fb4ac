import { expect } from 'chai'
import * as fc from 'fast-check'
import { TERM_KINDS } from '../../../node/core/terms/term.ts'
import { rebuildIndex } from '../../../node/ledger/rebuild/rebuild.ts'
import type { KeyValueStore, Write } from '../../../node/store/keyValueStore.ts'
import * as layout from '../../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import { openMemory } from '../../materials/support/bank.ts'
import type { Bank } from '../../materials/support/bank.ts'
import { TEST_MASTER_KEY } from '../../support/log.ts'
import { faultsIn } from '../audit/testLedger.ts'
import { openEveryTerm } from './everyTerm.ts'

type Pairs = Map<string, string>
const STRAY = 'S'.repeat(22)
const NOTHING = new Uint8Array(0)
const INDEX_FAMILIES = ['id', 'term', 'newest', 'file'] as const

const put = (key: string, value: Uint8Array): Write => ({ type: 'put', key, value })
const del = (key: string): Write => ({ type: 'del', key })

describe('what statements are found by', () => {
  let bank: Bank
  let whole: Pairs
  let terms: readonly (readonly [key: string, index: number, kind: string])[]

  before(async function () {
    this.timeout(60_000)
    bank = await openEveryTerm(await openMemory())
    whole = await pairsOf(bank.store)
    terms = [...whole].flatMap(([text, value]) => {
      const key = layout.parseKey(text)
      if (key.family === 'term') return [[text, key.index, key.kind] as const]
      if (key.family !== 'newest') return []
      return [[text, layout.decodeIndex(Buffer.from(value, 'hex')), key.kind] as const]
    })
  })

  const altered = async (...writes: Write[]) => {
    const store = new MemoryKeyValueStore()
    await store.commit([...whole].map(([key, value]) => put(key, Buffer.from(value, 'hex'))))
    await store.commit(writes)
    const reopenRing = () => KeyRing.open(store, TEST_MASTER_KEY)
    return { store, contents: bank.contents, ring: await reopenRing(), reopenRing }
  }

  it('is all there in a bank that holds every kind of term', async () => {
    expect(new Set(terms.map(([, , kind]) => kind))).to.deep.equal(new Set(TERM_KINDS))
    expect(await faultsIn(await altered())).to.deep.equal([])
  })

  for (const kind of TERM_KINDS)
    it(`is missed where one ${kind} is gone, and made anew`, async () => {
      const [key = '', index] =
        terms.toSorted(([, a], [, b]) => a - b).find(([, , one]) => one === kind) ?? []
      const parts = await altered(del(key))
      const faults = await faultsIn(parts)
      expect(faults.filter((fault) => !fault.startsWith('LOCATION_MISSING'))).to.deep.equal([
        `TERM_RECORD_MISSING term record ${kind} of entry ${index}`,
      ])
      // Whoever goes by the bytes of another finds them by that record.
      expect(faults.length).to.equal(kind === 'material.content' ? 2 : 1)
      const { terms: repaired, unreadable } = await rebuildIndex(parts)
      expect({ ...repaired, unreadable }).to.deep.equal({ made: 1, removed: 0, unreadable: 0 })
      expect(await pairsOf(parts.store)).to.deep.equal(whole)
    })

  it('leads astray where nothing says so, and is removed', async () => {
    const [text = ''] = terms.find(([, , kind]) => kind === 'use.holder') ?? []
    const there = layout.parseKey(text)
    if (there.family !== 'term') throw new TypeError('a term')
    const strays = TERM_KINDS.map((kind) => put(layout.termKey(kind, STRAY, there.index), NOTHING))
    const parts = await altered(...strays)
    expect(await faultsIn(parts)).to.have.members(
      TERM_KINDS.map(
        (kind) => `TERM_RECORD_STRAY term record ${kind} ${STRAY} of entry ${there.index}`,
      ),
    )
    expect((await rebuildIndex(parts)).terms).to.deep.equal({ made: 0, removed: strays.length })
    expect(await pairsOf(parts.store)).to.deep.equal(whole)
  })

  it('leads astray where another statement counts than the newest, and leads back', async () => {
    for (const [key, index, kind] of terms.filter(([text]) => text.startsWith('n/'))) {
      const parts = await altered(put(key, layout.encodeIndex(index + 1)))
      expect((await faultsIn(parts)).join(), kind).to.include('TERM_RECORD_STRAY')
      await rebuildIndex(parts)
      expect(await pairsOf(parts.store)).to.deep.equal(whole)
    }
  })

  it('comes back whole from the log alone, with the ids', async () => {
    const parts = await altered()
    for (const family of INDEX_FAMILIES)
      for await (const [key] of parts.store.scan(layout.familyRange(family)))
        await parts.store.commit([del(key)])
    const { ids } = await rebuildIndex(parts)
    expect(ids.made).to.equal([...whole.keys()].filter((key) => key.startsWith('i/')).length)
    const { terms: again } = await rebuildIndex(parts)
    expect(again).to.deep.equal({ made: 0, removed: 0 })
    // The key of a block may have led to what was erased: the first that is left takes its place.
    expect(differences(await pairsOf(parts.store), whole)).to.deep.equal([
      'x/material.submitter',
      'x/material.submitter',
    ])
    expect(await faultsIn(parts)).to.deep.equal([])
  })

  it('goes without records that mean nothing or lead beyond the log', async () => {
    const beyond = layout.encodeIndex(70_000)
    const parts = await altered(
      put(layout.termKey('holder', STRAY, 70_000), NOTHING),
      put(layout.newestKey('material.spent', STRAY), beyond),
      put(layout.newestKey('material.content', STRAY), Uint8Array.of(1)),
      put(layout.idKey(STRAY), beyond),
      put(layout.idKey('T'.repeat(22)), layout.encodeIndex(0)),
      put(layout.idKey('U'.repeat(22)), layout.encodeIndex(7)),
      put(layout.fileKey('0f'.repeat(16)), layout.encodeIndex(1)),
      put('x/nonsense', NOTHING),
    )
    const { ids, terms: repaired, files } = await rebuildIndex(parts)
    expect([ids.removed, repaired.removed, files.removed]).to.deep.equal([3, 4, 1])
    expect(await pairsOf(parts.store)).to.deep.equal(whole)
  })

  it('is left alone where the statement is not the one that was logged', async () => {
    const [, index = 0] = terms.find(([, , kind]) => kind === 'benefit.given') ?? []
    const parts = await altered(del(layout.statementKey(index)))
    const before = await pairsOf(parts.store)
    expect(await rebuildIndex(parts)).to.include({ unreadable: 1 })
    expect(await pairsOf(parts.store)).to.deep.equal(before)
    expect(await faultsIn(parts)).to.deep.equal([`STATEMENT_MISSING statement ${index}`])
  })

  it('is not touched where nobody can tell how far the log reaches', async () => {
    const parts = await altered(put(layout.metaKey('checkpoint'), Uint8Array.of(1)))
    expect(await codeOf(rebuildIndex(parts))).to.equal('CHECKPOINT_BROKEN')
  })

  it('comes back the same, whatever was lost, wherever a rebuild was ended', async function () {
    this.timeout(60_000)
    const keys = [...whole.keys()].filter((key) => /^[xnif]\//.test(key))
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(keys, { minLength: 1 }),
        fc.nat({ max: 12 }),
        async (lost, commits) => {
          const kept = lost.filter((key) => !key.startsWith('x/material.submitter'))
          const parts = await altered(...kept.map(del))
          await rebuildIndex({ ...parts, store: ending(parts.store, commits) }).catch((error) => {
            if (error !== ENDED) throw error
          })
          await rebuildIndex(parts)
          expect(await pairsOf(parts.store)).to.deep.equal(whole)
        },
      ),
      { numRuns: 10 },
    )
  })
})

const ENDED = new Error('ended')

/** A store that takes no more after so many commits, as if the process had been killed. */
function ending(store: KeyValueStore, commits: number): KeyValueStore {
  let left = commits
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (name === 'commit')
        return (writes: readonly Write[]) => {
          if (left-- <= 0) throw ENDED
          return target.commit(writes)
        }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

async function pairsOf(store: KeyValueStore): Promise<Pairs> {
  const pairs: Pairs = new Map()
  for await (const [key, value] of store.scan({}))
    pairs.set(key, Buffer.from(value).toString('hex'))
  return pairs
}

/** Kinds of the keys that only one of them has. */
function differences(a: Pairs, b: Pairs): string[] {
  const only = [...a.keys(), ...b.keys()].filter((key) => a.get(key) !== b.get(key))
  return only.map((key) => key.split('/').slice(0, 2).join('/'))
}
