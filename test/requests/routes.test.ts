import { expect } from 'chai'
import { OnceClient } from '../../api/client/index.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { requestRoutes } from '../../api/http/requests/routes.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { TOKENS } from '../api/support/api.ts'
import { serveRoutes, sessionOf } from '../cases/support/api.ts'
import type { RoutesApi } from '../cases/support/api.ts'
import { bureau, counter, foreign, landlord } from '../cases/support/scene.ts'
import { addressOf } from '../chain/support/registryScene.ts'
import { MATTER } from '../core/resolution/scene.ts'
import { asking, RequestScene } from './support/scene.ts'

const answer = async (response: Response) => {
  const { code } = (await response.clone().json()) as { code?: string }
  return `${response.status}${code === undefined ? '' : ` ${code}`}`
}

const path = (id: string) => `/v1/grant-requests/${id}`

describe('requests for grants over HTTP', () => {
  let s: RequestScene
  let api: RoutesApi
  const atBureau = sessionOf(bureau)
  let [asLandlord, asTenant] = ['', '']

  before(async () => {
    s = await RequestScene.open(async () => new MemoryKeyValueStore())
    const { mirror, landlord: owner, tenant: lessee } = s.cases.grants
    api = await serveRoutes(requestRoutes({ requests: s.requests, mirror, wait: 5_000 }))
    ;[asLandlord, asTenant] = [owner, lessee].map((one) => sessionOf(addressOf(one), 'holder')) as [
      string,
      string,
    ]
  })
  after(async () => {
    await api.close()
    await s.close()
  })

  const as = (token: string) => new OnceClient({ url: api.url, token, tries: 1 })
  const make = (uses: number) => as(atBureau).requests.make(asking({ uses }))
  const got = async (at: string, token: string) => answer(await api.get(at, token))
  const posted = async (at: string, body: unknown, token: string) =>
    answer(await api.post(at, body, token))

  it('are made by whoever handles the case, once', async () => {
    const first = await api.post('/v1/grant-requests', asking(), atBureau)
    expect(first.status).to.equal(201)
    const again = await api.post('/v1/grant-requests', asking(), atBureau)
    expect(again.status).to.equal(200)
    expect(again.headers.get('Location')).to.equal(first.headers.get('Location'))
    expect(await posted('/v1/grant-requests', asking(), sessionOf(foreign))).to.equal(
      '403 CASE_NOT_YOURS',
    )
    expect(await posted('/v1/grant-requests', asking(), asLandlord)).to.equal('403 CASE_NOT_YOURS')
    expect(await posted('/v1/grant-requests', asking(), TOKENS.operator)).to.equal(
      '403 ACCOUNT_NEEDED',
    )
    expect(await posted('/v1/grant-requests', { case: 'x' }, atBureau)).to.equal(
      '400 GRANT_REQUEST_MALFORMED',
    )
  })

  it('are shown to the holder and to whoever asked, in words, and to nobody else', async () => {
    const { id } = await make(1)
    const shown = await as(asLandlord).requests.get(id)
    expect(shown.state).to.equal('pending')
    expect(shown.sentence.zh).to.include('「landlord」')
    expect(shown.draft).to.include({ grantee: bureau, holder: landlord, uses: 1 })
    expect((await as(atBureau).requests.get(id)).sentence.zh).not.to.include('「landlord」')
    for (const token of [asTenant, sessionOf(counter), sessionOf(foreign)]) {
      expect(await got(path(id), token)).to.equal('403 GRANT_REQUEST_NOT_YOURS')
      expect(await got(`${path(id)}/evidence`, token)).to.equal('403 GRANT_REQUEST_NOT_YOURS')
    }
    expect(await got(path('request-none'), asLandlord)).to.equal('404 GRANT_REQUEST_NOT_FOUND')
  })

  it('call a material of the holder by type and title to the holder, and the matter to both', async () => {
    await s.cases.deposit('lease-1', 'LEASE', { by: 'landlord', title: '海天路租约' })
    const items = [{ material: 'lease-1', may: 'read' as const }]
    const { id } = await as(atBureau).requests.make(asking({ items }))
    const [toHolder, toAsker] = await Promise.all(
      [asLandlord, atBureau].map(async (token) => (await as(token).requests.get(id)).sentence.zh),
    )
    expect(toHolder).to.match(/材料「[^」]*：海天路租约」（lease-1）/)
    expect(toAsker).to.include('材料 lease-1，')
    for (const said of [toHolder, toAsker])
      expect(said).to.include(`事项「${MATTER.name}」（${MATTER.code}）`)
  })

  it('are listed to the two of them', async () => {
    const ofHolder = await Array.fromAsync(as(asLandlord).requests.list({ holder: landlord }))
    const ofGrantee = await Array.fromAsync(as(atBureau).requests.list({ grantee: bureau }))
    expect(ofHolder.map(({ id }) => id)).to.deep.equal(ofGrantee.map(({ id }) => id))
    const [one, other] = [`?holder=${landlord}`, `?grantee=${bureau}`]
    expect(await got(`/v1/grant-requests${one}`, atBureau)).to.equal('403 GRANT_REQUEST_NOT_YOURS')
    expect(await got(`/v1/grant-requests${other}`, asLandlord)).to.equal(
      '403 GRANT_REQUEST_NOT_YOURS',
    )
    expect(await got('/v1/grant-requests', atBureau)).to.equal('400 QUERY_MALFORMED')
  })

  it('are approved by the holder alone, with its evidence', async () => {
    const { id } = await as(atBureau).requests.make(asking())
    const signed = await s.signed(s.cases.grants.landlord)
    expect(await posted(`${path(id)}/approve`, signed, atBureau)).to.equal(
      '403 GRANT_REQUEST_NOT_YOURS',
    )
    expect(await posted(`${path(id)}/approve`, { act: signed.act }, asLandlord)).to.equal(
      '400 ACT_MALFORMED',
    )
    const { requests } = as(asLandlord)
    const { grant, state } = await requests.approve(id, signed.act, signed.view)
    expect(state).to.equal('mined')
    const found = await as(atBureau).requests.get(id)
    expect(found.state).to.equal('approved')
    expect(found.answer?.grant).to.equal(grant)
    const { statement } = parseEvidence(await as(atBureau).requests.evidence(id, 'answer'))
    expect(statement).to.include({ kind: 'request.approved', grant })
    expect(await posted(`${path(id)}/decline`, { reason: '晚了' }, asLandlord)).to.equal(
      '409 GRANT_REQUEST_ANSWERED',
    )
  })

  it('are declined by the holder alone, with a reason', async () => {
    const { id } = await make(2)
    const reason = '请本人到场办理'
    expect(await posted(`${path(id)}/decline`, { reason }, asTenant)).to.equal(
      '403 GRANT_REQUEST_NOT_YOURS',
    )
    expect(await posted(`${path(id)}/decline`, {}, asLandlord)).to.equal(
      '400 GRANT_REQUEST_MALFORMED',
    )
    expect(await got(`${path(id)}/evidence?of=answer`, asLandlord)).to.equal(
      '404 GRANT_REQUEST_NOT_ANSWERED',
    )
    const evidence = await as(asLandlord).requests.decline(id, reason)
    expect(parseEvidence(evidence).statement).to.include({ kind: 'request.declined', reason })
    expect((await as(atBureau).requests.get(id)).answer?.reason).to.equal(reason)
  })

  it('have a sentence for each code', () => {
    const codes = JSON.stringify(api.document).matchAll(/- `([A-Z_]+)`/g)
    for (const [, code = ''] of codes) expect(SENTENCES, code).to.have.property(code)
  })
})
