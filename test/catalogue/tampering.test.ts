import { expect } from 'chai'
import { CATALOGUE_TERM, foundBy } from '../../node/core/terms/foundBy.ts'
import { commit, SALT_LENGTH } from '../../node/core/commitment.ts'
import { formatEntry, parseEntry } from '../../node/core/entry.ts'
import { encodeStatement, parseStatement } from '../../node/core/statement.ts'
import type { MaterialSubmitted } from '../../node/core/statement.ts'
import * as layout from '../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { materialType, OWNER } from '../core/catalogue/support.ts'
import { faultsIn, flipBit, remove } from '../ledger/audit/testLedger.ts'
import { codeOf } from '../support/codes.ts'
import { testStatement } from '../support/log.ts'
import { openTestParts, TOMORROW } from './support/service.ts'
import type { TestLedgerParts } from './support/service.ts'

const byOwner = { name: `department ${OWNER}`, department: OWNER }

/** Somebody with the data folder, and with the key that opens it. */
describe('a catalogue that was changed in the data folder', () => {
  let parts: TestLedgerParts

  /** 0: LEASE 1; 1: no part of the catalogue; 2: LEASE 2; 3: ARTICLES 1. */
  beforeEach(async () => {
    parts = await openTestParts(new MemoryKeyValueStore())
    const catalogue = await parts.openCatalogue()
    await catalogue.publish(materialType(), byOwner)
    await submit(testStatement('m1'))
    await catalogue.publish(materialType({ version: 2, from: TOMORROW }), byOwner)
    await catalogue.publish(materialType({ code: 'ARTICLES' }), byOwner)
  })
  afterEach(() => parts.ledger.close())

  const submit = (statement: MaterialSubmitted) => {
    const { leads, blocks } = foundBy(statement, { holdsContent: true, isUndecided: true })
    return parts.ledger.append({
      statement,
      writes: (index) => parts.terms.writes([...leads, ...blocks], index),
    })
  }
  const start = () => codeOf(parts.openCatalogue())
  const termKeyOf = async (index: number) => {
    const [write] = parts.terms.writes([CATALOGUE_TERM], index)
    const key = write?.key ?? ''
    expect(await parts.store.get(key)).to.not.equal(undefined)
    return key
  }
  /** The statement as somebody would rather have it, sealed as the ledger seals. */
  const rewrite = async (index: number, from: string, to: string) => {
    const { store, ring } = parts
    const dataKey = ring.unwrap((await store.get(layout.dataKeyKey(index))) as Uint8Array)
    const opened = ring.openStatement(
      dataKey,
      (await store.get(layout.statementKey(index))) as Uint8Array,
    )
    const salt = opened.subarray(0, SALT_LENGTH)
    const text = Buffer.from(opened.subarray(SALT_LENGTH)).toString().replace(from, to)
    const bytes = encodeStatement(parseStatement(text))
    const value = ring.sealStatement(dataKey, Buffer.concat([salt, bytes]))
    await store.commit([{ type: 'put', key: layout.statementKey(index), value }])
    return commit(salt, bytes)
  }

  it('starts while nobody touched it, and the audit finds nothing', async () => {
    expect(await start()).to.equal(undefined)
    expect(await faultsIn(parts)).to.deep.equal([])
  })

  it('does not start with another document in a statement', async () => {
    await rewrite(0, '"reusable":true', '"reusable":false')
    expect(await start()).to.equal('CATALOGUE_ALTERED')
    expect(await faultsIn(parts)).to.deep.equal(['COMMITMENT_MISMATCH statement 0'])
  })

  it('is found by the audit when the entry was made to fit', async () => {
    const commitment = await rewrite(0, '"reusable":true', '"reusable":false')
    const key = layout.entryKey(0)
    const { kind, at } = parseEntry((await parts.store.get(key)) as Uint8Array)
    const value = formatEntry({ kind, at, commitment })
    await parts.store.commit([{ type: 'put', key, value }])
    expect(await faultsIn(parts)).to.deep.equal(['ENTRY_ALTERED entry 0'])
  })

  it('does not start with a statement whose bytes were damaged', async () => {
    await flipBit(parts.store, layout.statementKey(2))
    expect(await start()).to.equal('SEAL_BROKEN')
    expect(await faultsIn(parts)).to.deep.equal(['STATEMENT_DAMAGED statement 2'])
  })

  it('does not start without a statement or its key', async () => {
    await remove(parts.store, layout.dataKeyKey(0))
    expect(await start()).to.equal('CATALOGUE_ALTERED')
    expect(await faultsIn(parts)).to.deep.equal(['ERASURE_UNEXPLAINED data key 0'])
    await remove(parts.store, layout.statementKey(2))
    expect(await faultsIn(parts)).to.include('STATEMENT_MISSING statement 2')
  })

  it('does not start with a version taken out of the way, the newest included', async () => {
    const [first, newest] = [await termKeyOf(0), await termKeyOf(2)]
    await remove(parts.store, newest)
    expect(await start()).to.equal('CATALOGUE_INCOMPLETE')
    await parts.store.commit([{ type: 'put', key: newest, value: new Uint8Array(0) }])
    await remove(parts.store, first)
    expect(await start()).to.equal('CATALOGUE_INCOMPLETE')
  })

  it('is found by the audit when all versions of an entry were taken out of the way', async () => {
    await remove(parts.store, await termKeyOf(3))
    expect(await start()).to.equal(undefined)
    expect(await faultsIn(parts)).to.deep.equal([
      'TERM_RECORD_MISSING term record catalogue of entry 3',
    ])
  })

  it('is found by the audit when a version was hidden with its id', async () => {
    const { id } = (await parts.ledger.openStatement(2)).statement
    await remove(parts.store, await termKeyOf(2), layout.idKey(parts.ring.blind('id', id)))
    expect(await faultsIn(parts)).to.have.members([
      'TERM_RECORD_MISSING term record catalogue of entry 2',
      'ID_RECORD_MISSING id record of entry 2',
    ])
  })

  it('does not start with something else among its statements', async () => {
    const [write] = parts.terms.writes([CATALOGUE_TERM], 1)
    if (write) await parts.store.commit([write])
    expect(await start()).to.equal('CATALOGUE_ALTERED')
  })
})
