import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import { CREDENTIALS, startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { createAuthenticator } from '../../api/http/auth.ts'
import { codeIn, digestsOnly, postJson, sha256 } from './support/http.ts'
import { until } from './support/until.ts'

describe('access', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const withHeader = (path: string, authorization: string) =>
    fetch(`${api.url}${path}`, { headers: authorization ? { Authorization: authorization } : {} })

  for (const path of [
    '/v1/entries/0',
    '/v1/anchors',
    '/log/checkpoint',
    '/.well-known/onceledger',
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/docs',
    '/problems',
  ]) {
    it(`needs no token for ${path}`, async () => {
      expect([200, 404]).to.include((await withHeader(path, '')).status)
    })
  }

  for (const [authorization, code] of [
    ['', 'TOKEN_MISSING'],
    ['Basic dXNlcjpwYXNz', 'TOKEN_MISSING'],
    ['Bearer', 'TOKEN_MISSING'],
    ['Bearer wrong-token-000000', 'TOKEN_UNKNOWN'],
    [`Bearer ${TOKENS.submitter}x`, 'TOKEN_UNKNOWN'],
    // Its digest is no token: whoever reads the configuration cannot use it.
    [`Bearer ${sha256(TOKENS.submitter)}`, 'TOKEN_UNKNOWN'],
  ] as const) {
    it(`refuses ${authorization.slice(0, 20) || 'no header'}: ${code}`, async () => {
      const response = await withHeader('/v1/materials/m', authorization)
      expect(response.status).to.equal(401)
      expect(response.headers.get('WWW-Authenticate')).to.equal(
        code === 'TOKEN_MISSING'
          ? 'Bearer realm="onceledger"'
          : 'Bearer realm="onceledger", error="invalid_token"',
      )
      expect(await codeIn(response)).to.equal(code)
    })
  }

  const matrix = {
    'POST /v1/materials': ['submitter'],
    'POST /v1/materials/batch': ['submitter'],
    'GET /v1/materials/none': ['submitter', 'auditor'],
    'DELETE /v1/materials/none': ['submitter', 'operator'],
    'POST /v1/materials/none/withdrawal': ['submitter', 'operator'],
    'POST /v1/materials/none/release': ['submitter', 'operator'],
    'GET /v1/quarantine': ['submitter', 'auditor'],
    'GET /v1/audit': ['auditor', 'operator'],
    'GET /metrics': ['auditor', 'operator'],
    'GET /v1/backup': ['operator'],
  }
  for (const [operation, allowed] of Object.entries(matrix)) {
    for (const role of ['submitter', 'auditor', 'operator'] as const) {
      const may = allowed.includes(role)
      it(`lets ${may ? 'a' : 'no'} ${role} ${operation}`, async () => {
        const [method = '', path = ''] = operation.split(' ')
        const response = await api.request(path, {
          method,
          headers: { Authorization: `Bearer ${TOKENS[role]}` },
        })
        if (may) expect(response.status).not.to.equal(403)
        else expect(await codeIn(response)).to.equal('ROLE_MISSING')
      })
    }
  }

  it('knows a token by its digest alone', async () => {
    const [{ name, roles } = { name: '', roles: [] }] = CREDENTIALS
    const authenticator = createAuthenticator([{ name, roles, sha256: sha256('a-secret-token') }])
    const principal = await authenticator.authenticate('Bearer a-secret-token')
    expect(principal.name).to.equal('permits')
    expect(() => authenticator.authenticate('Bearer other')).to.throw(LedgerError, 'TOKEN_UNKNOWN')
  })
})

describe('limits', () => {
  it('turn a principal away that asks too often, and say when to come back', async () => {
    const api = await startTestApi({ rate: 2 })
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.request('/v1/materials/none')),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).to.have.length(2)
    expect(refused[0]?.headers.get('Retry-After')).to.equal('1')
    expect(await codeIn(refused[0] ?? new Response('{}'))).to.equal('RATE_LIMITED')
    const other = await api.request('/v1/materials/none', {
      headers: { Authorization: `Bearer ${TOKENS.other}` },
    })
    expect(other.status).to.equal(404)
    await api.close()
  })

  it('turn an address away that asks too often without a token', async () => {
    const api = await startTestApi({ publicRate: 2 })
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => fetch(`${api.url}/log/checkpoint`)),
    )
    expect(answers.filter(({ status }) => status === 429)).to.have.length(2)
    await api.close()
  })

  it('turn an address away that tries one token after another', async () => {
    const api = await startTestApi({ publicRate: 2 })
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        fetch(`${api.url}/metrics`, { headers: { Authorization: `Bearer guess-${i}` } }),
      ),
    )
    expect(answers.map(({ status }) => status)).to.have.members([401, 401, 429, 429])
    await api.close()
  })

  it('tell addresses apart behind a proxy, by what the proxy says, and only there', async () => {
    for (const behindProxy of [true, false]) {
      const api = await startTestApi({ publicRate: 1, behindProxy })
      const answers = await Promise.all(
        ['10.9.9.9, 10.0.0.1', '10.9.9.9, 10.0.0.2'].map((address) =>
          fetch(`${api.url}/healthz`, { headers: { 'X-Forwarded-For': address } }),
        ),
      )
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused).to.have.length(behindProxy ? 0 : 1)
      await api.close()
    }
  })

  it('turn a principal away that has too many requests under way, until one ends', async () => {
    const gate = Promise.withResolvers<void>()
    let underWay = 0
    const api = await startTestApi({
      concurrency: 2,
      materials: {
        async get(id) {
          underWay += 1
          await gate.promise
          throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
        },
      },
    })
    const waiting = [1, 2].map(() => api.request('/v1/materials/slow'))
    await until(() => underWay === 2)
    const third = await api.request('/v1/materials/one-more')
    expect(await codeIn(third)).to.equal('CONCURRENCY_LIMITED')
    gate.resolve()
    await Promise.all(waiting)
    const fourth = await api.request('/v1/materials/one-more')
    expect(await codeIn(fourth)).to.equal('MATERIAL_NOT_FOUND')
    await api.close()
  })

  it('of the ledger itself are answered 429 with Retry-After', async () => {
    const api = await startTestApi({
      materials: {
        submit: async () => {
          throw new LedgerError('tooMany', 'LEDGER_BUSY', { waiting: 9 })
        },
      },
    })
    const response = await postJson(api, '/v1/materials', digestsOnly('x'))
    expect(response.status).to.equal(429)
    expect(response.headers.get('Retry-After')).to.equal('1')
    expect(await codeIn(response)).to.equal('LEDGER_BUSY')
    await api.close()
  })
})
