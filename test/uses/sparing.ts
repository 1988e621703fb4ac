import { expect } from 'chai'
import type { Question } from '../../node/core/checks/questions.ts'
import { isReceipt } from '../../node/core/statements/check.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { ADDRESS, CASE, tenant } from '../cases/support/scene.ts'
import { MATTER, PROPERTY } from '../core/resolution/scene.ts'
import { OTHER_CASE, THIRD_CASE, UseScene } from './support/scene.ts'

const ELSEWHERE = 'OF_ELSEWHERE'
const DEED = { material: 'PROPERTY', holder: 'LANDLORD' }

/** On `openStore`, receipts say what a case need not be handed in any more, once. */
export function sparesOnce(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`what a use spares a case, on ${name}`, () => {
    let s: UseScene
    let deposited = 0
    before(async () => {
      s = await UseScene.open(openStore)
    })
    after(() => s.close())

    const spares = async (use: Promise<{ readonly id: string }>) => {
      const { id } = await use
      const statement = (await s.answers()).find((one) => one.id === id)
      if (statement === undefined || !isReceipt(statement)) throw new Error('it was allowed')
      return statement.spares
    }
    const signed = async (code: string, matter = MATTER.code, questions?: Question[]) => {
      const asked = s.asked()
      const whole = { ...asked, context: { ...asked.context, case: code, matter } }
      const said = questions ? { ...whole, questions } : whole
      const authorizations = await Promise.all(
        (['landlord', 'tenant'] as const).map(async (by) =>
          s.authorize(await s.grant(by, 0, matter), said),
        ),
      )
      return [whole, ...authorizations] as const
    }
    const pull = async (code: string, matter?: string) =>
      spares(s.request(...(await signed(code, matter))))
    const check = async (code: string, value: string) => {
      const questions: Question[] = [{ kind: 'is', field: 'location', value }]
      const [asked, ...authorizations] = await signed(code, MATTER.code, questions)
      return spares(s.check(asked, questions, ...authorizations))
    }
    const reuse = async (type: string, rest = {}) => {
      const material = `spared-${++deposited}`
      await s.cases.deposit(material, type, rest)
      const grant = await s.cases.grant(s.cases.grants.tenant, {
        holder: tenant,
        items: [{ material, may: 'copy' }],
        purposes: [{ matter: MATTER.code }],
        grantee: s.cases.registry.account,
      })
      const asked = s.asked({ subject: { kind: 'material', id: material }, fields: [] })
      return spares(s.request(asked, await s.authorize(grant, asked)))
    }

    it('is a material that its matter requires, the first time', async () => {
      expect(await pull(CASE)).to.deep.equal(DEED)
      expect(await pull(CASE)).to.equal(undefined)
      expect(await check(CASE, ADDRESS)).to.equal(undefined)
    })

    it('is it once, of two uses that come at once', async () => {
      const asked = await Promise.all([signed(OTHER_CASE), signed(OTHER_CASE)])
      const found = await Promise.all(asked.map((one) => spares(s.request(...one))))
      expect(found.filter((one) => one !== undefined)).to.deep.equal([DEED])
    })

    it('is one that a data check answered with a yes, and not with a no', async () => {
      expect(await check(THIRD_CASE, '别处')).to.equal(undefined)
      expect(await check(THIRD_CASE, ADDRESS)).to.deep.equal(DEED)
      expect(await pull(THIRD_CASE)).to.equal(undefined)
    })

    it('is nothing that it does not require, or that has to be handed in, or came in for it', async () => {
      expect(await reuse('NOTE')).to.equal(undefined)
      expect(await reuse('FORM')).to.equal(undefined)
      expect(await reuse('ARTICLES', { caseCode: CASE })).to.equal(undefined)
      expect(await reuse('ARTICLES')).to.deep.equal({ material: 'ARTICLES', holder: 'APPLICANT' })
      expect(await reuse('ARTICLES')).to.equal(undefined)
    })

    it('is each type once, of a case of elsewhere', async () => {
      const code = '001900000199998'
      expect(await pull(code, ELSEWHERE)).to.deep.equal({ material: PROPERTY })
      expect(await pull(code, ELSEWHERE)).to.equal(undefined)
    })
  })
}
