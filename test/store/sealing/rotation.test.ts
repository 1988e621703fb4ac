import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { KeyValueStore, Write } from '../../../node/store/keyValueStore.ts'
import { dataKeyKey, statementKey } from '../../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { rewrapAll } from '../../../node/store/sealing/rotation.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

/** More than two batches. */
const COUNT = 2500

/** Refuses to commit after some commits, as if the process had ended there. */
class DyingStore extends MemoryKeyValueStore {
  commitsLeft = Infinity

  override async commit(writes: readonly Write[]): Promise<void> {
    if (this.commitsLeft-- <= 0) throw new Error('the process ended')
    await super.commit(writes)
  }
}

describe('rotation of the master key', () => {
  const [oldKey, newKey, thirdKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
  let store: DyingStore
  let blinded: string
  let statement: Uint8Array

  beforeEach(async () => {
    store = new DyingStore()
    const ring = await KeyRing.open(store, oldKey)
    blinded = ring.blind('id', 'material-1')
    const writes: Write[] = []
    for (let index = 0; index < COUNT; index++) {
      const dataKey = ring.newDataKey()
      const sealed = ring.sealStatement(dataKey, Buffer.from(`statement ${index}`))
      writes.push({ type: 'put', key: dataKeyKey(index), value: ring.wrap(dataKey) })
      writes.push({ type: 'put', key: statementKey(index), value: sealed })
    }
    await store.commit(writes)
    statement = await getValue(store, statementKey(0))
  })

  async function expectReadableWith(masterKey: Uint8Array): Promise<void> {
    const ring = await KeyRing.open(store, masterKey)
    expect(ring.blind('id', 'material-1')).to.equal(blinded)
    for (const index of [0, 1, 1023, 1024, COUNT - 1]) {
      const dataKey = ring.unwrap(await getValue(store, dataKeyKey(index)))
      const opened = ring.openStatement(dataKey, await getValue(store, statementKey(index)))
      expect(Buffer.from(opened).toString()).to.equal(`statement ${index}`)
    }
  }

  it('makes the new key open everything and the old one nothing, and rewrites no statement', async () => {
    expect(await rewrapAll(store, oldKey, newKey)).to.deep.equal({ rewrapped: COUNT })
    await expectReadableWith(newKey)
    expect(await codeOf(KeyRing.open(store, oldKey))).to.equal('MASTER_KEY_WRONG')
    expect(await getValue(store, statementKey(0))).to.deep.equal(statement)
  })

  it('finds nothing left to do when it is run again', async () => {
    await rewrapAll(store, oldKey, newKey)
    expect(await rewrapAll(store, oldKey, newKey)).to.deep.equal({ rewrapped: 0 })
    await expectReadableWith(newKey)
  })

  for (const commits of [0, 1, 2, 3, 4])
    it(`goes on after a crash that followed ${commits} of its commits`, async () => {
      store.commitsLeft = commits
      await rewrapAll(store, oldKey, newKey).then(
        () => expect.fail('it should not have ended'),
        (error: Error) => expect(error.message).to.equal('the process ended'),
      )
      store.commitsLeft = Infinity
      if (commits > 0) {
        // Neither key opens everything now, so neither may open anything.
        expect(await codeOf(KeyRing.open(store, newKey))).to.equal('ROTATION_UNFINISHED')
        expect(await codeOf(KeyRing.open(store, oldKey))).to.equal('ROTATION_UNFINISHED')
        expect(await codeOf(rewrapAll(store, oldKey, thirdKey))).to.equal('MASTER_KEY_WRONG')
      }
      await rewrapAll(store, oldKey, newKey)
      await expectReadableWith(newKey)
    })

  it('refuses keys that open nothing here, and changes nothing', async () => {
    expect(await codeOf(rewrapAll(store, thirdKey, newKey))).to.equal('MASTER_KEY_WRONG')
    await expectReadableWith(oldKey)
  })

  it('refuses a store without a key ring', async () => {
    const empty = new MemoryKeyValueStore()
    expect(await codeOf(rewrapAll(empty, oldKey, newKey))).to.equal('KEY_RING_MISSING')
  })
})

async function getValue(store: KeyValueStore, key: string): Promise<Uint8Array> {
  const value = await store.get(key)
  if (value === undefined) throw new TypeError(`nothing at ${key}`)
  return value
}
