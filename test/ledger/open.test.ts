import { expect } from 'chai'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { entryKey, metaKey, statementKey, tileKey } from '../../node/store/layout.ts'
import { codeOf } from '../support/codes.ts'
import { openTestLog, testStatement } from '../support/log.ts'

async function filledStore(): Promise<KeyValueStore> {
  const store = new MemoryKeyValueStore()
  const log = await openTestLog({ store })
  await Promise.all(
    Array.from({ length: 5 }, (_, i) => log.writer.append({ statement: testStatement(`m${i}`) })),
  )
  return store
}

async function alter(store: KeyValueStore, key: string): Promise<void> {
  const value = Uint8Array.from((await store.get(key)) ?? [])
  value[value.length >> 1] = (value[value.length >> 1] ?? 0) ^ 1
  await store.commit([{ type: 'put', key, value }])
}

describe('opening a log', () => {
  it('continues where it was left', async () => {
    const store = await filledStore()
    const log = await openTestLog({ store })
    const { index } = await log.writer.append({ statement: testStatement('next') })
    expect(index).to.equal(5)
  })

  it('refuses a store of another log', async () => {
    const opening = openTestLog({ store: await filledStore(), origin: 'other.example/log' })
    expect(await codeOf(opening)).to.equal('LOG_ORIGIN_MISMATCH')
  })

  it('refuses a store of a newer release', async () => {
    const store = await filledStore()
    await store.commit([{ type: 'put', key: metaKey('format'), value: Buffer.from('2') }])
    expect(await codeOf(openTestLog({ store }))).to.equal('DATA_FORMAT_UNKNOWN')
  })

  it('refuses to go on from tiles that do not give the signed root', async () => {
    const store = await filledStore()
    await alter(store, tileKey(0, 0))
    expect(await codeOf(openTestLog({ store }))).to.equal('LOG_HEAD_MISMATCH')
  })

  it('refuses an altered checkpoint', async () => {
    const store = await filledStore()
    await alter(store, metaKey('checkpoint'))
    expect(await codeOf(openTestLog({ store }))).to.equal('CHECKPOINT_BROKEN')
  })

  it('refuses an altered log key', async () => {
    const store = await filledStore()
    await alter(store, metaKey('logKey'))
    expect(await codeOf(openTestLog({ store }))).to.equal('SEAL_BROKEN')
  })

  it('says corrupt for a missing tile', async () => {
    const store = await filledStore()
    await store.commit([{ type: 'del', key: tileKey(0, 0) }])
    expect(await codeOf(openTestLog({ store }))).to.equal('TILE_MISSING')
  })

  it('says corrupt, not erased, for a missing statement', async () => {
    const store = await filledStore()
    await store.commit([{ type: 'del', key: statementKey(2) }])
    const log = await openTestLog({ store })
    expect(await codeOf(log.reader.openStatement(2))).to.equal('STATEMENT_MISSING')
    await store.commit([{ type: 'del', key: entryKey(3) }])
    expect(await codeOf(log.reader.entry(3))).to.equal('RECORD_MISSING')
  })
})
