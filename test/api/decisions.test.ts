import { expect } from 'chai'
import { Material, QuarantinePage } from '../../api/http/materials/schema.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { codeIn, digestsOnly, postJson, postRaw, SUBMISSION } from './support/http.ts'

const REASON = { reason: 'compared with the paper' }
const HOLDER = { codeType: '001', code: '91310110MADEM002XN' }
/** One character is wrong. */
const DOUBTFUL = { holder: { ...HOLDER, code: '91310110MADEM002XA' }, unsound: 'quarantine' }
const as = (token: string) => ({ Authorization: `Bearer ${token}` })

describe('a material that was handed in', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi()
  })
  afterEach(() => api.close())

  const submit = (id: string, rest: object = {}) =>
    postJson(api, '/v1/materials', digestsOnly(id, { id, holder: HOLDER, ...rest }))
  const decide = (path: string, body: unknown = REASON, headers = {}) =>
    api.request(`/v1/materials/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  const standing = async (id: string) => {
    const response = await api.request(`/v1/materials/${id}`)
    return ((await response.json()) as { standing: object }).standing
  }
  const decisions = async (id: string, token: string = TOKENS.submitter) => {
    const response = await api.request(`/v1/materials/${id}`, { headers: as(token) })
    return Material.parse(await response.json()).decisions
  }
  const quarantine = async (headers = {}, query = '') => {
    const response = await api.request(`/v1/quarantine${query}`, { headers })
    expect(response.status).to.equal(200)
    return QuarantinePage.parse(await response.json())
  }

  it('is withdrawn once, with evidence, and says so from then on', async () => {
    await submit('m-1')
    expect(await standing('m-1')).to.deep.equal({ state: 'current' })
    const first = await decide('m-1/withdrawal')
    expect(first.status).to.equal(201)
    const { statement } = parseEvidence(await first.text())
    expect(statement).to.deep.include({ kind: 'material.withdrawn', by: 'permits', ...REASON })
    expect((await decide('m-1/withdrawal')).status).to.equal(200)
    const other = await decide('m-1/withdrawal', { reason: 'another' })
    expect([other.status, await codeIn(other)]).to.deep.equal([409, 'MATERIAL_WITHDRAWN'])
    expect(await standing('m-1')).to.deep.include({ state: 'withdrawn', by: statement.id })
  })

  it('is superseded by a later version, which has to be of the same holder and type', async () => {
    await submit('m-1')
    for (const [rest, code] of [
      [{ holder: undefined }, 'MATERIAL_SUPERSEDES_OTHER'],
      [{ type: 'T2' }, 'MATERIAL_SUPERSEDES_OTHER'],
      [{ supersedes: 'm-0' }, 'MATERIAL_NOT_FOUND'],
    ] as const) {
      const refused = await submit('m-x', { supersedes: 'm-1', ...rest })
      expect(await codeIn(refused)).to.equal(code)
    }
    expect((await submit('m-2', { supersedes: 'm-1' })).status).to.equal(201)
    expect(await standing('m-1')).to.deep.include({ state: 'superseded', by: 'm-2' })
    const late = await submit('m-3', { supersedes: 'm-1' })
    expect([late.status, await codeIn(late)]).to.deep.equal([409, 'MATERIAL_SUPERSEDED'])
  })

  it('may not choose an id that the ledger gives', async () => {
    expect(await codeIn(await submit('use-1'))).to.equal('MATERIAL_ID_RESERVED')
  })

  it('is refused for a wrong check character, or quarantined, released and rejected', async () => {
    const { unsound: _, ...refused } = DOUBTFUL
    expect(await codeIn(await submit('m-0', refused))).to.equal('USCC_CHECK_CHARACTER_WRONG')
    for (const id of ['m-1', 'm-2']) expect((await submit(id, DOUBTFUL)).status).to.equal(201)
    expect(await standing('m-1')).to.deep.equal({
      state: 'quarantined',
      code: 'USCC_CHECK_CHARACTER_WRONG',
    })
    expect((await quarantine()).materials.map(({ id }) => id)).to.deep.equal(['m-2', 'm-1'])
    expect((await decide('m-1/release')).status).to.equal(201)
    expect((await decide('m-2/rejection')).status).to.equal(201)
    expect(await standing('m-1')).to.deep.equal({ state: 'current' })
    expect(await standing('m-2')).to.deep.include({ state: 'rejected' })
    expect((await quarantine()).materials).to.deep.equal([])
    expect(await codeIn(await decide('m-2/release'))).to.equal('MATERIAL_DECIDED')
    await submit('m-3')
    expect(await codeIn(await decide('m-3/release'))).to.equal('MATERIAL_NOT_QUARANTINED')
  })

  it('is shown in quarantine to whoever handed it in, and to auditors, in pages', async () => {
    for (const id of ['m-1', 'm-2', 'm-3']) await submit(id, DOUBTFUL)
    expect((await quarantine(as(TOKENS.other))).materials).to.deep.equal([])
    const first = await quarantine(as(TOKENS.auditor), '?limit=2')
    expect(first.materials.map(({ id }) => id)).to.deep.equal(['m-3', 'm-2'])
    const second = await quarantine(as(TOKENS.auditor), `?limit=2&cursor=${first.next}`)
    expect(second.materials.map(({ id }) => id)).to.deep.equal(['m-1'])
    expect(second).not.to.have.property('next')
    const bad = await api.request('/v1/quarantine?cursor=x')
    expect(await codeIn(bad)).to.equal('QUERY_MALFORMED')
  })

  it('is decided about by whoever handed it in, or runs the ledger', async () => {
    await submit('m-1', DOUBTFUL)
    for (const path of ['m-1/release', 'm-1/rejection', 'm-1/withdrawal']) {
      const foreign = await decide(path, REASON, as(TOKENS.other))
      expect([foreign.status, await codeIn(foreign)]).to.deep.equal([403, 'MATERIAL_NOT_YOURS'])
      const reader = await decide(path, REASON, as(TOKENS.auditor))
      expect([reader.status, await codeIn(reader)]).to.deep.equal([403, 'ROLE_MISSING'])
    }
    const released = await decide('m-1/release', REASON, as(TOKENS.operator))
    expect(parseEvidence(await released.text()).statement).to.include({ by: 'operator' })
  })

  it('says what was decided about it, by whom, when and why', async () => {
    for (const id of ['m-1', 'm-2', 'm-3']) await submit(id, DOUBTFUL)
    const released = { reason: '已核对原件' }
    const rejected = { reason: 'No such number' }
    const withdrawn = { reason: 'The lease ended' }
    expect(await decisions('m-1')).to.equal(undefined)
    const made = [
      await decide('m-1/release', released),
      await decide('m-1/withdrawal', withdrawn, as(TOKENS.operator)),
      await decide('m-2/rejection', rejected),
      await decide('m-3/withdrawal', withdrawn),
      await decide('m-3/release', released),
    ]
    const logged = await Promise.all(
      made.map(async (response) => {
        const { statement, entry } = parseEvidence(await response.text())
        return { id: statement.id, at: entry.at }
      }),
    )
    const told = (i: number, kind: string, why: object, by = 'permits') => ({
      ...logged[i],
      kind: `material.${kind}`,
      by,
      ...why,
    })
    const first = [told(0, 'released', released), told(1, 'withdrawn', withdrawn, 'operator')]
    expect(await decisions('m-1')).to.deep.equal(first)
    expect(await decisions('m-2')).to.deep.equal([told(2, 'rejected', rejected)])
    expect(await decisions('m-3')).to.deep.equal([
      told(3, 'withdrawn', withdrawn),
      told(4, 'released', released),
    ])
    expect(await decisions('m-1', TOKENS.auditor)).to.deep.equal(first)
    const foreign = await api.request('/v1/materials/m-1', { headers: as(TOKENS.other) })
    expect([foreign.status, await codeIn(foreign)]).to.deep.equal([403, 'MATERIAL_NOT_YOURS'])
    await api.request('/v1/materials/m-1', {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'x', legalBasis: 'y' }),
      headers: { 'Content-Type': 'application/json' },
    })
    expect(await decisions('m-1')).to.equal(undefined)
  })

  it('is decided about for a reason, and only while it is there', async () => {
    await submit('m-1')
    for (const body of [{}, { reason: '' }, { reason: 'a\nb' }, { ...REASON, by: 'mayor' }])
      expect(await codeIn(await decide('m-1/withdrawal', body))).to.equal('DECISION_MALFORMED')
    expect(await codeIn(await decide('none/withdrawal'))).to.equal('MATERIAL_NOT_FOUND')
    await api.request('/v1/materials/m-1', {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'x', legalBasis: 'y' }),
      headers: { 'Content-Type': 'application/json' },
    })
    expect(await codeIn(await decide('m-1/withdrawal'))).to.equal('MATERIAL_ERASED')
    expect(await standing('m-1')).to.deep.equal({ state: 'erased' })
  })

  it('gives bytes that it shares with another, also when that is gone', async () => {
    for (const id of ['m-1', 'm-2'])
      await postRaw(api, 'the same', { submission: { ...SUBMISSION, id, holder: HOLDER } })
    await api.request('/v1/materials/m-1', {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'x', legalBasis: 'y' }),
      headers: { 'Content-Type': 'application/json' },
    })
    expect(await (await api.request('/v1/materials/m-2/content')).text()).to.equal('the same')
  })
})
