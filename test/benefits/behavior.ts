import { expect } from 'chai'
import { setImmediate } from 'node:timers/promises'
import { spentTerm, typeTerm } from '../../node/core/terms/materials.ts'
import type { BenefitRun, Benefits, Confirming } from '../../node/benefits/benefits.ts'
import { periodOf } from '../../node/core/benefits/period.ts'
import type { BenefitReason } from '../../node/core/benefits/reasons.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Holder } from '../../node/core/statement.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { testStatement } from '../support/log.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import {
  CHILD,
  departmentOf,
  GIANTCO,
  ID_CARD,
  LICENCE,
  openTestBenefits,
  TENANT,
  WANG,
  ZHAO,
} from './support/service.ts'
import type { TestBenefits } from './support/service.ts'

const HEALTH = departmentOf('YP-WJW')
const SCIENCE = departmentOf('YP-KW')
const JUSTICE = departmentOf('YP-SFJ')
const COMMERCE = departmentOf('YP-SWW')
/** 65岁以上老年人免费体检申请: DIRECT, a year. */
const ELDER = 'BENEFIT_04'
/** 科技小巨人: CONFIRM, a year. */
const GIANT = 'BENEFIT_15'
/** 企业技术中心: DIRECT, a year. */
const CENTRE = 'BENEFIT_01'
/** What a city award is asked for. */
/** Handed in by the department that makes it. */
const BY_CITY = { submitter: `department ${departmentOf('SH-DSJ')}` }

const OF_THE_SERVICE = '市级立项（认定）项目属于本服务'
/** 法律援助办案补贴: DIRECT, by what serves once. */
const LEGAL_AID = 'BENEFIT_12'

const byAccount = (holder: Hex): Confirming => ({
  way: 'account',
  holder,
  account: `0x${'a1'.repeat(20)}`,
})
const atCounter = (subject: Holder, by = SCIENCE): Confirming => ({
  way: 'department',
  subject,
  by,
  officer: '王科员',
  reference: '回执 2023-0001',
})

async function refusalOf(promise: Promise<unknown>): Promise<LedgerError> {
  try {
    await promise
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
  return expect.fail('was not refused')
}

const reasonsOf = async (promise: Promise<unknown>) => {
  const { code, details } = await refusalOf(promise)
  expect(code).to.equal('BENEFIT_NOT_QUALIFIED')
  return details['reasons'] as readonly BenefitReason[]
}

/** What became of each. */
function settled<Done>(subjects: readonly Holder[], step: (subject: Holder) => Promise<Done>) {
  return Promise.all(
    subjects.map(async (subject) => {
      try {
        return { subject, done: await step(subject) }
      } catch (error) {
        if (!isLedgerError(error)) throw error
        return { subject, refused: error }
      }
    }),
  )
}

export function behavesLikeBenefits(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`benefits on ${name}`, () => {
    const folder = temporaryFolder()
    let t: TestBenefits
    let benefits: Benefits
    let batches = 0

    beforeEach(async () => {
      t = await openTestBenefits(await openStore(folder.path))
      benefits = t.benefits
    })
    afterEach(() => t.close())

    const run = (benefit: string, by: Hex, rest: Partial<BenefitRun> = {}): BenefitRun => ({
      benefit,
      by,
      officer: '王科员',
      batch: `batch-${++batches}`,
      ...rest,
    })
    const check = async (asked: BenefitRun, subject: Holder) => benefits.begin(asked).check(subject)
    const grant = async (asked: BenefitRun, subject: Holder, by = benefits) =>
      by.begin(asked).grant(subject)
    const checkAll = async (asked: BenefitRun, subjects: readonly Holder[]) =>
      settled(subjects, benefits.begin(asked).check)
    const grantAll = async (asked: BenefitRun, subjects: readonly Holder[], by = benefits) =>
      settled(subjects, by.begin(asked).grant)
    const elders = (rest: Partial<BenefitRun> = {}) => run(ELDER, HEALTH, rest)
    const giants = (rest: Partial<BenefitRun> = {}) => run(GIANT, SCIENCE, rest)

    /** With an identity card, as everybody has one. */
    async function person(holder: Holder): Promise<Hex> {
      const id = await t.register(holder)
      t.certificates.hold(id, ID_CARD, `card-${holder.code}`)
      return id
    }

    /** With a licence, and recognised by the city as something. */
    async function company(holder: Holder, projectName?: string): Promise<Hex> {
      const id = await t.register(holder)
      t.certificates.hold(id, LICENCE, `licence-${holder.code}`)
      if (projectName !== undefined)
        await t.submit(holder, 'CITY_AWARD', {
          ...BY_CITY,
          fields: { documentNo: '沪示例〔2023〕1号', projectName, amount: 1_000_000 },
        })
      return id
    }

    describe('checking', () => {
      it('finds who of a batch qualifies and why others do not, in order', async () => {
        for (const holder of [WANG, ZHAO]) await person(holder)
        const lines = await checkAll(elders(), [WANG, ZHAO, CHILD, GIANTCO])
        expect(lines.map(({ subject }) => subject)).to.deep.equal([WANG, ZHAO, CHILD, GIANTCO])
        const found = lines.map(({ done }) => done?.finding)
        expect(found.map((one) => one?.qualifies)).to.deep.equal([true, false, false, false])
        expect(found[1]).to.deep.include({ conditions: ['fail'] })
        expect(found[2]?.evidence[0]).to.deep.include({ standing: 'missing' })
        expect(found[3]).to.deep.include({ because: 'BENEFIT_TARGET_OTHER', evidence: [] })
      })

      it('logs each look, so that its subject sees who looked at what', async () => {
        await person(WANG)
        const asked = elders()
        const { id, period } = await check(asked, WANG)
        expect(period).to.equal('2023')
        const { items } = await benefits.ofSubject(WANG, { limit: 10 })
        expect(items.map((item) => item.id)).to.deep.equal([id])
        expect(items[0]?.statement).to.deep.include({
          kind: 'benefit.checked',
          benefit: { code: ELDER, version: 1 },
          subject: WANG,
          by: HEALTH,
          officer: '王科员',
          batch: asked.batch,
          day: '2023-08-05',
        })
        expect(parseEvidence(await benefits.evidence(id)).statement).to.deep.equal(
          items[0]?.statement,
        )
        expect((await benefits.ofSubject(ZHAO, { limit: 10 })).items).to.deep.equal([])
      })

      it('goes on after a subject whose code cannot be right', async () => {
        await person(WANG)
        const typo = { codeType: '111', code: '310199195506080022' } as const
        const lines = await checkAll(elders(), [typo, WANG])
        expect(lines[0]?.refused?.code).to.equal('CITIZEN_NUMBER_CHECK_CHARACTER_WRONG')
        expect(lines[1]?.done?.finding.qualifies).to.equal(true)
      })

      it('refuses a department that does not own the benefit, before it looks at anything', async () => {
        await person(WANG)
        const size = t.ledger.size
        const foreign = run(ELDER, SCIENCE)
        expect(await codeOf(check(foreign, WANG))).to.equal('BENEFIT_NOT_OWNED')
        expect(await codeOf(grant(foreign, WANG))).to.equal('BENEFIT_NOT_OWNED')
        expect(await codeOf(checkAll(foreign, [WANG]))).to.equal('BENEFIT_NOT_OWNED')
        expect(await codeOf(grantAll(foreign, [WANG]))).to.equal('BENEFIT_NOT_OWNED')
        expect(t.ledger.size).to.equal(size)
      })

      it('refuses to ask for an upload, in either mode', async () => {
        const uploads = ['ID_COPY']
        for (const asked of [elders({ uploads }), giants({ uploads })]) {
          expect(await codeOf(check(asked, WANG))).to.equal('BENEFIT_TAKES_NO_UPLOAD')
          expect(await codeOf(grant(asked, WANG))).to.equal('BENEFIT_TAKES_NO_UPLOAD')
        }
      })

      it('refuses what is no benefit, or not yet', async () => {
        expect(await codeOf(check(run('NONE', HEALTH), WANG))).to.equal('CATALOGUE_UNKNOWN')
        t.clock.now = Date.parse('2022-12-31T12:00:00+08:00')
        expect(await codeOf(check(elders(), WANG))).to.equal('CATALOGUE_NOT_IN_FORCE')
      })

      it('counts no certificate that has ended, and says why', async () => {
        await person(WANG)
        t.certificates.end(`card-${WANG.code}`, { validTo: 1 })
        const { finding } = await check(elders(), WANG)
        expect(finding.evidence[0]).to.deep.include({
          standing: 'unusable',
          because: 'CERTIFICATE_EXPIRED',
        })
      })

      it('counts no certificate that a newer one took the place of', async () => {
        await person(WANG)
        const superseded = { id: 'newer', at: '2023-08-01T00:00:00.000Z' }
        t.certificates.end(`card-${WANG.code}`, { superseded })
        const { finding } = await check(elders(), WANG)
        expect(finding.evidence[0]).to.deep.include({
          standing: 'unusable',
          because: 'CERTIFICATE_SUPERSEDED',
        })
      })

      it('counts evidence of a department by that department alone, whoever else hands it in', async () => {
        await company(GIANTCO)
        const fields = { documentNo: '沪示例〔2023〕9号', projectName: '科技小巨人企业', amount: 1 }
        for (const submitter of ['tester', 'account 0x01', `department ${HEALTH}`])
          await t.submit(GIANTCO, 'CITY_AWARD', { submitter, fields })
        const asked = giants()
        expect((await check(asked, GIANTCO)).finding.qualifies).to.equal(false)
        expect(await awardReasons(GIANTCO)).to.deep.equal(['MATERIAL_NOT_FROM_ISSUER'])
        await t.submit(GIANTCO, 'CITY_AWARD', { ...BY_CITY, fields })
        expect((await check(asked, GIANTCO)).finding.qualifies).to.equal(true)
      })

      it('takes what a paper says as people read it', async () => {
        await company(GIANTCO, '科技小巨人企业 ')
        expect((await check(giants(), GIANTCO)).finding.conditions).to.deep.equal(['pass'])
      })

      it('finds certificates of every holder id that somebody has', async () => {
        await t.register(WANG, 1)
        t.certificates.hold(await t.register(WANG, 2), ID_CARD, 'card')
        expect((await check(elders(), WANG)).finding.qualifies).to.equal(true)
      })
    })

    describe('what is given without anything to do', () => {
      it('is given to who qualifies, with evidence at once', async () => {
        await person(WANG)
        const { id, evidence, created, finding } = await grant(elders(), WANG)
        expect(created).to.equal(true)
        expect(finding.qualifies).to.equal(true)
        const { statement } = parseEvidence(evidence)
        expect(statement).to.deep.include({ id, kind: 'benefit.granted', period: '2023' })
        const { items } = await benefits.granted(ELDER, HEALTH, { limit: 10 })
        expect(items.map((item) => item.id)).to.deep.equal([id])
      })

      it('is refused to who does not, and the look is logged', async () => {
        await person(ZHAO)
        const { code, details } = await refusalOf(grant(elders(), ZHAO))
        expect(code).to.equal('BENEFIT_NOT_QUALIFIED')
        expect(details['reasons']).to.deep.equal([
          { code: 'BENEFIT_CONDITION_FAILED', condition: '年满65周岁' },
        ])
        const { items } = await benefits.ofSubject(ZHAO, { limit: 10 })
        expect(items.map(({ id, statement }) => [id, statement.kind])).to.deep.equal([
          [details['checked'], 'benefit.checked'],
        ])
      })

      it('is refused where the city has approved nothing, or something else', async () => {
        await company(TENANT)
        expect(await reasonsOf(grant(run(CENTRE, COMMERCE), TENANT))).to.deep.equal([
          { code: 'BENEFIT_EVIDENCE_MISSING', material: 'CITY_AWARD' },
          { code: 'BENEFIT_CONDITION_UNKNOWN', condition: OF_THE_SERVICE },
        ])
        await company(GIANTCO, '科技小巨人企业')
        expect(await reasonsOf(grant(run(CENTRE, COMMERCE), GIANTCO))).to.deep.equal([
          { code: 'BENEFIT_CONDITION_FAILED', condition: OF_THE_SERVICE },
        ])
      })

      it('is given once in a period, and again in the next', async () => {
        await person(WANG)
        const { id } = await grant(elders(), WANG)
        const { code, details } = await refusalOf(grant(elders(), WANG))
        expect(code).to.equal('BENEFIT_ALREADY_GRANTED')
        expect(details).to.deep.equal({ granted: id, period: '2023' })
        t.clock.now = Date.parse('2024-01-01T00:00:00+08:00')
        expect((await grant(elders(), WANG)).period).to.equal('2024')
      })

      it('is given once to one person, whatever ids that person has', async () => {
        t.certificates.hold(await t.register(WANG, 1), ID_CARD, 'one')
        t.certificates.hold(await t.register(WANG, 2), ID_CARD, 'two')
        const lines = await grantAll(elders({ batch: 'a' }), [WANG])
        expect(lines[0]?.done?.created).to.equal(true)
        expect(await codeOf(grant(elders({ batch: 'b' }), WANG))).to.equal(
          'BENEFIT_ALREADY_GRANTED',
        )
      })

      it('is given once of many that ask at once', async () => {
        await person(WANG)
        const all = await Promise.all(
          Array.from({ length: 20 }, () => codeOf(grant(elders(), WANG))),
        )
        expect(all.filter((code) => code === undefined)).to.have.length(1)
        expect(all.filter((code) => code === 'BENEFIT_ALREADY_GRANTED')).to.have.length(19)
      })

      it('is given once by two services that know nothing of each other', async () => {
        await person(WANG)
        const other = t.reopened()
        const all = await Promise.all(
          [benefits, other, benefits, other].map((one) => codeOf(grant(elders(), WANG, one))),
        )
        expect(all).to.have.members([
          ...Array.from({ length: 3 }, () => 'BENEFIT_ALREADY_GRANTED'),
          undefined,
        ])
      })

      it('is the same entry within a batch that is run again', async () => {
        for (const holder of [WANG, ZHAO]) await person(holder)
        const asked = elders()
        const [first] = await grantAll(asked, [WANG, ZHAO])
        const again = await grantAll(asked, [WANG, ZHAO, WANG], t.reopened())
        expect(again[0]?.done).to.deep.include({ id: first?.done?.id, created: false })
        expect(again[1]?.refused?.code).to.equal('BENEFIT_NOT_QUALIFIED')
        expect(again[2]?.done).to.deep.include({ id: first?.done?.id, created: false })
      })

      it('is not given twice by a later version that counts by other periods', async () => {
        await person(WANG)
        await grant(elders(), WANG)
        const { entry } = t.catalogue.getVersion('benefit', ELDER, 1)
        const next = { ...entry, version: 2, from: '2023-08-06', period: 'MONTH' } as const
        await t.catalogue.publish(next, { name: 'x', department: HEALTH })
        t.clock.now += 24 * 60 * 60 * 1000
        expect(periodOf(next.period, t.catalogue.today())).to.equal('2023-08')
        expect(await codeOf(grant(elders(), WANG))).to.equal('BENEFIT_ALREADY_GRANTED')
        t.clock.now = Date.parse('2024-01-01T00:00:00+08:00')
        expect((await grant(elders(), WANG)).period).to.equal('2024-01')
      })

      it('uses up what serves once', async () => {
        const lawyer = ZHAO
        const fields = { caseNo: 'FY-1', closedAt: '2023-07-01' }
        await t.submit(lawyer, 'LAWCASE', { fields })
        await grant(run(LEGAL_AID, JUSTICE), lawyer)
        t.clock.now = Date.parse('2024-03-01T00:00:00+08:00')
        expect(await reasonsOf(grant(run(LEGAL_AID, JUSTICE), lawyer))).to.deep.equal([
          { code: 'MATERIAL_SINGLE_USE_SPENT', material: 'LAWCASE' },
        ])
        await t.submit(lawyer, 'LAWCASE', { fields: { caseNo: 'FY-2', closedAt: '2024-02-01' } })
        expect((await grant(run(LEGAL_AID, JUSTICE), lawyer)).created).to.equal(true)
      })

      it('leaves alone what a use went to, also one under way when it is decided', async () => {
        const spend = (by: string, material: string) =>
          t.ledger.append({
            statement: testStatement(by),
            writes: (index) => t.terms.newestWrites([spentTerm(material)], index),
          })
        const fields = { caseNo: 'FY-1', closedAt: '2023-07-01' }
        const [type, refused] = [
          'LAWCASE',
          [{ code: 'MATERIAL_SINGLE_USE_SPENT', material: 'LAWCASE' }],
        ]
        const first = await t.submit(ZHAO, type, { fields })
        await spend('use', first)
        const asked = run(LEGAL_AID, JUSTICE)
        expect(await reasonsOf(grant(asked, ZHAO))).to.deep.equal(refused)
        const second = await t.submit(ZHAO, type, { fields: { ...fields, caseNo: 'FY-2' } })
        let granting: Promise<unknown> | undefined
        await t.singles.inTurn([{ id: second, type }], async () => {
          granting = reasonsOf(grant(asked, ZHAO))
          await setImmediate()
          await spend('another-use', second)
        })
        expect(await granting).to.deep.equal(refused)
      })

      it('takes no confirmation', async () => {
        const holder = await person(WANG)
        expect(await codeOf(benefits.confirm(ELDER, byAccount(holder)))).to.equal(
          'BENEFIT_TAKES_NO_CONFIRMATION',
        )
      })
    })

    describe('what takes one confirmation', () => {
      it('is refused without it, with the look logged', async () => {
        await company(GIANTCO, '科技小巨人企业')
        const { code, details } = await refusalOf(grant(giants(), GIANTCO))
        expect(code).to.equal('BENEFIT_CONFIRMATION_MISSING')
        expect(details['period']).to.equal('2023')
        expect((await benefits.get(details['checked'] as string)).statement).to.deep.include({
          kind: 'benefit.checked',
        })
      })

      it('is given after one by an account of the holder', async () => {
        const holder = await company(GIANTCO, '科技小巨人企业')
        const { id } = await benefits.confirm(GIANT, byAccount(holder))
        const granted = await grant(giants(), GIANTCO)
        expect((await benefits.get(granted.id)).statement).to.deep.include({ confirmed: id })
        const { items } = await benefits.ofSubject(GIANTCO, { limit: 10 })
        expect(items.map(({ statement }) => statement.kind)).to.deep.equal([
          'benefit.granted',
          'benefit.confirmed',
        ])
      })

      it('is given after one that the department keeps, and to nobody else', async () => {
        for (const holder of [GIANTCO, TENANT]) await company(holder, '科技小巨人培育企业')
        await benefits.confirm(GIANT, atCounter(GIANTCO))
        const lines = await grantAll(giants(), [GIANTCO, TENANT])
        expect(lines[0]?.done?.created).to.equal(true)
        expect(lines[1]?.refused?.code).to.equal('BENEFIT_CONFIRMATION_MISSING')
      })

      it('is confirmed once: the same again is the same, another way is refused', async () => {
        const holder = await company(GIANTCO)
        const first = await benefits.confirm(GIANT, byAccount(holder))
        const again = await benefits.confirm(GIANT, byAccount(holder))
        expect([again.id, again.created]).to.deep.equal([first.id, false])
        expect(await codeOf(benefits.confirm(GIANT, atCounter(GIANTCO)))).to.equal(
          'BENEFIT_ALREADY_CONFIRMED',
        )
      })

      it('is confirmed for its period alone', async () => {
        const holder = await company(GIANTCO, '科技小巨人企业')
        await benefits.confirm(GIANT, byAccount(holder))
        t.clock.now = Date.parse('2024-01-01T00:00:00+08:00')
        expect(await codeOf(grant(giants(), GIANTCO))).to.equal('BENEFIT_CONFIRMATION_MISSING')
      })

      it('is confirmed to nobody but its owner', async () => {
        expect(await codeOf(benefits.confirm(GIANT, atCounter(GIANTCO, HEALTH)))).to.equal(
          'BENEFIT_NOT_OWNED',
        )
        expect(await codeOf(benefits.confirm(GIANT, byAccount(`0x${'0'.repeat(64)}`)))).to.equal(
          'BENEFIT_SUBJECT_UNKNOWN',
        )
      })

      it('does not make who is confirmed qualify', async () => {
        const holder = await company(GIANTCO, '企业技术中心')
        await benefits.confirm(GIANT, byAccount(holder))
        expect(await reasonsOf(grant(giants(), GIANTCO))).to.deep.equal([
          { code: 'BENEFIT_CONDITION_FAILED', condition: OF_THE_SERVICE },
        ])
      })
    })

    it('counts no material that was superseded, also where the later one was erased', async () => {
      await company(GIANTCO, '科技小巨人企业')
      const newer = await t.submit(GIANTCO, 'CITY_AWARD', {
        ...BY_CITY,
        supersedes: await awardOf(GIANTCO),
        fields: { documentNo: '沪示例〔2023〕2号', projectName: '企业技术中心', amount: 1 },
      })
      const { finding } = await check(giants(), GIANTCO)
      expect(finding.conditions).to.deep.equal(['fail'])
      await t.materials.erase(newer, { reason: '有误', legalBasis: 'PIPL Art. 47', by: 'tester' })
      expect(await awardReasons(GIANTCO)).to.deep.equal(['MATERIAL_SUPERSEDED'])
    })

    it('counts no material that was withdrawn', async () => {
      await company(GIANTCO, '科技小巨人企业')
      await t.materials.withdraw(await awardOf(GIANTCO), { reason: '有误', by: 'tester' })
      expect(await awardReasons(GIANTCO)).to.deep.equal(['MATERIAL_WITHDRAWN'])
    })

    /** Id of what the city gave. */
    async function awardOf({ codeType, code }: Holder): Promise<string> {
      const term = typeTerm({ codeType, code }, 'CITY_AWARD')
      const [index = -1] = await t.terms.find(term, { limit: 1 })
      return (await t.ledger.openStatement(index)).statement.id
    }

    async function awardReasons(subject: Holder) {
      const { evidence } = (await check(giants(), subject)).finding
      return evidence.flatMap(({ material, because }) => (material === 'CITY_AWARD' ? because : []))
    }

    it('keeps codes out of ids: nobody finds out by a guess whose a grant is', async () => {
      await person(WANG)
      const { id } = await grant(elders(), WANG)
      expect(id).to.match(/^payout-[\w-]{22}$/)
      expect(id).not.to.include(WANG.code)
    })

    it('pages through what concerns somebody', async () => {
      await person(WANG)
      for (let i = 0; i < 5; i++) await check(elders(), WANG)
      const first = await benefits.ofSubject(WANG, { limit: 3 })
      expect(first.items).to.have.length(3)
      const before = first.next ?? expect.fail('no next page')
      const second = await benefits.ofSubject(WANG, { limit: 3, before })
      expect(second.items).to.have.length(2)
      expect(second.next).to.equal(undefined)
    })

    it('answers for no id that is none', async () => {
      await t.submit(WANG, 'LEASE', { id: 'm-lease' })
      for (const id of ['none', 'm-lease'])
        expect(await codeOf(benefits.get(id))).to.equal('BENEFIT_RECORD_NOT_FOUND')
    })
  })
}
