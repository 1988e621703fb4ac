import { expect } from 'chai'
import fc from 'fast-check'
import { nextStage, verifyStage } from '../../../node/core/cases/stages.ts'
import type { Progress } from '../../../node/core/cases/stages.ts'
import { STAGES } from '../../../node/core/statements/case.ts'
import type { Stage } from '../../../node/core/statements/case.ts'
import { readStatement } from '../../../node/core/statement.ts'
import { addressOf } from '../../support/registryChain.ts'
import { refused } from '../grants/support.ts'

const [counter, bureau, stranger] = ['counter', 'bureau', 'stranger'].map(addressOf) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const handled = { acceptedBy: counter, decidedBy: bureau }
const all: Progress = STAGES.map((stage) =>
  stage === 'decided' ? { stage, outcome: 'granted' } : { stage },
)
const handlerOf: Readonly<Record<Stage, `0x${string}`>> = {
  accepted: counter,
  reviewed: bureau,
  decided: bureau,
  issued: bureau,
  delivered: counter,
}

const asked = (stage: Stage, by: `0x${string}`) =>
  refused(() => verifyStage(handled, all.slice(0, STAGES.indexOf(stage)), { stage, by }))

const staged = (stage: Stage, outcome?: string) => () =>
  readStatement({
    v: 1,
    id: 'case-001900000100001-x',
    kind: 'case.staged',
    case: '001900000100001',
    stage,
    by: counter,
    ...(outcome && { outcome }),
  })

describe('stages of a case', () => {
  it('follow one another', () => {
    expect(STAGES.map((_, i) => nextStage(all.slice(0, i)))).to.deep.equal(STAGES)
    expect(nextStage(all)).to.equal(undefined)
  })

  it('issue nothing after a refusal, which is delivered', () => {
    const decided = [...all.slice(0, 2), { stage: 'decided', outcome: 'refused' } as const]
    expect(nextStage(decided)).to.equal('delivered')
    expect(
      refused(() => verifyStage(handled, decided, { stage: 'issued', by: bureau })),
    ).to.deep.equal(['CASE_STAGE_OUT_OF_ORDER', { stage: 'issued', next: 'delivered' }])
  })

  it('come in no other order, wherever a case is', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.constantFrom(...STAGES), (reached, stage) => {
        const next = STAGES[reached]
        const refusal = refused(() =>
          verifyStage(handled, all.slice(0, reached), { stage, by: handlerOf[stage] }),
        )
        expect(refusal?.[0]).to.equal(stage === next ? undefined : 'CASE_STAGE_OUT_OF_ORDER')
      }),
    )
  })

  it('are no work of a foreign department, at any stage', () => {
    for (const [i, stage] of STAGES.entries())
      expect(
        refused(() => verifyStage(handled, all.slice(0, i), { stage, by: stranger })),
      ).to.deep.equal(['CASE_NOT_YOURS', {}])
  })

  it('are decided by none but the deciding department, and accepted by none but the accepting', () => {
    expect(asked('decided', counter)).to.deep.equal([
      'CASE_STAGE_NOT_YOURS',
      { stage: 'decided', department: bureau },
    ])
    expect(asked('accepted', bureau)?.[0]).to.equal('CASE_STAGE_NOT_YOURS')
    expect(asked('delivered', bureau)).to.equal(undefined)
    expect(asked('delivered', counter)).to.equal(undefined)
  })

  it('have an outcome when they decide, and else none', () => {
    expect(refused(staged('decided'))?.[0]).to.equal('STATEMENT_MALFORMED')
    expect(refused(staged('issued', 'granted'))?.[0]).to.equal('STATEMENT_MALFORMED')
    expect(refused(staged('decided', 'granted'))).to.equal(undefined)
    expect(refused(staged('issued'))).to.equal(undefined)
  })
})
