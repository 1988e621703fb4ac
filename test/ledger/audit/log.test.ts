import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import type { Write } from '../../../node/store/keyValueStore.ts'
import * as layout from '../../../node/store/layout.ts'
import { faultsIn, flipBit, openFilled, openTestLedger, remove } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'

describe('the audit of the log', () => {
  let ledger: TestLedger

  beforeEach(async () => {
    ledger = await openFilled()
  })

  it('names an entry with one flipped bit', async () => {
    for (const index of [0, 17, 300, 599]) {
      const one = await openFilled()
      await flipBit(one.store, layout.entryKey(index), 60)
      expect(await faultsIn(one)).to.deep.equal([`ENTRY_ALTERED entry ${index}`])
    }
  })

  it('names a tile with one flipped bit, at every level and place', async () => {
    for (const tile of ['0/0', '0/1', '0/2', '1/0'] as const) {
      const one = await openFilled()
      const [level, index] = tile.split('/').map(Number) as [number, number]
      await flipBit(one.store, layout.tileKey(level, index), 40)
      expect(await faultsIn(one)).to.deep.equal([`TILE_ALTERED tile ${tile}`])
    }
  })

  it('tells entries from tiles when several were altered', async () => {
    await flipBit(ledger.store, layout.entryKey(17), 60)
    await flipBit(ledger.store, layout.entryKey(20), 60)
    await flipBit(ledger.store, layout.tileKey(0, 1), 33)
    expect(await faultsIn(ledger)).to.have.members([
      'ENTRY_ALTERED entry 17',
      'ENTRY_ALTERED entry 20',
      'TILE_ALTERED tile 0/1',
    ])
  })

  it('tells an altered entry from an altered partial tile', async () => {
    await flipBit(ledger.store, layout.entryKey(17), 60)
    await flipBit(ledger.store, layout.tileKey(0, 2), 33)
    expect(await faultsIn(ledger)).to.have.members([
      'ENTRY_ALTERED entry 17',
      'TILE_ALTERED tile 0/2',
    ])
  })

  it('says so where entry and tile were altered both and nothing decides', async () => {
    await flipBit(ledger.store, layout.entryKey(17), 60)
    await flipBit(ledger.store, layout.tileKey(0, 0), 32 * 30)
    expect(await faultsIn(ledger)).to.have.members([
      'CHECKPOINT_ROOT_WRONG checkpoint',
      'LEAF_UNDECIDED entry 17',
      'LEAF_UNDECIDED entry 30',
    ])
  })

  it('names missing entries, alone and in a row', async () => {
    const gone = [3, 5, 6, 7, 599].map(layout.entryKey)
    await remove(ledger.store, ...gone)
    expect(await faultsIn(ledger)).to.deep.equal([
      'ENTRY_MISSING entry 3',
      'ENTRY_MISSING entries 5 to 7',
      'ENTRY_MISSING entry 599',
    ])
  })

  it('names a missing tile and a shortened one', async () => {
    await remove(ledger.store, layout.tileKey(0, 1))
    const tile = (await ledger.store.get(layout.tileKey(1, 0)))!
    await ledger.store.commit([
      { type: 'put', key: layout.tileKey(1, 0), value: tile.subarray(0, 32) },
    ])
    expect(await faultsIn(ledger)).to.have.members([
      'TILE_MISSING tile 0/1',
      'TILE_MISSING tile 1/0',
    ])
  })

  it('names an entry that was logged out of order', async () => {
    const late = await openTestLedger()
    await late.fill(1)
    const entry = Buffer.from((await late.store.get(layout.entryKey(0)))!)
      .toString()
      .replace(/"at":"20/, '"at":"30')
    // As a writer with a wrong clock would have logged it.
    const tree = new TreeBuilder()
    tree.append(hashLeaf(Buffer.from(entry)))
    const second = Buffer.from(entry.replace(/"at":"30/, '"at":"20'))
    tree.append(hashLeaf(second))
    await late.store.commit([
      { type: 'put', key: layout.entryKey(0), value: Buffer.from(entry) },
      { type: 'put', key: layout.entryKey(1), value: second },
      ...tree.tiles().map(({ level, index, hashes }): Write => ({
        type: 'put',
        key: layout.tileKey(level, index),
        value: hashes,
      })),
      {
        type: 'put',
        key: layout.metaKey('checkpoint'),
        value: Buffer.from(late.signer.sign(2, tree.root())),
      },
    ])
    expect(await faultsIn(late)).to.include('ENTRY_TIME_BACKWARDS entry 1')
  })

  it('names an altered checkpoint', async () => {
    for (const position of [2, 25, -3]) {
      const one = await openFilled()
      await flipBit(one.store, layout.metaKey('checkpoint'), position)
      expect(await faultsIn(one)).to.deep.equal(['CHECKPOINT_BROKEN checkpoint'])
    }
  })

  it('names the records of what an older checkpoint does not cover', async () => {
    const before = (await ledger.store.get(layout.metaKey('checkpoint')))!
    await ledger.keep('late', randomBytes(100))
    await ledger.store.commit([{ type: 'put', key: layout.metaKey('checkpoint'), value: before }])
    const faults = await faultsIn(ledger)
    expect(faults).to.include.members([
      'TILE_ALTERED tile 0/2',
      'KEY_BEYOND_LOG entry 600',
      'KEY_BEYOND_LOG statement 600',
      'KEY_BEYOND_LOG data key 600',
      'KEY_BEYOND_LOG content location 600',
      'KEY_BEYOND_LOG term record 600',
      `ID_RECORD_WRONG id record ${ledger.ring.blind('id', 'late')}`,
    ])
    expect(faults).to.have.length(7)
  })

  it('names altered and missing records about the log', async () => {
    for (const [name, found] of [
      ['format', 'RECORD_WRONG record format'],
      ['origin', 'RECORD_WRONG record origin'],
      ['logKey', 'RECORD_WRONG record logKey'],
      ['keyRing', 'RECORD_WRONG record keyRing'],
    ] as const) {
      const one = await openFilled()
      await flipBit(one.store, layout.metaKey(name))
      expect(await faultsIn(one), name).to.deep.equal([found])
      await remove(one.store, layout.metaKey(name))
      expect(await faultsIn(one), name).to.include(
        name === 'keyRing' ? 'RECORD_WRONG record keyRing' : `RECORD_MISSING record ${name}`,
      )
    }
  })

  it('names the log key when another one is trusted', async () => {
    const other = await openTestLedger()
    const trusted = { origin: other.signer.origin, key: other.signer.verifierKey }
    expect(await faultsIn(ledger, { trusted })).to.include.members([
      'RECORD_WRONG record logKey',
      'CHECKPOINT_BROKEN checkpoint',
    ])
  })
})
