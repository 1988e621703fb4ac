import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../support/codes.ts'
import {
  BenefitTown,
  CENTRE,
  ELDER,
  GIANT,
  GIANTCO,
  TENANT,
  WANG,
  ZHAO,
} from './support/benefitTown.ts'
import { RIGHTS } from './support/town.ts'
import type { Player } from './support/town.ts'

const officer = '王科员'
const PERIOD = new Date(Date.now() + 8 * 60 * 60 * 1000).toISOString().slice(0, 4)

const by = ({ client }: Player) => client.benefits

async function refusalOf(promise: Promise<unknown>): Promise<LedgerError> {
  try {
    await promise
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
  return expect.fail('was not refused')
}

describe('benefits without application, as a city gives them', () => {
  let place: BenefitTown

  before(async function () {
    this.timeout(120_000)
    place = await BenefitTown.found()
  })
  after(() => place.close())

  it('are listed in the catalogue, all 17 of them', async () => {
    const all = await Array.fromAsync(place.town.agent.client.catalogue.list('benefit'))
    expect(all).to.have.length(17)
    expect(all.find(({ entry }) => entry.code === ELDER)?.entry.owner).to.equal(
      place.health.address,
    )
  })

  it('are checked for many at once: who qualifies, and what speaks against the others', async () => {
    const typo = { codeType: '111', code: '310199195506080022' } as const
    const outcomes = await Array.fromAsync(
      by(place.health).checkAll(ELDER, [WANG, typo, ZHAO, GIANTCO], { officer, batch: 'spring' }),
    )
    expect(outcomes.map(({ line, subject }) => [line, subject])).to.deep.equal([
      [1, WANG],
      [2, typo],
      [3, ZHAO],
      [4, GIANTCO],
    ])
    expect(
      outcomes.map((one) => ('error' in one ? one.error.code : [one.result, one.reasons])),
    ).to.deep.equal([
      ['qualified', []],
      'CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
      ['unqualified', [{ code: 'BENEFIT_CONDITION_FAILED', condition: '年满65周岁' }]],
      ['unqualified', [{ code: 'BENEFIT_TARGET_OTHER' }]],
    ])
  })

  it('tell afterwards what a batch found, as records and as a table', async () => {
    const records = await Array.fromAsync(by(place.health).ofBatch(ELDER, 'spring'))
    expect(records.map(({ statement }) => statement.subject)).to.have.deep.members([
      WANG,
      ZHAO,
      GIANTCO,
    ])
    const [head, ...rows] = (await by(place.health).table(ELDER, 'spring')).trimEnd().split('\r\n')
    expect(head).to.match(/^codeType,code,result,why,/)
    const row = rows.find((one) => one.includes(ZHAO.code))
    expect(row).to.include(`111,${ZHAO.code},unqualified,年满65周岁 BENEFIT_CONDITION_FAILED,`)
    expect(rows).to.have.length(3)
    expect(await codeOf(by(place.science).table(ELDER, 'spring'))).to.equal('BENEFIT_NOT_OWNED')
  })

  it('are given directly, once in the period, with evidence', async () => {
    const { id, evidence } = await by(place.health).grant(ELDER, { subject: WANG, officer })
    expect(parseEvidence(evidence).statement).to.deep.include({
      id,
      kind: 'benefit.granted',
      subject: WANG,
      period: PERIOD,
      by: place.health.address,
    })
    const again = await refusalOf(by(place.health).grant(ELDER, { subject: WANG, officer }))
    expect(again.code).to.equal('BENEFIT_ALREADY_GRANTED')
    expect(again.details).to.deep.include({ granted: id, period: PERIOD })
    expect(await by(place.health).evidence(id, { anchored: 20 })).to.be.a('string')
  })

  it('are not given to who does not qualify, who is told which condition fails', async () => {
    const { code, details } = await refusalOf(
      by(place.health).grant(ELDER, { subject: ZHAO, officer }),
    )
    expect(code).to.equal('BENEFIT_NOT_QUALIFIED')
    expect(details['reasons']).to.deep.equal([
      { code: 'BENEFIT_CONDITION_FAILED', condition: '年满65周岁' },
    ])
    const { statement } = await by(place.health).get(details['checked'] as string)
    expect(statement).to.include({ kind: 'benefit.checked', officer })
  })

  it('are not given where the approval is missing, which is named', async () => {
    const { code, details } = await refusalOf(
      by(place.commerce).grant(CENTRE, { subject: TENANT, officer }),
    )
    expect(code).to.equal('BENEFIT_NOT_QUALIFIED')
    expect(details['reasons']).to.deep.include({
      code: 'BENEFIT_EVIDENCE_MISSING',
      material: 'CITY_AWARD',
    })
    const { reasons } = await by(place.commerce).check(CENTRE, { subject: GIANTCO, officer })
    expect(reasons?.map((reason) => reason.code)).to.deep.equal(['BENEFIT_CONDITION_FAILED'])
  })

  it('are given after one confirmation of the subject where they take one', async () => {
    const run = { subject: GIANTCO, officer }
    const before = await refusalOf(by(place.science).grant(GIANT, run))
    expect(before.code).to.equal('BENEFIT_CONFIRMATION_MISSING')
    const { holder } = place.giantco
    expect(await codeOf(by(place.wang).confirm(GIANT, { holder }))).to.equal(
      'BENEFIT_RECORD_NOT_YOURS',
    )
    const confirmed = await by(place.giantco).confirm(GIANT, { holder })
    expect([
      confirmed.created,
      (await by(place.giantco).confirm(GIANT, { holder })).created,
    ]).to.deep.equal([true, false])
    const { id } = await by(place.science).grant(GIANT, run)
    expect((await by(place.science).get(id)).statement).to.deep.include({ confirmed: confirmed.id })
    expect(await codeOf(by(place.science).grant(GIANT, run))).to.equal('BENEFIT_ALREADY_GRANTED')
  })

  it('take a confirmation by the owner, who kept what the person said, and by no other', async () => {
    const said = { subject: TENANT, officer, reference: '回执 2026-0001' }
    expect(await codeOf(by(place.health).confirm(GIANT, said))).to.equal('BENEFIT_NOT_OWNED')
    expect((await by(place.science).confirm(GIANT, said)).created).to.equal(true)
    expect(await codeOf(by(place.health).confirm(ELDER, { ...said, subject: WANG }))).to.equal(
      'BENEFIT_TAKES_NO_CONFIRMATION',
    )
  })

  it('are no business of departments that do not own them, nor of anybody else', async () => {
    const run = { subject: WANG, officer }
    const { size } = place.site.serving.node.ledger
    expect(await codeOf(by(place.science).check(ELDER, run))).to.equal('BENEFIT_NOT_OWNED')
    expect(await codeOf(by(place.science).grant(ELDER, run))).to.equal('BENEFIT_NOT_OWNED')
    const batch = by(place.science).grantAll(ELDER, [WANG], { officer, batch: 'foreign' })
    expect(await codeOf(Array.fromAsync(batch))).to.equal('BENEFIT_NOT_OWNED')
    expect(await codeOf(by(place.town.bureau).check(ELDER, run))).to.equal('ROLE_MISSING')
    expect(await codeOf(by(place.wang).check(ELDER, run))).to.equal('ROLE_MISSING')
    expect(await codeOf(by(place.health).check('NOTHING', run))).to.equal('CATALOGUE_UNKNOWN')
    expect(place.site.serving.node.ledger.size).to.equal(size)
  })

  it('ask nobody to hand anything in', async () => {
    const uploads = ['ID_COPY']
    for (const [owner, benefit, subject] of [
      [place.health, ELDER, WANG],
      [place.science, GIANT, GIANTCO],
    ] as const)
      expect(await codeOf(by(owner).grant(benefit, { subject, officer, uploads }))).to.equal(
        'BENEFIT_TAKES_NO_UPLOAD',
      )
  })

  it('are granted to many in a batch, which is sent again and grants nothing twice', async () => {
    const batch = { officer, batch: 'giants' }
    const run = () => Array.fromAsync(by(place.science).grantAll(GIANT, [GIANTCO, TENANT], batch))
    const codes = (await run()).map((one) => ('error' in one ? one.error.code : one.result))
    expect(codes).to.deep.equal(['BENEFIT_ALREADY_GRANTED', 'BENEFIT_NOT_QUALIFIED'])
    const granted = await Array.fromAsync(by(place.science).granted(GIANT))
    expect(granted.map(({ statement }) => statement.subject)).to.deep.equal([GIANTCO])
  })

  it('let the subject see every look at it, with evidence, and nobody else', async () => {
    const { holder } = place.wang
    const records = await Array.fromAsync(by(place.wang).ofHolder(holder))
    const kinds = records.map(({ statement }) => statement.kind)
    expect(kinds).to.deep.equal(['benefit.granted', 'benefit.checked'])
    const { id } = records[0] as { readonly id: string }
    expect(parseEvidence(await by(place.wang).evidence(id)).statement.id).to.equal(id)
    for (const other of [place.giantco, place.science]) {
      expect(await codeOf(by(other).get(id))).to.equal('BENEFIT_RECORD_NOT_YOURS')
      expect(await codeOf(Array.fromAsync(by(other).ofHolder(holder)))).to.equal(
        'BENEFIT_RECORD_NOT_YOURS',
      )
    }
  })

  it('stand in the figures of the month, each department’s for itself', async () => {
    const { departments } = await place.health.client.figures.get()
    expect(departments.map(({ department }) => department)).to.deep.equal([place.health.address])
    expect(departments[0]?.benefits).to.deep.equal({
      checked: 5,
      evidence: 4,
      qualified: 2,
      granted: 1,
    })
    const asked = place.science.client.figures.get({ department: place.health.address })
    expect(await codeOf(asked)).to.equal('FIGURES_NOT_YOURS')
    const auditor = await place.operator()
    const supervisor = await place.town.accredit(place.town.authority, RIGHTS.auditor, {
      name: '上海市审计局（示例）',
      region: '310000',
    })
    expect(await supervisor.client.figures.get()).to.deep.equal(await auditor.figures.get())
    const all = await auditor.figures.get()
    expect(all.departments.map(({ department }) => department)).to.include.members([
      place.health.address,
      place.science.address,
      place.commerce.address,
    ])
    const table = await auditor.figures.table({ department: place.health.address })
    expect(table.trimEnd().split('\r\n')).to.have.length(2)
    expect(table).to.include(`,${place.health.address},区卫生健康委员会（示例）,310110,`)
  })
})
