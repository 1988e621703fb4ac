import { expect } from 'chai'
import * as fc from 'fast-check'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Fact } from '../../node/core/figures/facts.ts'
import { readRows, writeFacts } from '../../node/figures/factRows.ts'

const department = fc.constantFrom<Hex>(`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`)
const code = fc.nat({ max: 9 }).map((n) => String(310_110_202_300_000 + n))
const count = fc.nat()
const at = fc.integer({ min: 1, max: Date.UTC(2100, 0) })
const source = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const facts: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    is: fc.constant('case' as const),
    department,
    acceptedBy: department,
    case: code,
    matter: fc.constantFrom('CO_ADDR_CHANGE', '名称'),
    version: count,
    isActedFor: fc.boolean(),
    at,
  }),
  fc.record({
    is: fc.constant('use' as const),
    department,
    of: fc.constantFrom('certificate' as const, 'material' as const, 'check' as const),
    source,
    case: code,
    spares: fc.boolean(),
    fields: count,
    at,
  }),
  fc.record({ is: fc.constant('refusal' as const), department, code: fc.string() }),
  fc.record({
    is: fc.constant('submission' as const),
    department: fc.option(department, { nil: undefined }),
    way: fc.constantFrom('askedFor' as const, 'committed' as const),
    case: code,
    fields: count,
    at,
  }),
  fc.record({
    is: fc.constant('look' as const),
    department,
    evidence: count,
    qualified: fc.boolean(),
    granted: fc.boolean(),
  }),
)

describe('facts as rows', () => {
  it('come back as they were, through another thread', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 40 }), (all) => {
        expect(readRows(structuredClone(writeFacts(all)))).to.deep.equal(all)
      }),
    )
  })

  it('name each text once', () => {
    const refusal = { is: 'refusal', department: `0x${'a'.repeat(40)}`, code: 'A' } as const
    expect(writeFacts([refusal, refusal]).texts).to.deep.equal([refusal.department, 'A'])
  })
})
