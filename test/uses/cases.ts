import { expect } from 'chai'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { bureau, CASE } from '../cases/support/scene.ts'
import { OTHER_MATTER } from '../core/resolution/scene.ts'
import { codeOf } from '../support/codes.ts'
import { UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

const UNKNOWN = '001900000199999'
const DECIDED = '001900000100031'
const ELSEWHERE = 'OF_ELSEWHERE'
const QUESTIONS: Question[] = [{ kind: 'is', field: 'location', value: '别处' }]

export function keepsToCases(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`the case of a use, on ${name}`, () => {
    let s: UseScene
    before(async () => {
      s = await UseScene.open(openStore)
      const { cases, registry } = s.cases
      await s.cases.openCase({ case: DECIDED }, registry.account)
      await cases.stage(DECIDED, { stage: 'accepted' }, registry.account)
      await cases.stage(DECIDED, { stage: 'reviewed' }, bureau)
      await cases.stage(DECIDED, { stage: 'decided', outcome: 'refused' }, bureau)
    })
    after(() => s.close())

    const about = (context: Partial<AskedFor['context']>): AskedFor => {
      const asked = s.asked()
      return { ...asked, context: { ...asked.context, ...context } }
    }
    const sign = async (asked: AskedFor & { questions?: Question[] }, matter?: string) =>
      Promise.all(
        (['landlord', 'tenant'] as const).map(async (by) =>
          s.authorize(await grant(by, matter), asked),
        ),
      )
    const grant = (by: 'landlord' | 'tenant', matter?: string): Promise<Hex> =>
      s.grant(by, 0, matter)
    const REFUSED = [
      [{ case: UNKNOWN }, 'CASE_NOT_OPENED'],
      [{ matter: OTHER_MATTER.code }, 'CASE_MATTER_OTHER'],
      [{ case: DECIDED }, 'CASE_DECIDED'],
    ] as const

    it('stands in the receipt by its entry', async () => {
      const asked = s.asked()
      const { id } = await s.request(asked, ...(await sign(asked)))
      const { statement } = await s.uses.get(id)
      expect(statement.decision.case).to.equal((await s.cases.cases.get(CASE)).index)
    })

    it('is not opened here where nobody published its matter, which the receipt tells', async () => {
      const asked = about({ case: UNKNOWN, matter: ELSEWHERE })
      const { id } = await s.request(asked, ...(await sign(asked, ELSEWHERE)))
      const { statement } = await s.uses.get(id)
      expect(statement).to.include({ kind: 'use.released' })
      expect(statement.decision).not.to.have.property('case')
    })

    for (const [context, code] of REFUSED) {
      it(`is refused with ${code}, and told before anybody signs`, async () => {
        const asked = about(context)
        const authorizations = await sign(asked, asked.context.matter)
        const drafts = authorizations.map(({ chain, openings }) => ({ chain, openings }))
        const { notAfter, user } = authorizations[0]?.use ?? expect.fail('it is signed')
        const draft = { ...asked, user, notAfter, authorizations: drafts }
        const { reasons } = await s.uses.preview(draft)
        expect(reasons.map((reason) => reason.code)).to.deep.equal([code])
        expect(await codeOf(s.request(asked, ...authorizations))).to.equal(code)
        expect((await s.answers()).at(-1)).to.include({ kind: 'use.refused', code })
      })

      it(`is refused to a data check with ${code}`, async () => {
        const { fields: _, manner: __, ...asked } = about(context)
        const signed = {
          ...asked,
          fields: ['location'],
          manner: 'read' as const,
          questions: QUESTIONS,
        }
        const authorizations = await sign(signed, asked.context.matter)
        expect(await codeOf(s.check(signed, QUESTIONS, ...authorizations))).to.equal(code)
        expect((await s.answers()).at(-1)).to.include({ kind: 'use.refused', code })
      })
    }
  })
}
