import { expect } from 'chai'
import { utf8 } from '../../node/core/bytes.ts'
import { sha256 } from '../../node/core/hash/hash.ts'
import { canonicalize } from '../../node/core/json.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import { systemClock } from '../../node/ledger/anchoring/clock.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { UseCarrier } from '../../node/uses/carrying.ts'
import { CASE, tenant } from '../cases/support/scene.ts'
import { MATTER } from '../core/resolution/scene.ts'
import { NOW } from '../grants/support/scene.ts'
import { codeOf } from '../support/codes.ts'
import { OTHER_CASE, UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

const QUESTIONS: Question[] = [{ kind: 'is', field: 'location', value: '示例路' }]
const CRASH = 'the power fails'
const HOUR = 3600

export function carriesOn(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`a use that is being counted, on ${name}`, () => {
    let s: UseScene
    let asked: AskedFor
    let one: Authorization
    let other: Authorization
    beforeEach(async () => {
      s = await UseScene.open(openStore)
      asked = s.asked()
      one = await s.authorize(await s.grant('landlord', 1), asked)
      other = await s.authorize(await s.grant('tenant', 1), asked)
    })
    afterEach(() => s.close())

    const look = async () => {
      const errors: unknown[] = []
      const carrier = new UseCarrier({
        pending: s.cases.pending,
        uses: s.uses,
        checks: s.checks,
        clock: systemClock,
        onError: (error) => errors.push(error),
      })
      await carrier.look()
      expect(errors).to.deep.equal([])
    }
    /** The power fails right before or after the chain counts a use. */
    const crash = async (when: 'beforeCount' | 'afterCount', of: Authorization, step = request) => {
      const use = s.idOf(of)
      s[when] = (counted) => {
        if (counted === use) throw new Error(CRASH)
      }
      const message = await step().catch((error: Error) => error.message)
      expect(message).to.equal(CRASH)
      s[when] = () => {}
      s.restart()
    }
    const request = (): Promise<unknown> => s.request(asked, one, other)
    const pending = async () => (await s.cases.pending.all()).length

    for (const [what, crashed] of [
      ['between two counts', () => crash('afterCount', one)],
      ['between the last count and the answer', () => crash('afterCount', other)],
    ] as const)
      it(`is answered after a crash ${what}, though nobody asks again`, async () => {
        await crashed()
        expect(await s.answers()).to.deep.equal([])
        await look()
        expect(s.counts).to.deep.equal([s.idOf(one), s.idOf(other)])
        const [statement, ...more] = await s.answers()
        expect(more).to.deep.equal([])
        expect(statement).to.have.property('kind', 'use.released')
        expect(statement).to.have.property('counted').with.length(2)
        expect(await pending()).to.equal(0)
        s.restart()
        expect(await pending()).to.equal(0)
        expect(await codeOf(request())).to.equal('USE_ALREADY_MADE')
      })

    it('is forgotten after a crash before the first count, and may be asked for again', async () => {
      await crash('beforeCount', one)
      expect(await pending()).to.equal(1)
      await look()
      expect(await pending()).to.equal(0)
      expect(await s.answers()).to.deep.equal([])
      await request()
      expect(s.counts).to.deep.equal([s.idOf(one), s.idOf(other)])
    })

    it('is answered once, whether it is carried on or asked for first', async () => {
      await crash('afterCount', other)
      const answers = await Promise.allSettled([request(), look(), request(), look()])
      expect(answers.map(({ status }) => status)).to.deep.equal([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
      expect(await s.answers()).to.have.length(1)
      expect(await pending()).to.equal(0)
    })

    it('answers its idempotency key, whoever carried it on', async () => {
      const body = { ...asked, authorizations: [one, other] }
      const fingerprint = sha256(utf8(canonicalize(body)))
      const idempotency = { principal: 'department', key: 'k', fingerprint }
      const ask = () => s.uses.request(body, { idempotency })
      await crash('afterCount', other, ask)
      await look()
      const { created, id } = await ask()
      expect(created).to.equal(false)
      expect((await s.answers()).map((answer) => answer.id)).to.deep.equal([id])
    })

    it('is a check where it asked questions', async () => {
      const questioned = { ...s.asked(), questions: QUESTIONS }
      const signed = [
        await s.authorize(one.use.grant, questioned),
        await s.authorize(other.use.grant, questioned),
      ] as const
      await crash('afterCount', signed[1], () => s.check(questioned, QUESTIONS, ...signed))
      await look()
      const [statement] = await s.answers()
      expect(statement).to.include({ kind: 'use.checked' })
      expect(statement).to.have.property('counted').with.length(2)
      expect(await pending()).to.equal(0)
    })

    it('is released by the times of its decision, though its request has expired since', async () => {
      const { decision } = await decisionOf(() => crash('afterCount', other))
      s.cases.grants.time = NOW + HOUR / 2
      expect(other.use.notAfter).to.be.below(s.cases.grants.time)
      await look()
      const [statement] = await s.answers()
      expect(statement).to.deep.include({ kind: 'use.released', decision })
    })

    it('is refused when that is too long ago to be checked, and says what was counted', async () => {
      await crash('afterCount', other)
      s.cases.grants.time = NOW + HOUR
      await look()
      expect(await s.answers()).to.have.length(1)
      await isRefused('USE_EXPIRED', one, other)
    })

    it('is refused once its holder revoked, and says what was counted', async () => {
      await crash('afterCount', other)
      const { grant } = one.use
      const { holder = '0x' } = one.chain[0] ?? {}
      await s.cases.grants.mine({ type: 'GrantRevoked', grant, holder, revoker: one.use.user })
      await look()
      await isRefused('GRANT_IS_REVOKED', one, other)
      const { items } = await s.uses.ofHolder(holder, { limit: 10 })
      expect(items.map(({ statement }) => statement)).to.deep.equal(await s.answers())
      expect(await codeOf(request())).to.equal('USE_ALREADY_MADE')
    })

    it('counts for another request, where it was refused since another holder had nothing left', async () => {
      const rival = await s.authorize(other.use.grant, asked, { notAfter: NOW + 599 })
      s.beforeCount = async (use) => {
        if (use !== s.idOf(other)) return
        s.beforeCount = () => {}
        // Another node brought it to the chain.
        await s.cases.grants.mine({
          type: 'GrantUsed',
          grant: rival.use.grant,
          holder: rival.chain[0]?.holder ?? '0x',
          user: rival.use.user,
          useId: s.idOf(rival),
          sequence: 0,
          counted: 1,
        })
      }
      expect(await codeOf(request())).to.equal('GRANT_USES_EXHAUSTED')
      await isRefused('GRANT_USES_EXHAUSTED', one)
      expect(await codeOf(request())).to.equal('USE_ALREADY_MADE')
      const third = await s.authorize(await s.grant('tenant', 1), asked)
      await s.request(asked, one, third)
      expect(s.counts).to.deep.equal([s.idOf(one), s.idOf(third)])
      expect(await codeOf(s.request(asked, one))).to.equal('USE_ALREADY_MADE')
    })

    /** The newest answer. */
    async function isRefused(code: string, ...counted: Authorization[]): Promise<void> {
      const statement = (await s.answers()).at(-1)
      if (statement?.kind !== 'use.refused') throw new Error('it is refused')
      expect(statement.code).to.equal(code)
      const { grants } = s.cases.grants.mirror
      const places = counted.map((each) => {
        const use = s.idOf(each)
        return { use, transaction: grants.findUse(use)?.recorded.transaction }
      })
      expect(statement.counted).to.have.deep.members(places)
      expect(await pending()).to.equal(0)
    }

    async function decisionOf(step: () => Promise<void>) {
      await step()
      const [held] = await s.cases.pending.all()
      return held ?? expect.fail('nothing is pending')
    }

    describe('of a material that serves once', () => {
      let form = ''
      let signed: Authorization
      const sign = async (caseCode: string): Promise<[AskedFor, Authorization]> => {
        const what = s.asked({ subject: { kind: 'material', id: form }, fields: ['companyName'] })
        const about = { ...what, context: { ...what.context, case: caseCode } }
        const { grants, registry } = s.cases
        const grant = await s.cases.grant(grants.tenant, {
          holder: tenant,
          items: [{ material: form, fields: ['companyName'], may: 'copy' }],
          purposes: [{ matter: MATTER.code }],
          grantee: registry.account,
          uses: 1,
        })
        return [about, await s.authorize(grant, about)]
      }
      beforeEach(async () => {
        form = 'form-1'
        await s.cases.deposit(form, 'FORM', { fields: { companyName: '示例' } })
        const [about, authorization] = await sign(CASE)
        signed = authorization
        await crash('afterCount', signed, () => s.request(about, signed))
      })

      it('keeps it for its case until it is answered', async () => {
        const rival = await sign(OTHER_CASE)
        const { size } = s.cases.grants.ledger
        expect(await codeOf(s.request(...rival))).to.equal('MATERIAL_BEING_USED')
        const material = { id: form, type: 'FORM' }
        const unspent = s.cases.singles.areUnspent([material], '2023-11-16')
        expect(await codeOf(unspent)).to.equal('MATERIAL_BEING_USED')
        expect(s.cases.grants.ledger.size).to.equal(size)
        await look()
        expect(s.counts).to.deep.equal([s.idOf(signed)])
        expect(await codeOf(s.request(...rival))).to.equal('MATERIAL_SINGLE_USE_SPENT')
        const kinds = (await s.answers()).map(({ kind }) => kind)
        expect(kinds).to.deep.equal(['use.released', 'use.refused'])
      })

      it('does not keep it from its own case', async () => {
        await s.request(...(await sign(CASE)))
        await look()
        const kinds = (await s.answers()).map(({ kind }) => kind)
        expect(kinds).to.deep.equal(['use.released', 'use.released'])
        expect(s.counts).to.have.length(2)
      })
    })
  })
}
