import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import * as layout from '../../../node/store/layout.ts'
import { checkLedger } from '../../../node/ledger/audit/audit.ts'
import { codeOf } from '../../support/codes.ts'
import { LARGE, openFilled, openOwn, SMALL } from './testLedger.ts'
import { auditAll, faultsIn, flipBit, openTestLedger } from './testLedger.ts'

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
    const ledger = await openOwn()
    await ledger.erase('small', SMALL)
    await ledger.erase('large', LARGE)
    await ledger.erase('m5', 7)
    const { findings, summary } = await auditAll(ledger)
    expect(findings).to.deep.equal([])
    expect(summary).to.include({ size: 603, statements: 600, erased: 3 })
  })

  it('finds nothing while entries are appended and erased beside it', async () => {
    const ledger = await openOwn()
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
