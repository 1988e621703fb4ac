import { expect } from 'chai'
import { pointersIn } from './support/counter.ts'
import type { Counter, Refusal } from './support/counter.ts'

/** What is said of a case that is under way. */
export function badStages(get: () => Counter): void {
  let c: Counter
  let code: string
  before(() => {
    c = get()
  })
  beforeEach(async () => {
    code = await c.openCase()
  })

  /** Refused, and the case stands where it stood. */
  async function refuses(by: Counter['window'], said: object, refusal: Refusal) {
    const before = await c.caseText(code)
    const answer = await c.refusesPost(by, `/v1/cases/${code}/stages`, said, refusal)
    expect(await c.caseText(code)).to.equal(before)
    return answer
  }

  async function stage(by: Counter['window'], said: object): Promise<void> {
    const { status, text } = await c.assault.post(by, `/v1/cases/${code}/stages`, said)
    expect(status, text).to.equal(201)
  }

  it('are refused out of their order, with the one that is next', async () => {
    const granted = { stage: 'decided', outcome: 'granted' }
    const outOfOrder = [409, 'CASE_STAGE_OUT_OF_ORDER'] as const
    for (const [by, said] of [
      [c.market, { stage: 'reviewed' }],
      [c.market, granted],
      [c.market, { stage: 'issued' }],
      [c.window, { stage: 'delivered' }],
    ] as const) {
      const { details } = await refuses(by, said, outOfOrder)
      expect(details).to.include({ stage: said.stage, next: 'accepted' })
    }
    await stage(c.window, { stage: 'accepted' })
    expect((await refuses(c.market, granted, outOfOrder)).details['next']).to.equal('reviewed')
    await stage(c.market, { stage: 'reviewed' })
    await stage(c.market, { stage: 'decided', outcome: 'refused' })
    // What was refused is told, and nothing is issued.
    const { details } = await refuses(c.market, { stage: 'issued' }, outOfOrder)
    expect(details['next']).to.equal('delivered')
    await stage(c.window, { stage: 'delivered' })
    // There is nothing next.
    expect((await refuses(c.market, { stage: 'issued' }, outOfOrder)).details).not.to.have.property(
      'next',
    )
  })

  it('are refused a second time, in other words', async () => {
    await stage(c.window, { stage: 'accepted', note: '材料齐全' })
    const taken = [409, 'CASE_STAGE_TAKEN'] as const
    await refuses(c.window, { stage: 'accepted', note: '材料不齐' }, taken)
  })

  it('are refused to a department that has nothing to do with the case', async () => {
    await refuses(c.place.science, { stage: 'accepted' }, [403, 'CASE_NOT_YOURS'])
    await stage(c.window, { stage: 'accepted' })
    await refuses(c.place.science, { stage: 'reviewed' }, [403, 'CASE_NOT_YOURS'])
  })

  it('are refused to the other department of the case, with the one whose work it is', async () => {
    const notYours = [403, 'CASE_STAGE_NOT_YOURS'] as const
    const accepting = await refuses(c.market, { stage: 'accepted' }, notYours)
    expect(accepting.details['department']).to.equal(c.window.address)
    await stage(c.window, { stage: 'accepted' })
    const reviewing = await refuses(c.window, { stage: 'reviewed' }, notYours)
    expect(reviewing.details['department']).to.equal(c.market.address)
  })

  it('are refused to whoever applies, and to whoever is not signed in', async () => {
    await refuses(c.place.giantco, { stage: 'accepted' }, [403, 'ROLE_MISSING'])
    const path = `/v1/cases/${code}/stages`
    await c.refusesPost(undefined, path, { stage: 'accepted' }, [401, 'TOKEN_MISSING'])
  })

  it('are refused of a case that nobody opened', async () => {
    const path = `/v1/cases/${c.nextCase()}/stages`
    await c.refusesPost(c.window, path, { stage: 'accepted' }, [404, 'CASE_NOT_FOUND'])
  })

  for (const [what, said, pointer] of [
    ['of another name', { stage: 'approved' }, '/stage'],
    [
      'with an outcome of what is no decision',
      { stage: 'accepted', outcome: 'granted' },
      '/outcome',
    ],
    ['with a decision without an outcome', { stage: 'decided' }, '/outcome'],
    ['with a day of their own', { stage: 'accepted', at: '2023-01-01' }, '/at'],
  ] as const)
    it(`are refused ${what}, at ${pointer}`, async () => {
      const refused = await refuses(c.window, said, [400, 'CASE_STAGE_MALFORMED'])
      expect(pointersIn(refused)).to.deep.equal([pointer])
    })

  it('are refused of another case under its code', async () => {
    const other = { ...c.opening({ case: code }), channel: 'web' }
    const before = await c.caseText(code)
    await c.refusesPost(c.window, '/v1/cases', other, [409, 'CASE_CODE_TAKEN'])
    expect(await c.caseText(code)).to.equal(before)
  })
}
