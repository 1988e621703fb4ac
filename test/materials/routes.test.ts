import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { OnceClient } from '../../api/client/index.ts'
import { registeredParties } from '../../api/http/materials/parties.ts'
import { materialRoutes } from '../../api/http/materials/routes.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { OPTIONS, TOKENS } from '../api/support/api.ts'
import { serveRoutes, sessionOf } from '../cases/support/api.ts'
import type { RoutesApi } from '../cases/support/api.ts'
import {
  bureau,
  CaseScene,
  counter,
  foreign,
  landlord,
  restaurant,
  tenant,
} from '../cases/support/scene.ts'
import { addressOf } from '../chain/support/registryScene.ts'
import { hashOf } from '../support/registryChain.ts'
import { codeOf } from '../support/codes.ts'
import { FIELDS, LANDLORD, LEASE, openBank, openMemory, TENANT } from './support/bank.ts'
import type { Bank } from './support/bank.ts'

const CASE_CODE = '001900000200001'
const LEASED = { type: 'LEASE', fields: FIELDS, holder: TENANT }

describe('materials of holders over HTTP', () => {
  let scene: CaseScene
  let bank: Bank
  let api: RoutesApi
  const submitted: Record<string, string> = {}
  const content = randomBytes(50)
  let [asTenant, asLandlord, asStranger] = ['', '', '']

  before(async () => {
    scene = await CaseScene.open(async () => new MemoryKeyValueStore())
    bank = await openBank(await openMemory())
    bank.types.publish(LEASE)
    const { mirror, directory } = scene.grants
    await directory.describe({
      department: counter,
      name: '综合窗口',
      region: '310110',
      code: '12310110MBDEM0017T',
      by: bureau,
    })
    const parties = registeredParties({ mirror, directory })
    api = await serveRoutes(
      materialRoutes(bank.materials, { ...OPTIONS, types: bank.types, parties }),
    )
    const { tenant: lessee, landlord: owner, stranger } = scene.grants
    ;[asTenant, asLandlord, asStranger] = [lessee, owner, stranger].map((one) =>
      sessionOf(addressOf(one), 'holder'),
    ) as [string, string, string]
    const handIn = async (name: string, by: Hex, more: object) => {
      const asked = { submitter: `department ${by}` }
      submitted[name] = (await bank.submit({ ...LEASED, ...more }, content, asked)).id
    }
    await handIn('lease', counter, { caseCode: CASE_CODE, channel: 'counter', receiptMode: 3 })
    await handIn('plan', bureau, { type: 'PLAN', fields: { rooms: 3 } })
    await handIn('other', bureau, { holder: LANDLORD })
  })
  after(async () => {
    await api?.close()
    await bank?.close()
    await scene?.close()
  })

  const as = (token: string) => new OnceClient({ url: api.url, token, tries: 1 })
  const list = async (token: string, query = {}) =>
    (await Array.fromAsync(as(token).materials.list(query))).map(({ id }) => id)
  const idOf = (name: string) => submitted[name] ?? ''

  it('are listed to the holder, whoever handed them in, with who that was and what for', async () => {
    const found = await Array.fromAsync(as(asTenant).materials.list())
    expect(found.map(({ id }) => id)).to.deep.equal([idOf('plan'), idOf('lease')])
    expect(found[1]).to.deep.include({ submitterName: '综合窗口', standing: { state: 'current' } })
    expect(found[1]?.statement).to.deep.include({
      submitter: `department ${counter}`,
      holder: TENANT,
      caseCode: CASE_CODE,
      channel: 'counter',
      receiptMode: 3,
    })
    expect(found[0]).not.to.have.property('submitterName')
    expect(await list(asLandlord)).to.deep.equal([idOf('other')])
    expect(await list(asStranger)).to.deep.equal([])
  })

  it('are narrowed to a holder, a type and a state, and come in pages', async () => {
    expect(await list(asTenant, { holder: tenant, type: 'PLAN' })).to.deep.equal([idOf('plan')])
    expect(await list(asTenant, { state: 'withdrawn' })).to.deep.equal([])
    for (const holder of [landlord, restaurant])
      expect(await codeOf(list(asTenant, { holder }))).to.equal('MATERIAL_NOT_YOURS')
    const first = await api.get('/v1/materials?limit=1', asTenant)
    const { next } = (await first.json()) as { next: string }
    const second = await api.get(`/v1/materials?limit=1&cursor=${next}`, asTenant)
    const { materials } = (await second.json()) as { materials: { id: string }[] }
    expect(materials.map(({ id }) => id)).to.deep.equal([idOf('lease')])
    for (const query of ['limit=0', 'cursor=x', 'state=erased', 'holder=91310110MADEM002XN', 'x=1'])
      expect((await api.get(`/v1/materials?${query}`, asTenant)).status, query).to.equal(400)
  })

  it('are listed to a department as far as it handed them in itself', async () => {
    expect(await list(sessionOf(counter))).to.deep.equal([idOf('lease')])
    expect(await list(sessionOf(bureau))).to.deep.equal([idOf('other'), idOf('plan')])
    expect(await list(sessionOf(foreign))).to.deep.equal([])
    expect(await list(sessionOf(counter), { of: 'held' })).to.deep.equal([])
    expect(await list(TOKENS.submitter)).to.deep.equal([])
  })

  it('are listed to auditors without a word of whose they are', async () => {
    const found = await Array.fromAsync(as(TOKENS.auditor).materials.list())
    expect(found).to.have.length(3)
    expect(JSON.stringify(found)).not.to.include(TENANT.code)
    for (const { statement } of found) expect(statement).not.to.have.property('holder')
    expect(await codeOf(list(asTenant, { of: 'every' }))).to.equal('TOKEN_NEEDED')
    expect(await codeOf(list(TOKENS.submitter, { of: 'every' }))).to.equal('ROLE_MISSING')
    expect(await codeOf(list(TOKENS.auditor, { of: 'held' }))).to.equal('ACCOUNT_NEEDED')
  })

  it('are read by the holder: what is known, the content and the evidence', async () => {
    const id = idOf('lease')
    const client = as(asTenant)
    expect((await client.material(id)).statement).to.deep.include({
      holder: TENANT,
      fields: FIELDS,
    })
    const { bytes } = await client.content(id)
    expect(await buffer(bytes)).to.deep.equal(content)
    expect(parseEvidence(await client.evidence(id)).statement).to.include({ id })
  })

  it('are read by nobody else', async () => {
    const id = idOf('lease')
    for (const token of [asLandlord, asStranger, sessionOf(bureau), sessionOf(foreign)]) {
      const client = as(token)
      expect(await codeOf(client.material(id))).to.equal('MATERIAL_NOT_YOURS')
      expect(await codeOf(client.content(id))).to.equal('MATERIAL_NOT_YOURS')
      expect(await codeOf(client.evidence(id))).to.equal('MATERIAL_NOT_YOURS')
    }
  })

  it('are for the holder to read, and not to decide about', async () => {
    const id = idOf('lease')
    const client = as(asTenant)
    expect(await codeOf(client.withdraw(id, { reason: 'x' }))).to.equal('ROLE_MISSING')
    expect(await codeOf(client.erase(id, { reason: 'x', legalBasis: 'y' }))).to.equal(
      'ROLE_MISSING',
    )
    expect(await codeOf(Array.fromAsync(client.quarantine.list()))).to.equal('ROLE_MISSING')
  })

  it('are the holder’s no more once the account is released', async () => {
    const { agent: account } = scene.grants
    const asRestaurant = sessionOf(addressOf(account), 'holder')
    await scene.grants.bind(account, tenant)
    expect(await list(asRestaurant)).to.have.length(2)
    await scene.grants.mine({
      type: 'AccountReleased',
      holder: tenant,
      account: addressOf(account),
      registrar: counter,
      endGrants: false,
    })
    expect(await list(asRestaurant)).to.deep.equal([])
    expect(await codeOf(as(asRestaurant).material(idOf('lease')))).to.equal('MATERIAL_NOT_YOURS')
  })

  it('are listed of one holder where the account is bound to very many', async () => {
    const { agent: account } = scene.grants
    const asAgent = sessionOf(addressOf(account), 'holder')
    await scene.grants.bind(account, tenant)
    for (let i = 0; i < 16; i++) await scene.grants.bind(account, hashOf(`company ${i}`))
    expect(await codeOf(list(asAgent))).to.equal('MATERIALS_HOLDER_NEEDED')
    expect(await list(asAgent, { holder: tenant })).to.have.length(2)
  })

  it('have a sentence for each code', () => {
    const codes = JSON.stringify(api.document).matchAll(/- `([A-Z_]+)`/g)
    for (const [, code = ''] of codes) expect(SENTENCES, code).to.have.property(code)
  })
})
