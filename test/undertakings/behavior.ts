import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import { undertakingIdOf } from '../../node/core/statements/undertaking.ts'
import type { Undertaking } from '../../node/core/undertakings/undertaking.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { stateOf } from '../../node/undertakings/undertakings.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import {
  agent,
  bureau,
  CASE,
  counter,
  foreign,
  landlord,
  restaurant,
  tenant,
  TODAY,
} from '../cases/support/scene.ts'
import { addressOf } from '../chain/support/registryScene.ts'
import { BROKEN, KEPT, OTHER_CASE, PLEDGED, UndertakingScene } from './support/scene.ts'

const DUE = '2023-12-16'

/** What whoever keeps undertakings promises, on any store. */
export function behavesLikeUndertakings(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`undertakings in the place of materials (${name})`, () => {
    let s: UndertakingScene
    beforeEach(async () => {
      s = await UndertakingScene.open(openStore)
    })
    afterEach(() => s.close())

    describe('are drafted', () => {
      it('by the common sentence, bound to case, matter, material and ledger', async () => {
        const draft = await s.draft()
        expect(draft).to.include({ holder: tenant, by: tenant, caseCode: CASE, due: '' })
        expect(draft).to.include({ matter: PLEDGED.code, version: 1, material: 'PLEDGE' })
        expect(draft.text).to.equal(
          '本承诺人已知晓办理“住所（经营场所）申报”对“PLEDGE”的要求，现承诺：已具备该材料或者符合其所证明的条件，' +
            '以上承诺真实、有效。如承诺不实或者未按期履行，愿承担相应法律责任，此后办理事项不再适用告知承诺。',
        )
      })

      it('with the day by which the material has to come, counted from that of the case', async () => {
        expect(TODAY).to.equal('2023-11-16')
        const { due, text } = await s.draft({ material: 'LEASE' })
        expect(due).to.equal(DUE)
        expect(text).to.include('并于2023年12月16日前（含当日）补交该材料')
      })

      it('in the words of the matter, where it has some', async () => {
        const draft = await s.undertakings.draft(CASE, s.landlords())
        expect(draft).to.include({ role: 'LANDLORD', holder: landlord })
        expect(draft.text).to.equal('本人承诺：该房屋可用于经营。')
      })

      it('for who acts for the applicant, and not for the landlord’s material', async () => {
        await s.openCase({ case: OTHER_CASE, agents: [agent] })
        const account = addressOf(s.cases.grants.agent)
        const draft = await s.draft({ by: agent, account }, OTHER_CASE)
        expect(draft).to.include({ holder: tenant, by: agent })
        const beyond = s.draft({ ...s.landlords(), by: agent, account }, OTHER_CASE)
        expect(await codeOf(beyond)).to.equal('UNDERTAKING_NOT_YOURS')
        expect(await codeOf(s.draft({ by: agent, account }))).to.equal('UNDERTAKING_NOT_YOURS')
      })

      it('for nobody who is not in the case, nor by an account that does not speak for them', async () => {
        const others = [
          { holder: restaurant, by: restaurant },
          { holder: landlord, by: landlord, account: addressOf(s.cases.grants.landlord) },
          { account: addressOf(s.cases.grants.landlord) },
          { by: restaurant },
        ]
        for (const change of others)
          expect(await codeOf(s.draft(change)), JSON.stringify(change)).to.equal(
            'UNDERTAKING_NOT_YOURS',
          )
      })

      it('where the matter takes one, and nowhere else', async () => {
        expect(await codeOf(s.draft({ material: 'ARTICLES' }))).to.equal('UNDERTAKING_NOT_ACCEPTED')
        expect(await codeOf(s.draft({ material: 'FORM' }))).to.equal('UNDERTAKING_NOT_REQUIRED')
        expect(await codeOf(s.draft({ role: 'AGENT' }))).to.equal('UNDERTAKING_NOT_REQUIRED')
        expect(await codeOf(s.draft({}, OTHER_CASE))).to.equal('CASE_NOT_FOUND')
      })
    })

    describe('are given', () => {
      it('once, be it signed again or handed in at the same time', async () => {
        const signed = await s.signed()
        const both = await Promise.all([s.undertakings.give(signed), s.undertakings.give(signed)])
        expect(both.map(({ created }) => created)).to.have.members([false, true])
        expect(new Set(both.map(({ id }) => id))).to.deep.equal(
          new Set([undertakingIdOf(signed.undertaking)]),
        )
        const { statement } = parseEvidence(both[0].evidence)
        expect(statement).to.deep.include({ kind: 'undertaking.given', ...signed })
        await s.decide()
        const { created } = await s.undertakings.give(signed)
        expect(created).to.equal(false)
      })

      it('with evidence that says whose account it was', async () => {
        const id = await s.given()
        const evidence = parseEvidence(await s.undertakings.evidence(id, 'given'))
        expect(evidence.statement.id).to.equal(id)
        expect((evidence.states ?? []).every(({ of }) => of === 'sign')).to.equal(true)
      })

      it('for one material of one part each', async () => {
        const { landlord: owner } = s.cases.grants
        const ids = [
          await s.given(),
          await s.given({ material: 'LEASE' }),
          await s.given(s.landlords(), owner),
        ]
        const listed = await s.undertakings.ofCase(CASE)
        expect(listed.map(({ statement }) => statement.id)).to.deep.equal(ids.toReversed())
      })

      it('by one alone: what another gives for the same material is refused', async () => {
        await s.openCase({ case: OTHER_CASE, agents: [agent] })
        const person = s.cases.grants.agent
        const of = { by: agent, account: addressOf(person) }
        const byAgent = await s.signed({}, { by: person, of, code: OTHER_CASE })
        await s.given({}, s.tenant, OTHER_CASE)
        expect(await codeOf(s.undertakings.give(byAgent))).to.equal('UNDERTAKING_GIVEN')
      })

      it('by the signature of the account alone', async () => {
        const stranger = s.cases.grants.landlord
        expect(await codeOf(s.undertakings.give(await s.signed({}, { by: stranger })))).to.equal(
          'SIGNATURE_INVALID',
        )
        const { undertaking } = await s.signed()
        const elsewhere = { ...s.registries, chainId: 1 }
        const signature = s.sign(undertaking, s.tenant, elsewhere)
        expect(await codeOf(s.undertakings.give({ undertaking, signature }))).to.equal(
          'SIGNATURE_INVALID',
        )
        expect(await codeOf(s.undertakings.give({ undertaking, signature: '0x1234' }))).to.equal(
          'SIGNATURE_MALFORMED',
        )
      })

      it('by a contract account, where that takes the signature', async () => {
        const contract = `0x${'c0'.repeat(20)}` as const
        await s.cases.grants.mine({
          type: 'AccountBound',
          holder: tenant,
          account: contract,
          registrar: bureau,
        })
        const undertaking = await s.draft({ account: contract })
        const signature = '0xc0ffee'
        expect(await codeOf(s.undertakings.give({ undertaking, signature }))).to.equal(
          'SIGNATURE_MALFORMED',
        )
        s.contracts.set(contract, signature)
        expect((await s.undertakings.give({ undertaking, signature })).created).to.equal(true)
      })

      it('to the letter: another text, day, version or ledger is refused, though signed', async () => {
        const changes: Partial<Undertaking>[] = [
          { text: '本人不作任何承诺。' },
          { due: '2099-12-31' },
          { version: 2 },
          { matter: 'CO_SETUP' },
          { audience: `0x${'0'.repeat(64)}` },
        ]
        for (const change of changes) {
          const refused = s.undertakings.give(await s.signed(change))
          const thrown = await refused.catch((error: unknown) => error)
          expect(thrown).to.have.property('code', 'UNDERTAKING_MISMATCH')
          expect(thrown)
            .to.have.property('details')
            .that.deep.equals({ members: Object.keys(change) })
        }
        expect(await s.undertakings.ofCase(CASE)).to.deep.equal([])
      })

      it('to its own case: what was signed for one serves no other', async () => {
        await s.openCase({ case: OTHER_CASE, applicant: restaurant, parties: {} })
        const { undertaking, signature } = await s.signed()
        const moved = { undertaking: { ...undertaking, caseCode: OTHER_CASE }, signature }
        expect(await codeOf(s.undertakings.give(moved))).to.equal('SIGNATURE_INVALID')
        const signed = await s.signed({ caseCode: OTHER_CASE })
        expect(await codeOf(s.undertakings.give(signed))).to.equal('UNDERTAKING_NOT_YOURS')
      })

      it('while the case is open, and the day has not passed', async () => {
        const [pledge, lease] = [
          await s.signed(),
          await s.signed({}, { of: { material: 'LEASE' } }),
        ]
        s.later(31)
        expect(await codeOf(s.undertakings.give(lease))).to.equal('UNDERTAKING_OVERDUE')
        await s.decide()
        expect(await codeOf(s.undertakings.give(pledge))).to.equal('CASE_DECIDED')
        expect(await codeOf(s.draft())).to.equal('CASE_DECIDED')
      })

      it('by no account that was released meanwhile', async () => {
        const signed = await s.signed()
        await s.cases.grants.mine({
          type: 'AccountReleased',
          holder: tenant,
          account: addressOf(s.tenant),
          registrar: bureau,
          endGrants: false,
        })
        expect(await codeOf(s.undertakings.give(signed))).to.equal('UNDERTAKING_NOT_YOURS')
      })
    })

    describe('are checked', () => {
      it('by who handles the case, also after its decision; the newest counts', async () => {
        const id = await s.given()
        await s.decide()
        expect(stateOf(await s.undertakings.get(id))).to.equal('given')
        expect(await codeOf(s.undertakings.evidence(id, 'checked'))).to.equal(
          'UNDERTAKING_NOT_CHECKED',
        )
        expect((await s.undertakings.check(id, BROKEN, bureau)).created).to.equal(true)
        expect((await s.undertakings.check(id, BROKEN, bureau)).created).to.equal(false)
        expect(stateOf(await s.undertakings.get(id))).to.equal('broken')
        expect((await s.undertakings.check(id, KEPT, counter)).created).to.equal(true)
        const record = await s.undertakings.get(id)
        expect(stateOf(record)).to.equal('kept')
        expect(record.checks.map(({ statement }) => statement.id)).to.deep.equal([
          `${id}-1`,
          `${id}-0`,
        ])
        const { statement } = parseEvidence(await s.undertakings.evidence(id, 'checked'))
        expect(statement).to.deep.include({ kind: 'undertaking.checked', ...KEPT, by: counter })
      })

      it('by nobody else, and only where there is one', async () => {
        const id = await s.given()
        expect(await codeOf(s.undertakings.check(id, BROKEN, foreign))).to.equal('CASE_NOT_YOURS')
        expect(await codeOf(s.undertakings.check('undertaking-none', BROKEN, bureau))).to.equal(
          'UNDERTAKING_NOT_FOUND',
        )
      })
    })

    describe('in a resolution', () => {
      it('are not exempted until they are given', async () => {
        const open = await s.seen()
        expect(open).to.include({ way: 'commitment', state: 'open' })
        expect(open.figures).to.include({ required: 4, exempted: 0 })
        const id = await s.given()
        const committed = await s.seen()
        expect(committed).to.include({ way: 'commitment', state: 'committed' })
        expect(committed.undertaking).to.deep.equal({ id, state: 'given' })
        expect(committed.figures).to.include({ required: 4, exempted: 1 })
      })

      it('are over when the material comes, and are closed when the day passes without it', async () => {
        const id = await s.given({ material: 'LEASE' })
        expect((await s.seen('LEASE')).undertaking).to.deep.equal({ id, state: 'given', due: DUE })
        s.later(31)
        const overdue = await s.seen('LEASE')
        expect(overdue).to.include({ way: 'mustSubmit', state: 'open' })
        expect(overdue.closed).to.deep.equal({ code: 'UNDERTAKING_OVERDUE', undertaking: id })
        await s.cases.deposit('lease', 'LEASE', {
          caseCode: CASE,
          fields: { leaseTo: '2026-12-31' },
        })
        expect(await s.seen('LEASE')).to.include({ way: 'mustSubmit', state: 'handedIn' })
      })

      it('that were broken close the way in this case and in all later ones', async () => {
        const id = await s.given()
        await s.undertakings.check(id, BROKEN, bureau)
        await s.openCase({ case: OTHER_CASE })
        const closed = { code: 'UNDERTAKING_BROKEN', undertaking: id }
        for (const code of [CASE, OTHER_CASE]) {
          const seen = await s.seen('PLEDGE', 'APPLICANT', code)
          expect(seen).to.include({ way: 'mustSubmit', state: 'open' })
          expect(seen.closed).to.deep.equal(closed)
        }
        expect((await s.seen('LEASE', 'APPLICANT', OTHER_CASE)).closed).to.deep.equal(closed)
        expect(await codeOf(s.draft({}, OTHER_CASE))).to.equal('UNDERTAKING_BROKEN')
        // The landlord broke nothing.
        expect(await s.seen('PLEDGE', 'LANDLORD', OTHER_CASE)).to.include({ way: 'commitment' })
        await s.undertakings.check(id, KEPT, bureau)
        expect(await s.seen('PLEDGE', 'APPLICANT', OTHER_CASE)).to.include({ way: 'commitment' })
        expect((await s.seen()).state).to.equal('committed')
      })

      it('close the way for whoever it is, by whatever id', async () => {
        const id = await s.given()
        await s.undertakings.check(id, BROKEN, bureau)
        const { ids, account } = await s.secondId()
        await s.openCase({ case: OTHER_CASE, applicant: ids })
        const seen = await s.seen('PLEDGE', 'APPLICANT', OTHER_CASE)
        expect(seen.closed).to.deep.equal({ code: 'UNDERTAKING_BROKEN', undertaking: id })
        const other = s.draft({ holder: ids, by: ids, account }, OTHER_CASE)
        expect(await codeOf(other)).to.equal('UNDERTAKING_BROKEN')
      })

      it('spare the paper: to hand it in all the same takes a reason', async () => {
        const { resolutions } = s.cases
        const upload = { caseCode: CASE, type: 'PLEDGE' }
        expect(await codeOf(resolutions.requireReason(upload))).to.equal('MATERIAL_EXEMPTED')
        await resolutions.requireReason({ ...upload, reason: '申请人自愿提交' })
        await s.given({ material: 'LEASE' })
        await resolutions.requireReason({ ...upload, type: 'LEASE' })
        await s.undertakings.check(await s.given(), BROKEN, bureau)
        await s.given(s.landlords(), s.cases.grants.landlord)
        await resolutions.requireReason(upload)
      })
    })

    it('are listed by case, by holder and by department, page after page', async () => {
      const { landlord: owner } = s.cases.grants
      const first = await s.given()
      const second = await s.given(s.landlords(), owner)
      const third = await s.given({ material: 'LEASE' })
      const idsOf = (page: Awaited<ReturnType<typeof s.undertakings.ofHolder>>) =>
        page.items.map(({ statement }) => statement.id)
      expect(idsOf(await s.undertakings.ofHolder(tenant, { limit: 9 }))).to.deep.equal([
        third,
        first,
      ])
      const page = await s.undertakings.ofDepartment(bureau, { limit: 2 })
      expect(idsOf(page)).to.deep.equal([third, second])
      const rest = await s.undertakings.ofDepartment(counter, { limit: 2, before: page.next ?? 0 })
      expect(idsOf(rest)).to.deep.equal([first])
      expect(rest.next).to.equal(undefined)
      expect(idsOf(await s.undertakings.ofDepartment(foreign, { limit: 2 }))).to.deep.equal([])
    })
  })
}
