import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import * as layout from '../../../node/store/layout.ts'
import { decodeLocation } from '../../../node/store/locations.ts'
import { auditAll, faultsIn, flipBit, openFilled, openOwn, remove } from './testLedger.ts'
import { LARGE, SMALL } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'

const idRecordOf = ({ ring }: TestLedger, id: string) => layout.idKey(ring.blind('id', id))

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

  it('names records of what counts for a term that lead nowhere', async () => {
    const [beyond, malformed] = ['A', 'B'].map((letter) => letter.repeat(22)) as [string, string]
    await ledger.store.commit([
      { type: 'put', key: layout.newestKey('a.b', beyond), value: layout.encodeIndex(70_000) },
      { type: 'put', key: layout.newestKey('a.b', malformed), value: Uint8Array.of(1) },
    ])
    expect(await faultsIn(ledger)).to.have.members([
      `RECORD_WRONG record of the newest a.b ${beyond}`,
      `RECORD_WRONG record of the newest a.b ${malformed}`,
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
    ledger = await openOwn()
    const location = decodeLocation((await ledger.store.get(layout.locationKey(LARGE)))!)
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
    ledger = await openOwn()
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
