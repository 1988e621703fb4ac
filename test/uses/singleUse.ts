import { expect } from 'chai'
import { Holdings } from '../../node/holdings/holdings.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { bureau, CASE, tenant } from '../cases/support/scene.ts'
import { MATTER, OTHER_MATTER } from '../core/resolution/scene.ts'
import { codeOf } from '../support/codes.ts'
import { OTHER_CASE, THIRD_CASE, UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

const SPENT = 'MATERIAL_SINGLE_USE_SPENT'
const QUESTIONS: Question[] = [{ kind: 'is', field: 'companyName', value: '示例' }]

/** On `openStore`, what the catalogue lets serve once serves once. */
export function servesOnce(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`a material that serves once, on ${name}`, () => {
    let s: UseScene
    let deposited = 0
    before(async () => {
      s = await UseScene.open(openStore)
    })
    after(() => s.close())

    const deposit = async (type = 'FORM', rest = {}) => {
      const id = `single-${++deposited}`
      await s.cases.deposit(id, type, { fields: { companyName: '示例' }, ...rest })
      return id
    }
    const permit = (material: string, uses = 0, matter = MATTER.code): Promise<Hex> =>
      s.cases.grant(s.cases.grants.tenant, {
        holder: tenant,
        items: [{ material, fields: ['companyName'], may: 'copy' }],
        purposes: [{ matter }],
        grantee: s.cases.registry.account,
        uses,
      })
    const askFor = (id: string, caseCode: string, matter = MATTER.code): AskedFor => {
      const asked = s.asked({ subject: { kind: 'material', id }, fields: ['companyName'] })
      return { ...asked, context: { ...asked.context, case: caseCode, matter } }
    }
    const sign = async (id: string, caseCode: string, grant?: Hex, matter?: string) => {
      const asked = askFor(id, caseCode, matter)
      return [asked, await s.authorize(grant ?? (await permit(id)), asked)] as const
    }
    const use = async (id: string, caseCode: string) => s.request(...(await sign(id, caseCode)))
    const usedBy = async (id: string) => {
      const { terms, grants, certificates, catalogue } = s.cases
      const { ledger } = grants
      const holdings = new Holdings({ ledger, terms, certificates, catalogue }, async () => [
        tenant,
      ])
      const found = await holdings.get({ kind: 'material', id })
      if (found?.kind !== 'material') throw new Error('it was handed in')
      return found.spent?.by ?? found.spent?.caseCode
    }

    it('is used for one case as often as that asks, and for no other', async () => {
      const form = await deposit()
      expect(await usedBy(form)).to.equal(undefined)
      await use(form, CASE)
      const { id } = await use(form, CASE)
      expect(await refusalOf(use(form, OTHER_CASE))).to.deep.equal({
        code: SPENT,
        details: { id: form, by: id },
      })
      expect((await s.answers()).at(-1)).to.include({ kind: 'use.refused', code: SPENT })
      expect(await usedBy(form)).to.equal(id)
    })

    it('answers no questions for another case once it is spent, and is not spent by answers', async () => {
      const form = await deposit()
      const check = async (caseCode: string) => {
        const { fields: _, ...asked } = askFor(form, caseCode)
        const signed = { ...asked, fields: ['companyName'], questions: QUESTIONS }
        return s.check(signed, QUESTIONS, await s.authorize(await permit(form), signed))
      }
      await check(OTHER_CASE)
      await use(form, CASE)
      await check(CASE)
      expect(await codeOf(check(OTHER_CASE))).to.equal(SPENT)
    })

    it('is of the case that it was handed in for, which nobody else is told', async () => {
      const form = await deposit('FORM', { caseCode: CASE })
      await use(form, CASE)
      expect(await refusalOf(use(form, OTHER_CASE))).to.deep.equal({
        code: SPENT,
        details: { id: form },
      })
      expect(await usedBy(form)).to.equal(CASE)
    })

    it('serves the other cases of a bundle with the first, and a resolution says what it went to', async () => {
      const opening = { matter: { code: OTHER_MATTER.code }, theme: 'OPEN_OFFICE' }
      const bundle = '001900000100011'
      const by = s.cases.registry.account
      await s.cases.openCase({ case: bundle, theme: 'OPEN_OFFICE' }, by)
      await s.cases.openCase({ ...opening, case: '001900000100012', bundle }, by)
      await s.cases.openCase({ ...opening, case: '001900000100013' }, by)
      const pledge = await deposit('PLEDGE')
      const useIn = async (code: string) => {
        const other = OTHER_MATTER.code
        const grant = await permit(pledge, 0, other)
        return s.request(...(await sign(pledge, code, grant, other)))
      }
      await use(pledge, bundle)
      const { id } = await useIn('001900000100012')
      expect(await codeOf(useIn('001900000100013'))).to.equal(SPENT)
      const rejected = async (code: string) => {
        const { materials } = await s.cases.resolutions.ofCase(code, bureau)
        const found = materials.find(({ material }) => material === 'PLEDGE')
        return found?.rejected.find((one) => one.id === pledge)
      }
      expect(await rejected('001900000100013')).to.include({ code: SPENT, by: id })
      expect((await rejected('001900000100012'))?.code).not.to.equal(SPENT)
    })

    it('goes to exactly one of those that ask at once, whatever the chain counts', async () => {
      const cases = [CASE, OTHER_CASE, THIRD_CASE, CASE, OTHER_CASE]
      for (const uses of [0, 3]) {
        const form = await deposit()
        const signed: (readonly [AskedFor, Authorization])[] = []
        for (const code of cases) signed.push(await sign(form, code, await permit(form, uses)))
        const before = s.counts.length
        const answers = await Promise.allSettled(signed.map((one) => s.request(...one)))
        const served = cases.filter((_, i) => answers[i]?.status === 'fulfilled')
        expect(new Set(served).size).to.equal(1)
        expect(served).to.have.length(cases.filter((code) => code === served[0]).length)
        for (const answer of answers)
          if (answer.status === 'rejected') expect(answer.reason.code).to.equal(SPENT)
        // What was refused was not counted either.
        expect(s.counts.length - before).to.equal(uses === 0 ? 0 : served.length)
      }
    })

    it('is another than one that serves for good', async () => {
      const articles = await deposit('ARTICLES')
      for (const code of [CASE, OTHER_CASE]) await use(articles, code)
    })
  })
}

async function refusalOf(answer: Promise<unknown>) {
  try {
    await answer
  } catch (error) {
    if (isLedgerError(error)) return { code: error.code, details: error.details }
    throw error
  }
  throw new Error('nothing was refused')
}
