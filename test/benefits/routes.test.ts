import { expect } from 'chai'
import { pino } from 'pino'
import { createApp } from '../../api/http/app.ts'
import { createAuthenticator } from '../../api/http/auth.ts'
import type { AccountRole } from '../../api/http/auth.ts'
import { benefitRoutes } from '../../api/http/benefits/routes.ts'
import type { BenefitAccessParts } from '../../api/http/benefits/access.ts'
import { BenefitLineDone, BenefitLineRefused } from '../../api/http/benefits/schema.ts'
import { createLimits } from '../../api/http/limits.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { createOpenApi } from '../../api/http/openapi.ts'
import { listen } from '../../api/http/server.ts'
import type { Listening } from '../../api/http/server.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { CREDENTIALS, OPTIONS, TOKENS } from '../api/support/api.ts'
import { requireDocumented } from '../api/support/documented.ts'
import type { OpenApi } from '../api/support/documented.ts'
import { departmentOf, ID_CARD, openTestBenefits, WANG, ZHAO } from './support/service.ts'
import type { TestBenefits } from './support/service.ts'

const HEALTH = departmentOf('YP-WJW')
const SCIENCE = departmentOf('YP-KW')
const CHECKS = '/v1/benefits/BENEFIT_04/checks'
const GRANTS = '/v1/benefits/BENEFIT_04/grants'
const RUN = `officer=${encodeURIComponent('王科员')}&batch=spring`
const MAX_BATCH = 64 * 1024

const sessionOf = (account: Hex, role: AccountRole = 'user') => `account-${account}-${role}`
const codeOf = async (response: Response) => {
  const { code } = (await response.json()) as { code?: string }
  return `${response.status} ${code}`
}
const lineOf = (value: object) => `${JSON.stringify(value)}\n`

describe('benefits over HTTP', () => {
  let t: TestBenefits
  let server: Listening
  let document: OpenApi
  const [asHealth, asScience] = [HEALTH, SCIENCE].map((one) => sessionOf(one)) as [string, string]

  beforeEach(async () => {
    t = await openTestBenefits(new MemoryKeyValueStore())
    for (const holder of [WANG, ZHAO])
      t.certificates.hold(await t.register(holder), ID_CARD, `card-${holder.code}`)
    const { benefits, catalogue, directory } = t
    const mirror = {
      holders: { boundAccountsOf: () => [] },
    } as unknown as BenefitAccessParts['mirror']
    const routes = benefitRoutes({
      benefits,
      catalogue,
      directory,
      mirror,
      maxBatch: MAX_BATCH,
      wait: 1000,
    })
    const app = createApp({
      routes,
      authenticator: createAuthenticator(CREDENTIALS, { find: findSession }),
      limits: createLimits(OPTIONS),
      metrics: createMetrics(),
      logger: pino({ level: 'silent' }),
      behindProxy: false,
    })
    server = await listen(app, { host: '127.0.0.1', port: 0 })
    document = JSON.parse(JSON.stringify(createOpenApi(routes, 'test'))) as OpenApi
  })
  afterEach(async () => {
    await server.close()
    await t.close()
  })

  async function request(path: string, token: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('Authorization', `Bearer ${token}`)
    const response = await fetch(new URL(path, server.url), { ...init, headers })
    await requireDocumented(init.method ?? 'GET', path, response, document)
    return response
  }
  const post = (path: string, body: string, token = asHealth, headers = {}) =>
    request(path, token, { method: 'POST', body, headers })

  it('answer a batch line by line, of which a bad one spoils no other', async () => {
    const body = [
      lineOf(WANG),
      '{"codeType":\n',
      '\n',
      lineOf({ ...WANG, name: '王' }),
      lineOf({ codeType: '111', code: 'x'.repeat(2000) }),
      JSON.stringify(ZHAO),
    ].join('')
    const response = await post(`${CHECKS}/batch?${RUN}`, body)
    expect(response.status).to.equal(200)
    expect(response.headers.get('Content-Type')).to.equal('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n')
    const results = lines.map((line) => {
      const value: unknown = JSON.parse(line)
      const refused = BenefitLineRefused.safeParse(value)
      if (refused.success) return [refused.data.line, refused.data.problem.code]
      const done = BenefitLineDone.parse(value)
      return [done.line, done.result]
    })
    expect(results).to.deep.equal([
      [1, 'qualified'],
      [2, 'JSON_MALFORMED'],
      [4, 'BENEFIT_SUBJECT_MALFORMED'],
      [5, 'BENEFIT_SUBJECT_MALFORMED'],
      [6, 'unqualified'],
    ])
  })

  it('answer a batch as a table where one is asked for', async () => {
    const response = await post(`${GRANTS}/batch?${RUN}`, lineOf(WANG) + lineOf(ZHAO), asHealth, {
      Accept: 'text/csv',
    })
    const text = Buffer.from(await response.arrayBuffer()).toString()
    const [head, ...rows] = text.trimEnd().split('\r\n')
    expect(head).to.equal('\ufeffline,codeType,code,result,why,period,statement,entry')
    expect(rows[0]).to.match(new RegExp(`^1,111,${WANG.code},granted,,2023,payout-`))
    expect(rows[1]).to.equal(
      `2,111,${ZHAO.code},refused,BENEFIT_NOT_QUALIFIED: 年满65周岁 BENEFIT_CONDITION_FAILED,,,`,
    )
    const again = await post(`${GRANTS}/batch?${RUN}`, lineOf(WANG))
    expect(BenefitLineDone.parse(await again.json()).status).to.equal(200)
  })

  for (const [what, path, body, refused] of [
    ['no officer', `${CHECKS}/batch?batch=b`, lineOf(WANG), '400 QUERY_MALFORMED'],
    ['no name', `${CHECKS}/batch?officer=x`, lineOf(WANG), '400 QUERY_MALFORMED'],
    ['nobody in it', `${CHECKS}/batch?${RUN}`, '', '400 BODY_EMPTY'],
    ['too many in it', `${CHECKS}/batch?${RUN}`, ' '.repeat(MAX_BATCH + 1), '413 BATCH_TOO_LARGE'],
    ['no benefit', `/v1/benefits/NONE/checks/batch?${RUN}`, lineOf(WANG), '404 CATALOGUE_UNKNOWN'],
  ] as const)
    it(`refuse a batch with ${what} as a whole`, async () => {
      expect(await codeOf(await post(path, body))).to.equal(refused)
    })

  it('refuse a batch of a department that does not own it before the first line', async () => {
    const size = t.ledger.size
    const response = await post(`${GRANTS}/batch?${RUN}`, lineOf(WANG), asScience)
    expect(await codeOf(response)).to.equal('403 BENEFIT_NOT_OWNED')
    for (const path of [GRANTS, '/v1/benefits/BENEFIT_04/batches/spring?format=csv'])
      expect(await codeOf(await request(path, asScience))).to.equal('403 BENEFIT_NOT_OWNED')
    expect(t.ledger.size).to.equal(size)
  })

  for (const [what, body, refused] of [
    ['no subject', { officer: 'x' }, '400 BENEFIT_RUN_MALFORMED'],
    ['an officer of no name', { subject: WANG, officer: '' }, '400 BENEFIT_RUN_MALFORMED'],
    [
      'an upload',
      { subject: WANG, officer: 'x', uploads: ['ID_COPY'] },
      '400 BENEFIT_TAKES_NO_UPLOAD',
    ],
  ] as const)
    it(`refuse a check with ${what}`, async () => {
      expect(await codeOf(await post(CHECKS, JSON.stringify(body)))).to.equal(refused)
    })

  it('are run by departments alone', async () => {
    const body = JSON.stringify({ subject: WANG, officer: 'x' })
    for (const [token, refused] of [
      [TOKENS.operator, '403 ACCOUNT_NEEDED'],
      [sessionOf(HEALTH, 'holder'), '403 ROLE_MISSING'],
      [sessionOf(HEALTH, 'auditor'), '403 ROLE_MISSING'],
    ] as const)
      expect(await codeOf(await post(CHECKS, body, token))).to.equal(refused)
  })

  it('page through what a batch found', async () => {
    await (await post(`${CHECKS}/batch?${RUN}`, lineOf(WANG) + lineOf(ZHAO))).text()
    const path = '/v1/benefits/BENEFIT_04/batches/spring'
    const first = (await (await request(`${path}?limit=1`, asHealth)).json()) as Page
    expect(first.records.map(({ statement }) => statement.subject)).to.deep.equal([ZHAO])
    expect(first.records[0]?.reasons?.map(({ condition }) => condition)).to.deep.equal([
      '年满65周岁',
    ])
    const next = `${path}?limit=1&cursor=${first.next}`
    const second = (await (await request(next, asHealth)).json()) as Page
    expect(second.records.map(({ statement }) => statement.subject)).to.deep.equal([WANG])
    expect(second.next).to.equal(undefined)
  })

  it('tell nobody else what was found', async () => {
    const body = JSON.stringify({ subject: WANG, officer: 'x' })
    const checked = await post(CHECKS, body)
    expect(checked.status).to.equal(201)
    const path = checked.headers.get('Location') ?? ''
    expect((await request(path, asHealth)).status).to.equal(200)
    for (const one of [path, `${path}/evidence`])
      expect(await codeOf(await request(one, asScience))).to.equal('403 BENEFIT_RECORD_NOT_YOURS')
    expect(await codeOf(await request('/v1/benefit-records/none', asHealth))).to.equal(
      '404 BENEFIT_RECORD_NOT_FOUND',
    )
  })
})

interface Page {
  readonly records: readonly {
    readonly statement: { readonly subject: object }
    readonly reasons?: readonly { readonly condition?: string }[]
  }[]
  readonly next?: string
}

/** Whoever the token names; what the chain says of accounts is tried elsewhere. */
async function principalOf(account: Hex, role: AccountRole) {
  const isHolder = role === 'holder'
  return {
    name: isHolder ? `account ${account}` : `department ${account}`,
    account,
    roles: new Set([role]),
    expiresAt: Number.MAX_SAFE_INTEGER,
    onEnd: () => () => {},
    ...(!isHolder && { department: account }),
  }
}

function findSession(token: string) {
  const [, account, role] = /^account-(0x[0-9a-f]{40})-(\w+)$/.exec(token) ?? []
  return account === undefined ? undefined : principalOf(account as Hex, role as AccountRole)
}
