import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import { until } from './support/until.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import {
  codeIn,
  contentDigest,
  digestsOnly,
  postJson,
  postRaw,
  SUBMISSION,
} from './support/http.ts'

const CONTENT = '0123456789abcdef'

const as = (token: string) => ({ Authorization: `Bearer ${token}` })

describe('a material', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi()
    await postRaw(api, CONTENT, { submission: { ...SUBMISSION, id: 'm-1' } })
    await postJson(api, '/v1/materials', digestsOnly('elsewhere', { id: 'm-2' }))
  })
  afterEach(() => api.close())

  const content = (headers: Record<string, string> = {}) =>
    api.request('/v1/materials/m-1/content', { headers })

  function erase(id: string, body: unknown = REASON, headers = {}): Promise<Response> {
    return api.request(`/v1/materials/${id}`, {
      method: 'DELETE',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  }
  const REASON = { reason: 'handed in by mistake', legalBasis: 'PIPL Art. 47' }

  it('is shown to whoever handed it in', async () => {
    const response = await api.request('/v1/materials/m-1')
    expect(response.status).to.equal(200)
    expect(await response.json())
      .to.deep.include({ id: 'm-1', index: 0, erased: false })
      .and.to.have.nested.property('statement.submitter', 'permits')
  })

  it('gives its content, saved and never shown', async () => {
    const response = await content()
    expect(response.status).to.equal(200)
    expect(Object.fromEntries(response.headers)).to.include({
      'content-type': 'text/plain',
      'content-length': String(CONTENT.length),
      'content-disposition': 'attachment; filename="m-1"',
      'x-content-type-options': 'nosniff',
      'repr-digest': contentDigest(CONTENT),
      'accept-ranges': 'bytes',
    })
    expect(await response.text()).to.equal(CONTENT)
  })

  for (const [range, part, label] of [
    ['bytes=0-3', '0123', 'bytes 0-3/16'],
    ['bytes=10-', 'abcdef', 'bytes 10-15/16'],
    ['bytes=-2', 'ef', 'bytes 14-15/16'],
    ['bytes=4-999', '456789abcdef', 'bytes 4-15/16'],
  ] as const) {
    it(`gives the range ${range}`, async () => {
      const response = await content({ Range: range })
      expect(response.status).to.equal(206)
      expect(response.headers.get('Content-Range')).to.equal(label)
      expect(await response.text()).to.equal(part)
    })
  }

  for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=x-y', 'bytes']) {
    it(`gives the whole when asked for ${range}`, async () => {
      const response = await content({ Range: range })
      expect(response.status).to.equal(200)
      expect(await response.text()).to.equal(CONTENT)
    })
  }

  it('refuses a range beyond its end', async () => {
    const response = await content({ Range: 'bytes=16-20' })
    expect(response.status).to.equal(416)
    expect(response.headers.get('Content-Range')).to.equal('bytes */16')
    expect(await codeIn(response)).to.equal('RANGE_UNSATISFIABLE')
  })

  it('is not sent again to whoever has it', async () => {
    const etag = (await content()).headers.get('ETag') ?? ''
    expect((await content({ 'If-None-Match': etag })).status).to.equal(304)
    expect((await content({ 'If-None-Match': '"other"' })).status).to.equal(200)
    expect((await content({ Range: 'bytes=0-1', 'If-Range': etag })).status).to.equal(206)
    expect((await content({ Range: 'bytes=0-1', 'If-Range': '"other"' })).status).to.equal(200)
  })

  it('answers HEAD without its content', async () => {
    const response = await api.request('/v1/materials/m-1/content', { method: 'HEAD' })
    expect(response.status).to.equal(200)
    expect(response.headers.get('Content-Length')).to.equal('16')
    expect(await response.text()).to.equal('')
  })

  it('whose content stayed elsewhere has none to give', async () => {
    const response = await api.request('/v1/materials/m-2/content')
    expect(response.status).to.equal(404)
    expect(await codeIn(response)).to.equal('CONTENT_NOT_KEPT')
  })

  it('gives its evidence, with the anchor once there is one', async () => {
    const before = await api.request('/v1/materials/m-1/evidence')
    expect(parseEvidence(await before.text()).anchors).to.have.length(0)
    const waiting = api.request('/v1/materials/m-1/evidence?wait=anchored')
    await api.anchoring.anchor()
    expect(parseEvidence(await (await waiting).text()).anchors).to.have.length(1)
  })

  it('gives up waiting when the client does', async () => {
    const gone = new AbortController()
    const waiting = api.request('/v1/materials/m-1/evidence?wait=anchored', {
      signal: gone.signal,
    })
    await until(() => api.anchoring.waiting > 0)
    gone.abort()
    await waiting.catch(() => {})
    await until(() => api.anchoring.waiting === 0)
  })

  it('is hidden from other submitters, and auditors see masks of it alone', async () => {
    for (const path of ['', '/content', '/evidence']) {
      const other = await api.request(`/v1/materials/m-1${path}`, { headers: as(TOKENS.other) })
      expect(other.status).to.equal(403)
      expect(await codeIn(other)).to.equal('MATERIAL_NOT_YOURS')
      const auditor = await api.request(`/v1/materials/m-1${path}`, { headers: as(TOKENS.auditor) })
      expect(auditor.status).to.equal(path === '' ? 200 : 403)
      const operator = await api.request(`/v1/materials/m-1${path}`, {
        headers: as(TOKENS.operator),
      })
      expect(operator.status).to.equal(403)
      expect(await codeIn(operator)).to.equal('ROLE_MISSING')
    }
  })

  it('is shown to auditors without its holder and with its fields masked', async () => {
    const said = {
      id: 'm-3',
      title: '王小明的租赁合同',
      holder: { codeType: '001', code: '91310110MADEM0011Y' },
      fields: { name: '王小明', days: [1, 2] },
    }
    await postJson(api, '/v1/materials', digestsOnly('elsewhere', said))
    const shown = await (
      await api.request('/v1/materials/m-3', { headers: as(TOKENS.auditor) })
    ).json()
    expect(shown).to.have.deep.nested.property('statement.fields', { name: '***', days: '***' })
    expect(shown).not.to.have.nested.property('statement.holder')
    expect(JSON.stringify(shown)).not.to.include('王小明')
    const own = await (await api.request('/v1/materials/m-3')).json()
    expect(own).to.have.deep.nested.property('statement.fields', said.fields)
  })

  it('that nobody handed in is not found', async () => {
    for (const path of ['/v1/materials/none', '/v1/materials/none/content']) {
      const response = await api.request(path)
      expect(response.status).to.equal(404)
      expect(await codeIn(response)).to.equal('MATERIAL_NOT_FOUND')
    }
  })

  it('is erased for good, with evidence of who did it and why', async () => {
    const response = await erase('m-1')
    expect(response.status).to.equal(200)
    expect(parseEvidence(await response.text()).statement).to.deep.include({
      kind: 'material.erased',
      material: 'm-1',
      by: 'permits',
      ...REASON,
    })
    expect(await (await api.request('/v1/materials/m-1')).json()).to.deep.include({ erased: true })
    for (const path of ['content', 'evidence']) {
      const gone = await api.request(`/v1/materials/m-1/${path}`)
      expect(gone.status).to.equal(404)
      expect(await codeIn(gone)).to.equal('MATERIAL_ERASED')
    }
    const again = await erase('m-1', { ...REASON, reason: 'another' })
    expect(again.status).to.equal(409)
    expect(await codeIn(again)).to.equal('MATERIAL_ERASED')
  })

  it('is erased by an operator too, not by another submitter or an auditor', async () => {
    expect((await erase('m-1', REASON, as(TOKENS.other))).status).to.equal(403)
    expect((await erase('m-1', REASON, as(TOKENS.auditor))).status).to.equal(403)
    expect((await erase('m-1', REASON, as(TOKENS.operator))).status).to.equal(200)
  })

  for (const body of [
    {},
    { reason: 'why' },
    { ...REASON, by: 'somebody' },
    { ...REASON, reason: '' },
  ]) {
    it(`is not erased for ${JSON.stringify(body)}`, async () => {
      const response = await erase('m-1', body)
      expect(response.status).to.equal(400)
      expect(await codeIn(response)).to.equal('ERASURE_MALFORMED')
    })
  }
})
