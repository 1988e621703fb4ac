import { expect } from 'chai'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { Manner } from '../../node/core/uses/documents.ts'
import { unpackCopy } from '../../node/derived/unpackCopy.ts'
import { codeOf } from '../support/codes.ts'
import {
  askFor,
  Chain,
  contextFor,
  listsOf,
  MATTER,
  requestOf,
  Site,
  Town,
} from './support/town.ts'
import type { HolderPlayer } from './support/town.ts'

const PLAN = new TextEncoder().encode('平面图 (floor plan)')

describe('a material that is handed in once and used again', () => {
  let site: Site
  let town: Town
  let owner: HolderPlayer
  let material: string

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    owner = await town.register('餐饮企业（示例）')
    material = await handIn('PLAN', owner)
  })
  after(() => site.close())

  async function handIn(type: string, holder?: HolderPlayer): Promise<string> {
    const submission = {
      type,
      content: { mediaType: 'text/plain' },
      fields: { area: '120.5', floor: '8' },
      ...(holder && { holder: holder.code }),
    }
    return (await town.bureau.client.submit(submission, PLAN)).id
  }

  interface Wanted {
    readonly item?: number
    readonly manner?: Manner
    readonly caseCode?: string
  }

  async function ask(id: string, fields: string[] = [], wanted: Wanted = {}) {
    const { item = 0, manner = 'copy', caseCode } = wanted
    const lists = listsOf({
      items: [
        { material: id, may: 'copy' },
        { material: id, fields: ['floor'], may: 'read' },
      ],
      purposes: [{ matter: MATTER }],
    })
    const chain = new Chain(town, lists)
    await chain.grant(owner, town.market, { purposes: `0x${'0'.repeat(63)}1` })
    const asked = askFor(id, {
      subject: { kind: 'material', id },
      fields,
      manner,
      context: { ...contextFor(), ...(caseCode && { case: caseCode }) },
    })
    return requestOf(asked, await chain.authorize(town.market, asked, { items: [item] }))
  }

  it('comes whole, the derived copy beside its bytes', async () => {
    const { uses } = town.market.client
    const { id } = await uses.request(await ask(material))
    const copy = parseDerivedCopy(await uses.copy(id))
    expect(copy.material).to.include({ size: PLAN.length, mediaType: 'text/plain' })
    expect(copy.fields).to.deep.equal({ area: '120.5', floor: '8' })
    const { mediaType, bytes } = await uses.document(id)
    expect(mediaType).to.equal('application/zip')
    const { original } = (await unpackCopy(await new Response(bytes).bytes())) ?? {}
    expect(Buffer.from(original ?? []).equals(PLAN)).to.equal(true)
  })

  it('shows single fields without its bytes', async () => {
    const { uses } = town.market.client
    const { id } = await uses.request(await ask(material, ['floor'], { item: 1, manner: 'read' }))
    expect(parseDerivedCopy(await uses.copy(id)).fields).to.deep.equal({ floor: '8' })
    expect(await codeOf(uses.document(id))).to.equal('USE_WITHOUT_CONTENT')
  })

  it('is refused whole where fields were granted, and fields that were not', async () => {
    const { uses } = town.market.client
    expect(await codeOf(uses.request(await ask(material, [], { item: 1 })))).to.equal(
      'USE_FIELDS_NOT_GRANTED',
    )
    expect(await codeOf(uses.request(await ask(material, ['nothing'])))).to.equal(
      'USE_FIELD_UNKNOWN',
    )
  })

  it('is refused under grants of somebody else, and where nobody holds it', async () => {
    const { uses } = town.market.client
    const foreign = await handIn('PLAN', town.landlord)
    expect(await codeOf(uses.request(await ask(foreign)))).to.equal('USE_HOLDER_MISSING')
    const nobodys = await handIn('PLAN')
    expect(await codeOf(uses.request(await ask(nobodys)))).to.equal('MATERIAL_WITHOUT_HOLDER')
  })

  it('is refused for a second case where it serves once, by the receipt of the first', async () => {
    const { uses } = town.market.client
    const day = { from: '2023-01-01', owner: town.city.address, duty: '登记' }
    await town.city.client.catalogue.publish({
      kind: 'materialType',
      code: 'FORM_ONCE',
      version: 1,
      ...day,
      name: '变更登记申请书',
      reusable: false,
      validity: { mode: 'SINGLE_USE' },
      retention: '10年',
      formats: ['txt'],
      maxBytes: 1000,
      sensitivity: 'L2',
      fields: ['area', 'floor'].map((name) => ({
        name,
        label: name,
        type: 'string',
        required: true,
        sensitivity: 'L1',
      })),
    })
    const form = await handIn('FORM_ONCE', owner)
    const [one, other] = [await ask(form), await ask(form, [], { caseCode: '001900000100099' })]
    const { id } = await uses.request(one)
    const refused = await uses.request(other).catch((error: unknown) => error)
    const details = { code: 'MATERIAL_SINGLE_USE_SPENT', status: 409, id: form, by: id }
    expect(refused).to.have.property('details').that.includes(details)
  })

  it('is refused once it was erased', async () => {
    const id = await handIn('PLAN', owner)
    const request = await ask(id)
    await town.bureau.client.erase(id, { reason: 'by mistake', legalBasis: 'PIPL Art. 47' })
    expect(await codeOf(town.market.client.uses.request(request))).to.equal('MATERIAL_ERASED')
  })

  it('ends streams that follow its uses when the node stops', async () => {
    const stream = owner.client.uses.live(owner.holder, { after: 0 })
    const { value } = await stream.next()
    expect(value).to.include({ user: town.market.address })
    const rest = Array.fromAsync(stream)
    const started = performance.now()
    await site.serving.close()
    expect(performance.now() - started).to.be.below(10_000)
    expect(await rest).to.be.an('array')
  })
})
