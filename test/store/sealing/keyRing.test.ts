import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { dataKeyKey, metaKey } from '../../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

describe('key ring', () => {
  const masterKey = randomBytes(32)
  let store: MemoryKeyValueStore
  let ring: KeyRing

  beforeEach(async () => {
    store = new MemoryKeyValueStore()
    ring = await KeyRing.open(store, masterKey)
  })

  it('opens again with the same master key and names things as before', async () => {
    const again = await KeyRing.open(store, masterKey)
    const dataKey = ring.newDataKey()
    expect(again.blind('id', 'material-1')).to.equal(ring.blind('id', 'material-1'))
    expect(again.unwrap(ring.wrap(dataKey))).to.deep.equal(dataKey)
    expect(again.openRecord('r', ring.sealRecord('r', randomBytes(5)))).to.have.length(5)
  })

  it('refuses another master key', async () => {
    expect(await codeOf(KeyRing.open(store, randomBytes(32)))).to.equal('MASTER_KEY_WRONG')
    const other = await KeyRing.open(new MemoryKeyValueStore(), randomBytes(32))
    expect(await codeOf(() => ring.unwrap(other.wrap(randomBytes(32))))).to.equal(
      'MASTER_KEY_WRONG',
    )
  })

  it('is not made anew beside data keys that only the old one opens', async () => {
    await store.commit([
      { type: 'put', key: dataKeyKey(3), value: ring.wrap(ring.newDataKey()) },
      { type: 'del', key: metaKey('keyRing') },
    ])
    expect(await codeOf(KeyRing.open(store, masterKey))).to.equal('KEY_RING_MISSING')
  })

  it('gives data keys that differ', () => {
    const keys = Array.from({ length: 500 }, () => Buffer.from(ring.newDataKey()).toString('hex'))
    expect(new Set(keys).size).to.equal(500)
    expect(keys.every((key) => /^[0-9a-f]{64}$/.test(key) && !/^0+$/.test(key))).to.equal(true)
  })

  it('unwraps what it wrapped, and refuses every flipped bit and truncation', async () => {
    const dataKey = ring.newDataKey()
    const wrapped = ring.wrap(dataKey)
    expect(wrapped).to.have.length(45)
    expect(ring.unwrap(wrapped)).to.deep.equal(dataKey)
    for (let bit = 0; bit < wrapped.length * 8; bit++) {
      const altered = Uint8Array.from(wrapped)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // The second to fifth byte name the master key.
      const expected = bit >= 8 && bit < 40 ? 'MASTER_KEY_WRONG' : 'SEAL_BROKEN'
      expect(await codeOf(() => ring.unwrap(altered))).to.equal(expected)
    }
    for (let length = 0; length < wrapped.length; length++)
      expect(await codeOf(() => ring.unwrap(wrapped.subarray(0, length)))).to.equal('SEAL_BROKEN')
  })

  it('gives each name in each domain a blinded form of its own', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(ring.blind('id', a)).to.match(/^[A-Za-z0-9_-]{22}$/)
        expect(ring.blind('id', a) === ring.blind('id', b)).to.equal(a === b)
        expect(ring.blind('id', a)).not.to.equal(ring.blind('idempotency', a))
      }),
    )
  })

  it('blinds the same name differently in every folder', async () => {
    const other = await KeyRing.open(new MemoryKeyValueStore(), masterKey)
    expect(other.blind('id', 'material-1')).not.to.equal(ring.blind('id', 'material-1'))
  })

  it('opens a record under its own name alone, and refuses every flipped bit', async () => {
    const record = randomBytes(40)
    const sealed = ring.sealRecord('q/one', record)
    expect(record.equals(ring.openRecord('q/one', sealed))).to.equal(true)
    expect(await codeOf(() => ring.openRecord('q/two', sealed))).to.equal('SEAL_BROKEN')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Uint8Array.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await codeOf(() => ring.openRecord('q/one', altered))).to.equal('SEAL_BROKEN')
    }
    for (let length = 0; length < sealed.length; length++)
      expect(await codeOf(() => ring.openRecord('q/one', sealed.subarray(0, length)))).to.equal(
        'SEAL_BROKEN',
      )
  })

  it('seals a record that is replaced differently each time', () => {
    const record = randomBytes(40)
    const sealed = Array.from({ length: 50 }, () => ring.sealRecord('q/one', record))
    expect(new Set(sealed.map((bytes) => Buffer.from(bytes).toString('hex'))).size).to.equal(50)
  })

  it('seals statements so that their data key alone opens them', async () => {
    const [one, two] = [ring.newDataKey(), ring.newDataKey()]
    const sealed = ring.sealStatement(one, Buffer.from('{"v":1}'))
    expect(Buffer.from(ring.openStatement(one, sealed)).toString()).to.equal('{"v":1}')
    expect(await codeOf(() => ring.openStatement(two, sealed))).to.equal('SEAL_BROKEN')
  })
})
