import { expect } from 'chai'
import { getCertificateType } from '../../node/core/certificates/included.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import {
  draftOf,
  LICENCE,
  newIdentifier,
  withCheckCharacter,
} from '../certificates/support/papers.ts'
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
import type { HolderPlayer, Player } from './support/town.ts'

const SUZHOU = '11320500MBDEM0322P'
const SERIAL = '20230000000000000777'
const SCAN = new TextEncoder().encode('营业执照 (scan)')
const identifierOf = (issuer: string) =>
  withCheckCharacter(`1.2.156.3005.2.${LICENCE}.${issuer}.${SERIAL}.001`)

describe('a licence of another province', () => {
  let site: Site
  let town: Town
  let branch: HolderPlayer

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    branch = await town.register('苏州企业（示例）')
    const owner = town.city.address
    const head = { version: 1, from: '2023-01-01', owner, duty: '市场主体登记' }
    const { catalogue } = town.city.client
    await catalogue.publish({
      kind: 'certificateType',
      ...head,
      ...getCertificateType(LICENCE),
      recognised: [{ region: '320000', type: LICENCE }],
    })
    await catalogue.publish({
      kind: 'materialType',
      ...head,
      code: 'LICENCE_COPY',
      name: '营业执照',
      source: 'GOVERNMENT',
      issuer: town.bureau.address,
      certificateType: LICENCE,
      reusable: true,
      validity: { mode: 'CERTIFICATE' },
      retention: '30年',
      formats: ['txt'],
      maxBytes: 1000,
      sensitivity: 'L1',
      fields: [],
    })
  })
  after(() => site.close())

  const bring = (by: Player, issuerCode = SUZHOU) => {
    const { fields } = draftOf(LICENCE, town.bureau.address)
    return by.client.submit(
      {
        type: 'LICENCE_COPY',
        content: { mediaType: 'text/plain' },
        holder: branch.code,
        certificateIdentifier: identifierOf(issuerCode),
        fields: { ...fields, issuerCode, certificateNumber: SERIAL },
      },
      SCAN,
    )
  }

  async function use(material: string, fields: string[]) {
    const lists = listsOf({
      items: [{ material, fields: fields.toSorted(), may: 'copy' }],
      purposes: [{ matter: MATTER }],
    })
    const chain = new Chain(town, lists)
    await chain.grant(branch, town.market, { purposes: `0x${'0'.repeat(63)}1` })
    const asked = askFor(material, {
      subject: { kind: 'material', id: material },
      fields,
      manner: 'copy',
      context: contextFor(),
    })
    return town.market.client.uses.request(
      requestOf(asked, await chain.authorize(town.market, asked, { items: [0] })),
    )
  }

  it('is used like one of here where the department brings it that issues those', async () => {
    const { id } = await bring(town.bureau)
    const { statement } = await town.bureau.client.material(id)
    expect(statement).to.deep.include({
      recognised: { certificateType: LICENCE, version: 1, region: '320500' },
    })
    const { id: receipt } = await use(id, ['creditCode', 'domicile'])
    const { fields } = parseDerivedCopy(await town.market.client.uses.copy(receipt))
    expect(fields).to.have.all.keys('creditCode', 'domicile')
  })

  it('is refused where somebody else brings it, or of a province that is not listed', async () => {
    const { id } = await bring(town.market)
    expect(await codeOf(use(id, ['creditCode']))).to.equal('MATERIAL_NOT_FROM_ISSUER')
    expect(await codeOf(bring(town.bureau, '11510100MBDEM0322P'))).to.equal(
      'CERTIFICATE_TYPE_NOT_RECOGNISED',
    )
  })

  it('stays beside another licence of its holder, and gives way to itself once issued here', async () => {
    const { id } = await bring(town.bureau)
    const issue = async (number: string) => {
      const identifier = newIdentifier(LICENCE, number)
      const draft = { type: LICENCE, identifier, holders: [branch.holder] }
      await town.city.client.certificates.issue(await town.paper(town.city, draft))
    }
    await issue('20230000000000000778')
    expect((await use(id, ['creditCode'])).id).to.match(/^use-/)
    await issue(SERIAL)
    expect(await codeOf(use(id, ['creditCode']))).to.equal('MATERIAL_CERTIFICATE_DECIDES')
  })
})
