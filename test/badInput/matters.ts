import { expect } from 'chai'
import type { CaseOpening } from '../../node/cases/cases.ts'
import { ADDRESS_CHANGE, FIRST_DAY, MEDICAL, pointersIn } from './support/counter.ts'
import type { Counter, Refusal } from './support/counter.ts'

const BEFORE = '2022-12-31'
const CATALOGUE = `/v1/catalogue/matter/${ADDRESS_CHANGE}`

/** Cases that are opened, and that somebody asks about before there is one. */
export function badMatters(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  /** Refused; and nobody finds a case with that code afterwards. */
  async function refusesOpening(changes: Partial<CaseOpening>, refusal: Refusal, by = c.window) {
    const opening = c.opening(changes)
    const answer = await c.refusesPost(by, '/v1/cases', opening, refusal)
    await c.refusesGet(c.market, `/v1/cases/${opening.case}`, [404, 'CASE_NOT_FOUND'])
    return answer
  }

  const refusesDryRun = (asked: object, refusal: Refusal) =>
    c.refusesPost(
      c.market,
      '/v1/resolutions',
      { applicant: c.place.giantco.holder, ...asked },
      refusal,
    )

  for (const code of ['NOTHING', '__proto__', 'constructor'])
    it(`that nobody published are refused: ${code}`, async () => {
      const unknown = [404, 'CATALOGUE_UNKNOWN'] as const
      const { details } = await refusesOpening({ matter: { code } }, unknown)
      expect(details).to.include({ kind: 'matter', entry: code })
      await refusesDryRun({ matter: code }, unknown)
      await c.refusesGet(c.market, `/v1/catalogue/matter/${code}`, unknown)
    })

  it('in a theme that nobody published are refused', async () => {
    const unknown = [404, 'CATALOGUE_UNKNOWN'] as const
    await refusesOpening({ theme: 'NOTHING' }, unknown)
    await refusesDryRun({ theme: 'NOTHING' }, unknown)
  })

  it('in a version that is not there are refused, with the one that is', async () => {
    const matter = { code: ADDRESS_CHANGE, version: 2 }
    const { details } = await refusesOpening({ matter }, [409, 'CASE_MATTER_VERSION_OTHER'])
    expect(details['inForce']).to.equal(1)
    for (const path of [`${CATALOGUE}?version=2`, `${CATALOGUE}/versions/2/evidence`]) {
      const unknown = await c.refusesGet(c.market, path, [404, 'CATALOGUE_VERSION_UNKNOWN'])
      expect(unknown.details['newest']).to.equal(1)
    }
  })

  for (const version of [0, -1, '1', null])
    it(`in a version that is none are refused: ${JSON.stringify(version)}`, async () => {
      const matter = { code: ADDRESS_CHANGE, version } as CaseOpening['matter']
      const refused = await refusesOpening({ matter }, [400, 'CASE_MALFORMED'])
      expect(pointersIn(refused)).to.deep.equal(['/matter/version'])
    })

  it('on a day before their first version are refused, with that day', async () => {
    const early = [404, 'CATALOGUE_NOT_IN_FORCE'] as const
    for (const { details } of [
      await refusesOpening({ day: BEFORE }, early),
      await refusesDryRun({ matter: ADDRESS_CHANGE, day: BEFORE }, early),
      await c.refusesGet(c.market, `${CATALOGUE}?on=${BEFORE}`, early),
    ])
      expect(details).to.include({ entry: ADDRESS_CHANGE, first: FIRST_DAY })
    const opened = await c.openCase({ day: FIRST_DAY })
    expect(JSON.parse(await c.caseText(opened))).to.deep.include({
      day: FIRST_DAY,
      matter: { code: ADDRESS_CHANGE, version: 1 },
    })
  })

  it('on a day to come, or that does not exist, are refused', async () => {
    await refusesOpening({ day: '2999-01-01' }, [400, 'CASE_DAY_IN_FUTURE'])
    for (const day of ['2023-02-30', 'tomorrow']) {
      const refused = await refusesOpening({ day }, [400, 'CASE_MALFORMED'])
      expect(pointersIn(refused)).to.deep.equal(['/day'])
    }
  })

  for (const [what, changes, pointer] of [
    ['nobody who applies', { applicant: undefined }, '/applicant'],
    ['something that no case has', { colour: 'red' }, '/colour'],
    ['a way in that is none', { channel: 'pigeon' }, '/channel'],
    ['a code that is none', { case: '1' }, '/case'],
    ['a number where a text belongs', { case: 310110202600001 }, '/case'],
    ['a field that is null', { fields: { newAddress: null } }, '/fields/newAddress'],
    ['a list of nobody', { agents: [] }, '/agents'],
  ] as const)
    it(`are refused with ${what}, at ${pointer}`, async () => {
      const opening = { ...c.opening(), ...changes }
      const refused = await c.refusesPost(c.window, '/v1/cases', opening, [400, 'CASE_MALFORMED'])
      expect(pointersIn(refused)).to.deep.equal([pointer])
    })

  it('with an agent where they allow none are refused, asked before as well', async () => {
    const [agent, refusal] = [c.place.wang.holder, [403, 'AGENT_NOT_ALLOWED']] as const
    const { details } = await refusesOpening(
      { matter: { code: MEDICAL }, agents: [agent] },
      refusal,
    )
    expect(details['matter']).to.equal(MEDICAL)
    await refusesDryRun({ matter: MEDICAL, agents: [agent] }, refusal)
  })

  it('with agents deeper than they allow are refused, asked before as well', async () => {
    const { wang, zhao, tenant } = c.place
    const agents = [wang, zhao, tenant].map(({ holder }) => holder)
    const { details } = await refusesOpening({ agents }, [403, 'AGENT_TOO_DEEP'])
    expect(details['maxDepth']).to.equal(2)
    await refusesDryRun({ matter: ADDRESS_CHANGE, agents }, [403, 'AGENT_TOO_DEEP'])
    await c.openCase({ agents: agents.slice(0, 2) })
  })

  it('with an agent of a kind that they do not take, or the applicant as its own, are refused', async () => {
    const { town, giantco } = c.place
    const agents = [town.landlord.holder]
    const { details } = await refusesOpening({ agents }, [403, 'AGENT_KIND_NOT_ALLOWED'])
    expect(details['kinds']).to.deep.equal(['001', '111'])
    await refusesDryRun({ matter: ADDRESS_CHANGE, agents }, [403, 'AGENT_KIND_NOT_ALLOWED'])
    const own = { agents: [giantco.holder] }
    await refusesOpening(own, [400, 'CASE_AGENT_IS_APPLICANT'])
    await refusesDryRun({ matter: ADDRESS_CHANGE, ...own }, [400, 'CASE_AGENT_IS_APPLICANT'])
  })

  it('are not decided by a department that neither owns them nor stands below who does', async () => {
    const { science } = c.place
    const decidedBy = science.address
    const refused = await refusesOpening({ decidedBy }, [403, 'CASE_DECIDER_NOT_OWNER'])
    expect(refused.details['owner']).to.equal(c.market.address)
  })
}
