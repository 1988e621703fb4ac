import { expect } from 'chai'
import { MonthlyFigures } from '../../node/core/figures/figures.ts'
import { monthOf } from '../../node/core/figures/month.ts'
import { startTestApi, TOKENS } from '../api/support/api.ts'
import type { TestApi } from '../api/support/api.ts'
import { digestsOnly, postJson } from '../api/support/http.ts'

describe('figures over HTTP', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
    const fields = { area: 12, floor: 8 }
    const material = digestsOnly('a plan', { caseCode: '310110202600001', fields })
    expect((await postJson(api, '/v1/materials', material)).status).to.equal(201)
  })
  after(() => api.close())

  const get = (path: string, token: string = TOKENS.auditor, headers: object = {}) =>
    api.request(path, { headers: { Authorization: `Bearer ${token}`, ...headers } })

  it('are those of this month unless another is asked for', async () => {
    const { month, size, departments } = MonthlyFigures.parse(
      await (await get('/v1/figures')).json(),
    )
    expect([month, size]).to.deep.equal([monthOf(Date.now()), 1])
    expect(departments).to.have.length(1)
    expect(departments[0]).to.include({ department: null, askedFor: 1, typed: 2, exempted: 0 })
    const before = await get('/v1/figures?month=2020-01')
    expect(await before.json()).to.deep.equal({
      month: '2020-01',
      size: 0,
      unreadable: 0,
      departments: [],
    })
  })

  for (const [how, path, headers] of [
    ['by the query', '/v1/figures?format=csv', {}],
    ['by what is accepted', '/v1/figures', { Accept: 'text/csv' }],
  ] as const)
    it(`are a table where one is asked for ${how}`, async () => {
      const response = await get(path, TOKENS.auditor, headers)
      expect(response.headers.get('Content-Type')).to.equal('text/csv; charset=utf-8')
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(bytes.subarray(0, 3).toString('hex')).to.equal('efbbbf')
      const [head = '', row = '', ...rest] = bytes.subarray(3).toString().split('\r\n')
      const columns = head.split(',')
      const cells = row.split(',')
      expect(cells).to.have.length(columns.length)
      expect(cells[columns.indexOf('askedFor')]).to.equal('1')
      expect(cells[columns.indexOf('exemptedShare')]).to.equal('0')
      expect(cells[columns.indexOf('department')]).to.equal('')
      expect(rest).to.deep.equal([''])
    })

  it('are metrics, for this month', async () => {
    const text = await (await get('/metrics')).text()
    expect(text).to.include('onceledger_month_asked_for{department="none"} 1\n')
    expect(text).to.include('onceledger_month_entries_left 0\n')
    expect(text).to.include('onceledger_month_failing 0\n')
    expect(text).not.to.include('onceledger_month_last_material_seconds{')
  })

  for (const [what, path, token, refused] of [
    ['a month that is none', '/v1/figures?month=2026-13', TOKENS.auditor, 'QUERY_MALFORMED'],
    ['a department that is none', '/v1/figures?department=0x1', TOKENS.auditor, 'QUERY_MALFORMED'],
    ['whoever hands in', '/v1/figures', TOKENS.submitter, 'ROLE_MISSING'],
    ['whoever runs the node', '/v1/figures', TOKENS.operator, 'ROLE_MISSING'],
  ] as const)
    it(`are refused to ${what}`, async () => {
      const { code } = (await (await get(path, token)).json()) as { code: string }
      expect(code).to.equal(refused)
    })
})
