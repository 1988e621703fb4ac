import { expect } from 'chai'
import { ELDER, GIANT, GIANTCO, WANG } from '../scenarios/support/benefitTown.ts'
import { pointersIn } from './support/counter.ts'
import type { Counter } from './support/counter.ts'

const ELDER_PATH = `/v1/benefits/${ELDER}`
const GIANT_PATH = `/v1/benefits/${GIANT}`
const RUN = { subject: WANG, officer: '王科员' }
const PERIOD = new Date(Date.now() + 8 * 60 * 60 * 1000).toISOString().slice(0, 4)

/** Benefits that somebody has already, or that are another department's business. */
export function badBenefits(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  const granted = async (path: string, by: Counter['window']) =>
    (await c.assault.get(by, `${path}/grants`)).text

  it('are given once in a period, whoever asks and however', async () => {
    const { health } = c.place
    const { id } = await health.client.benefits.grant(ELDER, RUN)
    const before = await granted(ELDER_PATH, health)
    const already = [409, 'BENEFIT_ALREADY_GRANTED'] as const
    for (const run of [RUN, { ...RUN, officer: '李科员' }, { ...RUN, batch: 'another' }]) {
      const { details } = await c.refusesPost(health, `${ELDER_PATH}/grants`, run, already)
      expect(details).to.include({ granted: id, period: PERIOD })
    }
    const untouched = await c.trace()
    const batch = health.client.benefits.grantAll(ELDER, [WANG], { officer: '周', batch: 'all' })
    const [line] = await Array.fromAsync(batch)
    expect(line).to.have.nested.property('error.code', 'BENEFIT_ALREADY_GRANTED')
    expect(await c.trace()).to.deep.equal(untouched)
    expect(await granted(ELDER_PATH, health)).to.equal(before)
  })

  it('that take a confirmation are given once in a period as well', async () => {
    const { science, giantco } = c.place
    const run = { subject: GIANTCO, officer: '王科员' }
    await giantco.client.benefits.confirm(GIANT, { holder: giantco.holder })
    await science.client.benefits.grant(GIANT, run)
    const before = await granted(GIANT_PATH, science)
    const already = [409, 'BENEFIT_ALREADY_GRANTED'] as const
    await c.refusesPost(science, `${GIANT_PATH}/grants`, run, already)
    expect(await granted(GIANT_PATH, science)).to.equal(before)
  })

  it('are run by no department that does not own them, in whatever way', async () => {
    const { science, health } = c.place
    const notOwned = [403, 'BENEFIT_NOT_OWNED'] as const
    const confirmation = { ...RUN, reference: '回执 2026-0001' }
    for (const [path, body] of [
      ['checks', RUN],
      ['grants', RUN],
      ['confirmations', confirmation],
      ['checks/batch?officer=x&batch=b', WANG],
      ['grants/batch?officer=x&batch=b', WANG],
    ] as const) {
      const refused = await c.refusesPost(science, `${ELDER_PATH}/${path}`, body, notOwned)
      expect(refused.details).to.include({ benefit: ELDER, owner: health.address })
    }
    for (const path of ['grants', 'batches/all'])
      await c.refusesGet(science, `${ELDER_PATH}/${path}`, notOwned)
  })

  it('are run by nobody who is no department', async () => {
    const missing = [403, 'ROLE_MISSING'] as const
    for (const path of ['checks', 'grants'])
      await c.refusesPost(c.place.wang, `${ELDER_PATH}/${path}`, RUN, missing)
  })

  it('that nobody published are refused', async () => {
    const unknown = [404, 'CATALOGUE_UNKNOWN'] as const
    for (const code of ['NOTHING', 'constructor'])
      await c.refusesPost(c.place.health, `/v1/benefits/${code}/grants`, RUN, unknown)
  })

  it('are refused for a subject whose code cannot be right', async () => {
    const wrong = { ...RUN, subject: { ...WANG, code: '310199195506080022' } }
    const refusal = [400, 'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG'] as const
    for (const path of ['checks', 'grants'])
      await c.refusesPost(c.place.health, `${ELDER_PATH}/${path}`, wrong, refusal)
  })

  it('are confirmed by words that say who, at the place where they do not', async () => {
    const malformed = [400, 'BENEFIT_CONFIRMATION_MALFORMED'] as const
    for (const [body, pointer] of [
      [{ ...RUN }, '/reference'],
      [{ holder: '0x00' }, '/holder'],
      [{ ...RUN, reference: '回执', colour: 'red' }, '/colour'],
    ] as const) {
      const refused = await c.refusesPost(
        c.place.science,
        `${GIANT_PATH}/confirmations`,
        body,
        malformed,
      )
      expect(pointersIn(refused)).to.deep.equal([pointer])
    }
  })
}
