import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { ScopeItem } from '../../node/core/grants/scope.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import { field, matter, materialType, required } from '../core/catalogue/support.ts'
import { makePng } from '../derived/support/pictures.ts'
import { codeOf } from '../support/codes.ts'
import { askFor, Chain, contextFor, listsOf, requestOf, Site, Town } from './support/town.ts'
import type { HolderPlayer } from './support/town.ts'

const HEALTH = 'HEALTH_CERT'
const DOSSIER = 'LAWCASE'
/** Needs both in clear. */
const SEEING = 'FOOD_NEW'
/** Needs them, and is content with masks. */
const LOOKING = 'FOOD_RENEW'
const CASES: Readonly<Record<string, string>> = {
  [SEEING]: '310110202600011',
  [LOOKING]: '310110202600012',
}

describe('a whole material with something sensitive on it', () => {
  let site: Site
  let town: Town
  let owner: HolderPlayer

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    owner = await town.register('餐饮企业（示例）')
    const { address, client } = town.city
    const publish = (entry: object) =>
      client.catalogue.publish({ ...entry, owner: address } as Parameters<
        typeof client.catalogue.publish
      >[0])
    const name = field('name', 'string', { sensitivity: 'L3' })
    const health = { code: HEALTH, formats: ['png'], sensitivity: 'L3' as const }
    await publish(materialType({ ...health, fields: [name, field('examinedAt', 'date')] }))
    const dossier = { code: DOSSIER, formats: ['png'], sensitivity: 'L4' as const }
    await publish(materialType({ ...dossier, fields: [field('caseNo')] }))
    const seen = [required(HEALTH, { plain: ['name'] }), required(DOSSIER, { plain: ['caseNo'] })]
    await publish(matter({ code: SEEING, materials: seen }))
    await publish(matter({ code: LOOKING, materials: [required(HEALTH), required(DOSSIER)] }))
    for (const [code, one] of Object.entries(CASES))
      await town.market.client.cases.open({
        case: one,
        matter: { code },
        applicant: owner.holder,
        channel: 'counter',
      })
  })
  after(() => site.close())

  const WRITTEN = {
    [HEALTH]: { name: '王小明', examinedAt: '2023-05-01' },
    [DOSSIER]: { caseNo: '沪-17' },
  }

  /** Granted whole, with these fields in clear, and asked for whole. */
  async function use(type: keyof typeof WRITTEN, code: string, plain?: string[]) {
    const { client } = town.market
    const { id: material } = await town.bureau.client.submit(
      { type, content: { mediaType: 'image/png' }, holder: owner.code, fields: WRITTEN[type] },
      Uint8Array.from(makePng(20, 10)),
    )
    const item: ScopeItem = { material, may: 'copy', ...(plain && { plain }) }
    const chain = new Chain(town, listsOf({ items: [item], purposes: [{ matter: code }] }))
    const first = `0x${'0'.repeat(63)}1` as const
    await chain.grant(owner, town.market, { items: first, purposes: first })
    const subject = { kind: 'material', id: material } as const
    const asked = askFor(material, {
      subject,
      fields: [],
      context: { ...contextFor(code), case: CASES[code] as string },
    })
    const request = requestOf(asked, await chain.authorize(town.market, asked))
    const { id } = await client.uses.request(request)
    const { statement } = parseEvidence(await client.uses.evidence(id))
    if (statement.kind !== 'use.released') throw new TypeError('was released')
    const copy = parseDerivedCopy(await client.uses.copy(id))
    return { receipt: statement, copy, document: await codeOf(client.uses.document(id)) }
  }

  it('is released as its fields, masked, unless grant and matter name every sensitive one in clear', async () => {
    for (const [code, plain] of [
      [LOOKING, undefined],
      [LOOKING, ['name']],
      [SEEING, undefined],
      [SEEING, ['examinedAt']],
    ] as const) {
      const { receipt, copy, document } = await use(HEALTH, code, plain && [...plain])
      expect(copy.fields).to.deep.equal({ name: '王**', examinedAt: '2023-05-01' })
      expect(copy.masked).to.deep.equal(['name'])
      expect(copy).not.to.have.property('material')
      expect(receipt).not.to.have.any.keys('document', 'plain')
      expect(receipt.shown).to.equal(2)
      expect(document, code).to.equal('USE_WITHOUT_CONTENT')
    }
  })

  it('is released with its pages where both do, which the receipt says', async () => {
    const { receipt, copy, document } = await use(HEALTH, SEEING, ['name'])
    expect(copy.fields).to.deep.equal(WRITTEN[HEALTH])
    expect(copy).not.to.have.property('masked')
    expect(copy.material).to.include({ mediaType: 'image/png' })
    expect(receipt.plain).to.deep.equal(['name'])
    expect(receipt).to.have.property('document')
    expect(document).to.equal(undefined)
  })

  it('shows no pages where the whole is more sensitive than any field, unless all are named', async () => {
    const masked = await use(DOSSIER, SEEING)
    expect(masked.copy.fields).to.deep.equal(WRITTEN[DOSSIER])
    expect(masked.document).to.equal('USE_WITHOUT_CONTENT')
    const named = await use(DOSSIER, SEEING, ['caseNo'])
    expect(named.receipt.plain).to.deep.equal(['caseNo'])
    expect(named.document).to.equal(undefined)
  })
})
