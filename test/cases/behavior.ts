import { expect } from 'chai'
import { mayReadCase } from '../../node/cases/access.ts'
import type { CaseOpening } from '../../node/cases/cases.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import { decode0x } from '../../node/core/ethereum/hex.ts'
import { holderIdOf } from '../../node/core/parties/holder.ts'
import type { Stage } from '../../node/core/statements/case.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { MATTER, OTHER_MATTER } from '../core/resolution/scene.ts'
import { AUTHORITY } from '../mirror/scene.ts'
import { codeOf } from '../support/codes.ts'
import { hashOf } from '../support/registryChain.ts'
import {
  agent,
  bureau,
  CASE,
  CaseScene,
  counter,
  foreign,
  landlord,
  restaurant,
  secondAgent,
  tenant,
  TODAY,
  TOMORROW,
  ward,
} from './support/scene.ts'

const OTHER_CASE = '001900000100002'

export function behavesLikeCases(
  name: string,
  openStore: (folder: string) => Promise<KeyValueStore>,
): void {
  describe(`cases on ${name}`, () => {
    let s: CaseScene
    beforeEach(async () => {
      s = await CaseScene.open(openStore)
    })
    afterEach(() => s.close())

    const refusal = (changes: Partial<CaseOpening>, by = counter) => codeOf(s.openCase(changes, by))
    const stage = (at: Stage, by = bureau) =>
      s.cases.stage(CASE, at === 'decided' ? { stage: at, outcome: 'granted' } : { stage: at }, by)

    it('are bound to the version of the matter of their day, whatever is published later', async () => {
      await s.openCase()
      await s.publish({ ...MATTER, version: 2, from: TOMORROW, materials: [], rules: [] })
      s.grants.time += 24 * 60 * 60
      const { statement } = await s.cases.get(CASE)
      expect(statement).to.deep.include({
        matter: { code: MATTER.code, version: 1 },
        day: TODAY,
        acceptedBy: counter,
        decidedBy: bureau,
      })
    })

    it('are opened once, and the same twice is the same', async () => {
      const { index, evidence } = await s.openCase()
      expect(parseEvidence(evidence).statement.kind).to.equal('case.opened')
      expect(await s.openCase()).to.include({ index, created: false })
      expect(await refusal({ applicant: restaurant })).to.equal('CASE_CODE_TAKEN')
    })

    for (const [what, changes, code] of [
      ['of an unknown matter', { matter: { code: 'NOTHING' } }, 'CATALOGUE_UNKNOWN'],
      ['of a day before the matter', { day: '2022-12-31' }, 'CATALOGUE_NOT_IN_FORCE'],
      ['of a day to come', { day: '2023-11-17' }, 'CASE_DAY_IN_FUTURE'],
      [
        'of a version that is not in force',
        { matter: { code: MATTER.code, version: 2 } },
        'CASE_MATTER_VERSION_OTHER',
      ],
      ['of an unknown theme', { theme: 'NOTHING' }, 'CATALOGUE_UNKNOWN'],
      [
        'with a part that the matter asks nothing of',
        { parties: { BANANA: [landlord] } },
        'CASE_ROLE_NOT_ASKED',
      ],
      ['for nobody that is known', { applicant: hashOf('nobody') }, 'CASE_HOLDER_UNKNOWN'],
      [
        'with a party that nobody knows',
        { parties: { LANDLORD: [hashOf('nobody')] } },
        'CASE_HOLDER_UNKNOWN',
      ],
      [
        'by an agent where the matter allows none',
        { matter: { code: OTHER_MATTER.code }, agents: [agent] },
        'AGENT_NOT_ALLOWED',
      ],
      [
        'for a person where the matter is for organisations',
        { applicant: agent },
        'CASE_TARGET_OTHER',
      ],
      ['by an agent too deep', { agents: [agent, secondAgent] }, 'AGENT_TOO_DEEP'],
      ['by an agent of another kind', { agents: [restaurant] }, 'AGENT_KIND_NOT_ALLOWED'],
      ['by the applicant as its agent', { agents: [tenant] }, 'CASE_AGENT_IS_APPLICANT'],
      [
        'to be decided by a department that does not own the matter',
        { decidedBy: foreign },
        'CASE_DECIDER_NOT_OWNER',
      ],
    ] as const satisfies [string, Partial<CaseOpening>, string][])
      it(`are not opened ${what}`, async () => {
        expect(await refusal(changes)).to.equal(code)
        expect(await s.cases.find(CASE)).to.equal(undefined)
      })

    it('name their holders by codes as well, and state their ids', async () => {
      const named = {
        applicant: { codeType: '001', code: '91310110MADEM002XN' },
        agents: [{ codeType: '111', code: '310199199003150014' }],
        parties: { LANDLORD: [{ codeType: '001', code: '91310110MADEM0011Y' }] },
      } as const satisfies Partial<CaseOpening>
      const { index } = await s.openCase(named)
      const { statement } = await s.cases.get(CASE)
      expect(statement).to.deep.include({
        applicant: tenant,
        agents: [agent],
        parties: { LANDLORD: [landlord] },
      })
      expect(await s.openCase({ agents: [agent] })).to.include({ index, created: false })
    })

    for (const [what, changes, code, role] of [
      [
        'a code that nobody registered',
        { applicant: { codeType: '099', code: 'NOBODY' } },
        'HOLDER_CODE_UNKNOWN',
        'APPLICANT',
      ],
      [
        'a code with another check character',
        { parties: { LANDLORD: [{ codeType: '001', code: '91310110MADEM00111' }] } },
        'USCC_CHECK_CHARACTER_WRONG',
        'LANDLORD',
      ],
      [
        'one holder by id and by code',
        { parties: { LANDLORD: [landlord, { codeType: '001', code: '91310110MADEM0011Y' }] } },
        'CASE_MALFORMED',
        undefined,
      ],
    ] as const satisfies [string, Partial<CaseOpening>, string, string | undefined][])
      it(`are not opened with ${what}`, async () => {
        const refused = await s.openCase(changes).catch((error: unknown) => error)
        expect(refused).to.include({ code })
        expect((refused as LedgerError).details['role']).to.equal(role)
        expect(await s.cases.find(CASE)).to.equal(undefined)
      })

    it('are not opened for one of several ids with the same code', async () => {
      const holder = { codeType: '001', code: '91310110MADEM002XN' } as const
      const salt = hashOf('once more')
      await s.grants.directory.register({
        ...holder,
        salt,
        holder: holderIdOf(decode0x(salt), holder.codeType, holder.code),
        name: 'tenant',
        registrar: AUTHORITY,
      })
      expect(await refusal({ applicant: holder })).to.equal('HOLDER_CODE_AMBIGUOUS')
      await s.openCase()
    })

    it('are not opened in a theme that does not hold the matter', async () => {
      await s.publish({
        kind: 'theme',
        code: 'OTHER',
        version: 1,
        from: '2023-01-01',
        owner: bureau,
        duty: '一件事',
        name: '别的一件事',
        matters: [OTHER_MATTER.code],
      })
      expect(await refusal({ theme: 'OTHER' })).to.equal('CASE_THEME_OTHER')
      expect(await refusal({ theme: 'OPEN_OFFICE' })).to.equal(undefined)
    })

    it('are filed in one go: a case of each matter of a theme, for one applicant', async () => {
      const theme = 'OPEN_OFFICE'
      const second = { case: '001900000100005', matter: { code: OTHER_MATTER.code }, theme }
      expect(await refusal({ theme })).to.equal(undefined)
      expect(await refusal({ ...second, bundle: '001900000100099' })).to.equal('CASE_BUNDLE_OTHER')
      expect(await refusal({ ...second, bundle: second.case })).to.equal('CASE_BUNDLE_OTHER')
      for (const changes of [{ theme: undefined }, { applicant: restaurant }])
        expect(await refusal({ ...second, bundle: CASE, ...changes })).to.equal('CASE_BUNDLE_OTHER')
      const twice = { case: '001900000100006', theme, bundle: CASE }
      expect(await refusal(twice)).to.equal('CASE_BUNDLE_MATTER_TAKEN')
      const both = [second, { ...second, case: '001900000100007' }]
      const codes = await Promise.all(both.map((one) => refusal({ ...one, bundle: CASE })))
      expect(codes).to.deep.equal([undefined, 'CASE_BUNDLE_MATTER_TAKEN'])
      const found = await s.cases.ofBundle(CASE)
      expect(found.map(({ statement }) => statement.case)).to.deep.equal([second.case, CASE])
      expect(await s.cases.ofBundle(second.case)).to.deep.equal([])
    })

    it('join no bundle whose cases are decided, and are the same when said again', async () => {
      const theme = 'OPEN_OFFICE'
      const second = { case: '001900000100005', matter: { code: OTHER_MATTER.code }, theme }
      const decide = async (code: string) => {
        for (const [stage, by] of [
          ['accepted', counter],
          ['reviewed', bureau],
        ] as const)
          await s.cases.stage(code, { stage }, by)
        await s.cases.stage(code, { stage: 'decided', outcome: 'refused' }, bureau)
      }
      await s.openCase({ theme })
      await decide(CASE)
      expect(await refusal({ ...second, bundle: CASE })).to.equal('CASE_BUNDLE_DECIDED')
      const first = '001900000100008'
      await s.openCase({ case: first, theme })
      expect(await refusal({ ...second, bundle: first })).to.equal(undefined)
      await decide(first)
      await decide(second.case)
      expect(await refusal({ ...second, bundle: first })).to.equal(undefined)
    })

    it('are decided below the owner of the matter, too, while it is accredited', async () => {
      expect(await refusal({ decidedBy: ward })).to.equal(undefined)
      await s.grants.mine({ type: 'StandingChanged', department: ward, standing: 1 })
      expect(await refusal({ case: OTHER_CASE, decidedBy: ward })).to.equal(
        'CASE_DEPARTMENT_NOT_ACCREDITED',
      )
    })

    it('stay in their province unless the matter crosses it', async () => {
      for (const [department, region] of [
        [bureau, '310110'],
        [counter, '320505'],
      ] as const)
        await s.grants.directory.describe({ department, region, name: region, by: AUTHORITY })
      expect(await refusal({})).to.equal('CASE_REGION_NOT_SERVED')
      await s.publish({ ...MATTER, version: 2, from: TOMORROW, crossRegion: true })
      expect(await refusal({})).to.equal('CASE_REGION_NOT_SERVED')
      s.grants.time += 24 * 60 * 60
      expect(await refusal({ day: TOMORROW })).to.equal(undefined)
    })

    it('come to their stages in order, each with evidence', async () => {
      await s.openCase()
      for (const [at, by] of [
        ['accepted', counter],
        ['reviewed', bureau],
        ['decided', bureau],
        ['issued', bureau],
        ['delivered', counter],
      ] as const) {
        await stage(at, by)
        const { statement } = parseEvidence(await s.cases.evidence(CASE, at))
        expect(statement).to.include({ kind: 'case.staged', case: CASE, stage: at, by })
      }
      const { stages } = await s.cases.get(CASE)
      expect(stages.map(({ statement }) => statement.stage)).to.deep.equal([
        'accepted',
        'reviewed',
        'decided',
        'issued',
        'delivered',
      ])
      expect(await codeOf(stage('delivered', bureau))).to.equal('CASE_STAGE_TAKEN')
    })

    it('do not skip a stage, nor go on by a foreign department', async () => {
      await s.openCase()
      expect(await codeOf(stage('decided'))).to.equal('CASE_STAGE_OUT_OF_ORDER')
      expect(await codeOf(stage('accepted', foreign))).to.equal('CASE_NOT_YOURS')
      expect(await codeOf(stage('accepted'))).to.equal('CASE_STAGE_NOT_YOURS')
      expect(await codeOf(s.cases.evidence(CASE, 'accepted'))).to.equal('CASE_STAGE_NOT_REACHED')
      expect(await codeOf(s.cases.stage(OTHER_CASE, { stage: 'accepted' }, counter))).to.equal(
        'CASE_NOT_FOUND',
      )
    })

    it('come to a stage once, however many say so at once', async () => {
      await s.openCase()
      const answers = await Promise.all([1, 2, 3].map(() => stage('accepted', counter)))
      expect(new Set(answers.map(({ index }) => index)).size).to.equal(1)
      expect(answers.filter(({ created }) => created)).to.have.length(1)
    })

    it('are listed for those who apply, act, accept and decide, newest first', async () => {
      await s.openCase({ agents: [agent] })
      await s.openCase({ case: OTHER_CASE, day: TODAY })
      const codes = async (page: ReturnType<typeof s.cases.ofHolder>) =>
        (await page).items.map(({ statement }) => statement.case)
      expect(await codes(s.cases.ofHolder(tenant, { limit: 9 }))).to.deep.equal([OTHER_CASE, CASE])
      expect(await codes(s.cases.ofHolder(agent, { limit: 9 }))).to.deep.equal([CASE])
      expect(await codes(s.cases.ofHolder(landlord, { limit: 9 }))).to.deep.equal([])
      const first = await s.cases.ofDepartment(bureau, { limit: 1 })
      expect(first.items[0]?.statement.case).to.equal(OTHER_CASE)
      const rest = { limit: 1, before: first.next ?? 0 }
      expect(await codes(s.cases.ofDepartment(bureau, rest))).to.deep.equal([CASE])
      expect(await codes(s.cases.ofDepartment(foreign, { limit: 9 }))).to.deep.equal([])
    })

    it('are read by their parties, those who handle them and those above these alone', async () => {
      await s.openCase({ agents: [agent], decidedBy: ward })
      const { statement } = await s.cases.get(CASE)
      const above = (department: typeof bureau) =>
        s.grants.mirror.departments.find(department)?.accreditor
      const byDepartment = (department: typeof bureau) =>
        mayReadCase(statement, { department, isOneOf: () => false }, above)
      const byHolder = (holder: typeof tenant) =>
        mayReadCase(statement, { isOneOf: (holders) => holders.includes(holder) }, above)
      expect([counter, ward, bureau, AUTHORITY].map(byDepartment)).not.to.include(false)
      expect(byDepartment(foreign)).to.equal(false)
      expect([tenant, agent].map(byHolder)).to.deep.equal([true, true])
      expect([landlord, restaurant].map(byHolder)).to.deep.equal([false, false])
    })
  })
}
