import { expect } from 'chai'
import type { PortfolioOptions } from '../../api/client/index.ts'
import { addDays, dayOf } from '../../node/core/catalogue/day.ts'
import { LICENCE } from '../certificates/support/papers.ts'
import { codeOf } from '../support/codes.ts'
import { BenefitTown, TENANT } from './support/benefitTown.ts'
import { Chain } from './support/town.ts'
import type { Player } from './support/town.ts'

const PDF = new TextEncoder().encode('%PDF-1.7 （示例）')
const TODAY = dayOf(Date.now())

const idsOf = (section: { items: readonly { id: string }[] } | undefined) =>
  section?.items.map(({ id }) => id)

describe('the file of an enterprise', () => {
  let place: BenefitTown
  let grant: Chain
  const ids: Record<string, string> = {}

  const fileOf = ({ client }: Player, asked: PortfolioOptions = {}) =>
    client.holders.portfolio(place.tenant.holder, asked)

  const handIn = async (name: string, { client }: Player, type: string, fields: object) => {
    const content = { mediaType: 'application/pdf' }
    const said = { type, title: name, content, holder: TENANT, fields: { ...fields } }
    ids[name] = (await client.submit(said, PDF)).id
  }

  before(async function () {
    this.timeout(120_000)
    place = await BenefitTown.found()
    await place.publish(({ kind }) => kind === 'certificateType' || kind === 'matter')
    const { tenant, town, science } = place
    const lease = { lessor: '甲', lessee: '乙', premises: '示例路1号', leaseFrom: '2020-01-01' }
    await handIn('tax', science, 'TAX_PROOF', { period: '2026', amount: 1 })
    await handIn('old lease', town.market, 'LEASE', { ...lease, leaseTo: '2021-12-31' })
    await handIn('rules', town.market, 'FOOD_RULES', { version: '1' })
    await handIn('health', science, 'HEALTH_CERT', { name: '王示例', examinedAt: TODAY })
    grant = await new Chain(town).grant(tenant, town.market)
  })
  after(() => place?.close())

  it('shows the holder all that it has, newest first, and when each ends', async () => {
    const { materials, certificates, grants } = await fileOf(place.tenant)
    expect(idsOf(materials)).to.deep.equal(
      ['health', 'rules', 'old lease', 'tax'].map((name) => ids[name]),
    )
    const [health, rules, lease, tax] = materials?.items ?? []
    expect(health).to.deep.include({
      type: 'HEALTH_CERT',
      name: '从业人员健康证明',
      title: 'health',
      submitterName: '区科学技术委员会（示例）',
      standing: { state: 'current' },
      usable: true,
      until: addDays(TODAY, 366),
    })
    expect(rules).to.deep.include({ usable: true, until: addDays(TODAY, 731) })
    expect(lease).to.deep.include({
      usable: false,
      because: 'MATERIAL_EXPIRED',
      on: '2022-01-01',
    })
    expect(tax).to.deep.include({ usable: false, because: 'MATERIAL_NOT_FROM_ISSUER' })
    expect(certificates?.items).to.have.length(1)
    expect(certificates?.items[0]).to.include({
      type: LICENCE,
      name: '营业执照',
      issuer: place.town.city.address,
      status: '01',
      usable: true,
    })
    expect(grants?.items).to.have.length(1)
    expect(grants?.items[0]).to.deep.include({ id: grant.id, standing: 'live' })
    expect(grants?.items[0]?.terms?.notAfter).to.equal(grant.grants[0]?.notAfter)
  })

  it('shows a department what it handed in, issued or was granted, and no more', async () => {
    const { market, city } = place.town
    const atMarket = await fileOf(market)
    expect(idsOf(atMarket.materials)).to.deep.equal([ids['rules'], ids['old lease']])
    expect(atMarket.certificates).to.deep.equal({ items: [] })
    expect(idsOf(atMarket.grants)).to.deep.equal([grant.id])
    const atCity = await fileOf(city)
    expect(atCity.materials).to.deep.equal({ items: [] })
    expect(atCity.certificates?.items.map(({ type }) => type)).to.deep.equal([LICENCE])
    expect(atCity.grants).to.deep.equal({ items: [] })
    const none = { items: [] }
    expect(await fileOf(place.health)).to.deep.include({
      materials: none,
      certificates: none,
      grants: none,
    })
  })

  it('is nobody else’s to see', async () => {
    for (const other of [place.giantco, place.wang, place.town.agent])
      expect(await codeOf(fileOf(other))).to.equal('HOLDER_NOT_YOURS')
    const nobody = place.town.market.client.holders.portfolio(`0x${'9'.repeat(64)}`)
    expect(await codeOf(nobody)).to.equal('HOLDER_NOT_FOUND')
    expect(await codeOf((await place.operator()).holders.portfolio(place.tenant.holder))).to.equal(
      'ACCOUNT_NEEDED',
    )
  })

  it('is narrowed to an industry: what its matters ask for, and their certificates', async () => {
    for (const industry of ['H62', 'H', 'H621', 'F52']) {
      const file = await fileOf(place.tenant, { industry })
      expect(file.industry).to.equal(industry)
      expect(idsOf(file.materials), industry).to.deep.equal([ids['health'], ids['rules']])
      expect(file.certificates?.items.map(({ type }) => type)).to.deep.equal([LICENCE])
      expect(file).not.to.have.property('grants')
    }
    const school = await fileOf(place.tenant, { industry: 'P83' })
    expect([school.materials, school.certificates]).to.deep.equal([{ items: [] }, { items: [] }])
    expect(idsOf((await fileOf(place.town.market, { industry: 'H62' })).materials)).to.deep.equal([
      ids['rules'],
    ])
  })

  it('comes in pages, a section at a time', async () => {
    const first = await fileOf(place.tenant, { limit: 3 })
    expect(idsOf(first.materials)).to.have.length(3)
    expect(first.certificates).not.to.have.property('next')
    const cursor = first.materials?.next
    const rest = await fileOf(place.tenant, { limit: 3, of: 'materials', cursor })
    expect(rest).to.have.all.keys('holder', 'materials')
    expect(idsOf(rest.materials)).to.deep.equal([ids['tax']])
    expect(rest.materials).not.to.have.property('next')
    const own = await fileOf(place.town.market, { limit: 1 })
    expect(idsOf(own.materials)).to.deep.equal([ids['rules']])
  })

  it('refuses what it cannot mean', async () => {
    for (const industry of ['H63', 'catering', ''])
      expect(await codeOf(fileOf(place.tenant, { industry })), industry).to.equal(
        'INDUSTRY_UNKNOWN',
      )
    for (const asked of [
      { cursor: '1' },
      { of: 'grants', industry: 'H62' },
      { of: 'materials', cursor: 'ff' },
      { limit: 101 },
    ] as const)
      expect(await codeOf(fileOf(place.tenant, asked))).to.equal('QUERY_MALFORMED')
  })
})
