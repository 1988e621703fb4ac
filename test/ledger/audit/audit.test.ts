import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import * as layout from '../../../node/store/layout.ts'
import type { KeyValueStore, Write } from '../../../node/store/keyValueStore.ts'
import { checkLedger } from '../../../node/ledger/audit/audit.ts'
import { codeOf } from '../../support/codes.ts'
import { auditAll, copyTestLedger, faultsIn, flipBit, openTestLedger } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'

const remove = (store: KeyValueStore, ...keys: string[]) =>
  store.commit(keys.map((key): Write => ({ type: 'del', key })))

const idRecordOf = ({ ring }: TestLedger, id: string) => layout.idKey(ring.blind('id', id))

/** Entries 0 and 1 have contents, the second in a file of its own; `m0` and so on follow up to 599. */
async function fillLedger(): Promise<TestLedger> {
  const ledger = await openTestLedger()
  await ledger.keep('small', randomBytes(5_000))
  await ledger.keep('large', randomBytes(600_000), true)
  await ledger.fill(598)
  return ledger
}

const SMALL = 0
const LARGE = 1
let filled: Promise<TestLedger> | undefined

/** A ledger that may be altered, of 600 entries. */
async function openFilled(): Promise<TestLedger> {
  return copyTestLedger(await (filled ??= fillLedger()))
}

describe('the audit', () => {
  it('finds nothing in an empty ledger', async () => {
    const { findings, summary } = await auditAll(await openTestLedger())
    expect(findings).to.deep.equal([])
    expect(summary).to.include({ result: 'pass', size: 0 })
  })

  it('finds nothing in a sound ledger, and counts what it read', async () => {
    const ledger = await openFilled()
    const { findings, summary } = await auditAll(ledger)
    expect(findings).to.deep.equal([])
    expect(summary).to.deep.include({
      result: 'pass',
      size: 600,
      statements: 600,
      erased: 0,
      contents: { count: 2, bytes: 605_000 },
      faults: 0,
    })
    const root = Buffer.from(ledger.reader.published.root).toString('hex')
    expect(summary.root).to.equal(root)
  })

  it('finds nothing after an erasure', async () => {
    const ledger = await fillLedger()
    await ledger.erase('small', SMALL)
    await ledger.erase('large', LARGE)
    await ledger.erase('m5', 7)
    const { findings, summary } = await auditAll(ledger)
    expect(findings).to.deep.equal([])
    expect(summary).to.include({ size: 603, statements: 600, erased: 3 })
  })

  it('finds nothing while entries are appended and erased beside it', async () => {
    const ledger = await fillLedger()
    const stop = new AbortController()
    const work = async () => {
      for (let turn = 0; !stop.signal.aborted; turn++) {
        await ledger.fill(20)
        const index = await ledger.keep(`extra-${turn}`, randomBytes(2_000), turn % 2 === 0)
        if (turn % 3 === 0) await ledger.erase(`extra-${turn}`, index)
        await ledger.erase(`m${turn}`, 2 + turn)
        await new Promise(setImmediate)
      }
    }
    const working = work()
    const { findings, summary } = await auditAll(ledger)
    stop.abort()
    await working
    expect(findings.filter(({ level }) => level === 'fault')).to.deep.equal([])
    expect(ledger.reader.published.size).to.be.greaterThan(summary.size)
    expect(await faultsIn(ledger)).to.deep.equal([])
  })

  it('ends early when it is told to', async () => {
    const ledger = await openFilled()
    const stop = new AbortController()
    const onProgress = () => stop.abort(new Error('enough'))
    const audit = checkLedger(ledger, { signal: stop.signal, onProgress })
    const reason = await audit.catch((error: unknown) => error)
    expect(reason).to.have.property('message', 'enough')
  })

  it('throws from checkLedger what it found', async () => {
    const ledger = await openFilled()
    expect((await checkLedger(ledger)).result).to.equal('pass')
    await flipBit(ledger.store, layout.entryKey(17), 12)
    expect(await codeOf(checkLedger(ledger))).to.equal('AUDIT_FAILED')
  })
})

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
      `ID_RECORD_WRONG id record ${ledger.ring.blind('id', 'late')}`,
    ])
    expect(faults).to.have.length(6)
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

describe('the audit of statements and contents', () => {
  let ledger: TestLedger

  beforeEach(async () => {
    ledger = await openFilled()
  })

  it('names a statement and a data key with one flipped bit', async () => {
    await flipBit(ledger.store, layout.statementKey(100))
    await flipBit(ledger.store, layout.dataKeyKey(101))
    await flipBit(ledger.store, layout.dataKeyKey(102), 0)
    await flipBit(ledger.store, layout.dataKeyKey(103), 2)
    expect(await faultsIn(ledger)).to.deep.equal([
      'STATEMENT_DAMAGED statement 100',
      'DATA_KEY_DAMAGED data key 101',
      'DATA_KEY_DAMAGED data key 102',
      'DATA_KEY_DAMAGED data key 103',
    ])
  })

  it('names statements that stand for one another', async () => {
    const keys = [layout.statementKey, layout.dataKeyKey]
    for (const key of keys) {
      const [a, b] = await ledger.store.getMany([key(100), key(101)])
      await ledger.store.commit([
        { type: 'put', key: key(100), value: b! },
        { type: 'put', key: key(101), value: a! },
      ])
    }
    expect(await faultsIn(ledger)).to.include.members([
      'COMMITMENT_MISMATCH statement 100',
      'COMMITMENT_MISMATCH statement 101',
    ])
  })

  it('names missing statements, and those that nothing explains', async () => {
    await remove(ledger.store, layout.statementKey(100), layout.dataKeyKey(101))
    expect(await faultsIn(ledger)).to.deep.equal([
      'STATEMENT_MISSING statement 100',
      'ERASURE_UNEXPLAINED data key 101',
    ])
  })

  it('names what was erased and can be read again', async () => {
    const dataKey = (await ledger.store.get(layout.dataKeyKey(7)))!
    await ledger.erase('m5', 7)
    await ledger.store.commit([{ type: 'put', key: layout.dataKeyKey(7), value: dataKey }])
    expect(await faultsIn(ledger)).to.deep.equal(['ERASURE_INCOMPLETE data key 7'])
  })

  it('names an erasure that is about another material', async () => {
    await ledger.erase('m6', 7)
    await ledger.erase('m6', 2 ** 47)
    expect(await faultsIn(ledger)).to.deep.equal([
      'ERASURE_TARGET_WRONG statement 600',
      'ERASURE_TARGET_WRONG statement 601',
    ])
  })

  it('names id records that lead elsewhere, lead nowhere, or are missing', async () => {
    await remove(ledger.store, idRecordOf(ledger, 'm0'))
    await flipBit(ledger.store, idRecordOf(ledger, 'm8'))
    await ledger.store.commit([
      { type: 'put', key: layout.idKey('A'.repeat(22)), value: layout.encodeIndex(50) },
      { type: 'put', key: layout.idKey('B'.repeat(22)), value: layout.encodeIndex(900) },
      { type: 'put', key: layout.idKey('C'.repeat(22)), value: Uint8Array.of(1) },
    ])
    expect(await faultsIn(ledger)).to.have.members([
      'ID_RECORD_MISSING id record of entry 2',
      `ID_RECORD_WRONG id record ${ledger.ring.blind('id', 'm8')}`,
      'ID_RECORD_WRONG id records of entry 50',
      `ID_RECORD_WRONG id record ${'B'.repeat(22)}`,
      `ID_RECORD_WRONG id record ${'C'.repeat(22)}`,
    ])
  })

  it('names idempotency records that are altered or lead nowhere', async () => {
    const keys: string[] = []
    for await (const [key] of ledger.store.scan(layout.familyRange('idempotency'))) keys.push(key)
    await flipBit(ledger.store, keys[0]!)
    expect(await faultsIn(ledger)).to.deep.equal([
      `IDEMPOTENCY_RECORD_DAMAGED idempotency record ${keys[0]!.slice(2)}`,
    ])
  })

  it('names keys that mean nothing', async () => {
    const value = Uint8Array.of(1)
    for (const key of ['a', 'e/1', 'm/other', 'z/zz', 'c/00000000000g']) {
      await ledger.store.commit([{ type: 'put', key, value }])
    }
    expect(await faultsIn(ledger)).to.have.members([
      'KEY_UNKNOWN key "a"',
      'KEY_UNKNOWN key "e/1"',
      'KEY_UNKNOWN key "m/other"',
      'KEY_UNKNOWN key "z/zz"',
      'KEY_UNKNOWN key "c/00000000000g"',
    ])
  })

  it('names a tile that the log does not have, and one that is too long', async () => {
    const tile = (await ledger.store.get(layout.tileKey(0, 2)))!
    await ledger.store.commit([
      { type: 'put', key: layout.tileKey(0, 9), value: tile },
      { type: 'put', key: layout.tileKey(0, 2), value: Buffer.concat([tile, tile]) },
    ])
    expect(await faultsIn(ledger)).to.have.members(['TILE_STRAY tile 0/9', 'TILE_ALTERED tile 0/2'])
  })

  it('names locations that are missing, malformed, or not due', async () => {
    await remove(ledger.store, layout.locationKey(SMALL))
    await ledger.store.commit([
      { type: 'put', key: layout.locationKey(9), value: Uint8Array.of(1, 2) },
    ])
    expect(await faultsIn(ledger)).to.have.members([
      `LOCATION_MISSING content location ${SMALL}`,
      'LOCATION_STRAY content location 9',
    ])
  })

  it('names contents that are gone', async () => {
    ledger = await fillLedger()
    const location = layout.decodeLocation((await ledger.store.get(layout.locationKey(LARGE)))!)
    await ledger.contents.remove(location)
    expect(await faultsIn(ledger)).to.deep.equal([`CONTENT_MISSING content ${LARGE}`])
  })

  it('names a content that stands for another', async () => {
    const other = await ledger.keep('other', randomBytes(5_000))
    const location = (await ledger.store.get(layout.locationKey(other)))!
    await ledger.store.commit([{ type: 'put', key: layout.locationKey(SMALL), value: location }])
    expect(await faultsIn(ledger)).to.deep.equal([`CONTENT_DAMAGED content ${SMALL}`])
  })

  it('notes a content file that nothing needs', async () => {
    ledger = await fillLedger()
    const writer = await ledger.contents.begin()
    await writer.write(randomBytes(100))
    const location = await writer.keep()
    await ledger.contents.settle(location)
    const { findings, summary } = await auditAll(ledger)
    expect(findings.map(({ code, where }) => `${code} ${where}`)).to.deep.equal([
      `CONTENT_ORPHAN content file ${location.name}`,
    ])
    expect(summary.result).to.equal('pass')
  })
})
