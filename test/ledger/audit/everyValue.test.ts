import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import * as layout from '../../../node/store/layout.ts'
import { copyTestLedger, faultsIn, flipBit, openTestLedger, remove } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'
import { TestChain } from './testChain.ts'

describe('the audit of a small ledger', () => {
  let ledger: TestLedger
  let values: [key: string, value: Uint8Array][]

  before(async () => {
    const chain = new TestChain()
    ledger = await openTestLedger()
    await ledger.fill(3)
    await ledger.keep('small', randomBytes(50))
    await ledger.keep('large', randomBytes(300_000), true)
    await chain.anchor(ledger)
    await ledger.erase('m1', 1)
    await chain.anchor(ledger)
    values = await Array.fromAsync(ledger.store.scan({}), ([key, value]) => [key, value])
  })

  it('has values of every family', () => {
    const families = new Set(values.map(([key]) => layout.parseKey(key).family))
    expect([...families]).to.have.members([
      'anchor',
      'location',
      'entry',
      'file',
      'id',
      'dataKey',
      'meta',
      'idempotency',
      'statement',
      'tile',
      'term',
    ])
  })

  it('finds one flipped bit in any value, at either end and in the middle', async () => {
    for (const [key, value] of values) {
      // A statement that was erased says nothing any more: its bytes are noise.
      if (key === layout.statementKey(1)) continue
      // A term leads to its statement by its key alone.
      if (value.length === 0) continue
      for (const position of [0, value.length >> 1, value.length - 1]) {
        const altered = await copyTestLedger(ledger)
        await flipBit(altered.store, key, position)
        expect(await faultsIn(altered), `${key} at ${position}`).to.not.deep.equal([])
      }
    }
  })

  it('finds any missing value', async () => {
    for (const [key] of values) {
      const { family } = layout.parseKey(key)
      // Who lost these lost a convenience, and nothing that was logged: they cannot be missed.
      if (family === 'idempotency' || family === 'anchor') continue
      const altered = await copyTestLedger(ledger)
      await remove(altered.store, key)
      expect(await faultsIn(altered), key).to.not.deep.equal([])
    }
  })
})
