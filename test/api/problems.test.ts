import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { SENTENCES, TABLES } from '../../api/http/problems.ts'
import { Problem } from '../../api/http/schema.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { ErrorKind } from '../../node/core/errors.ts'
import { startTestApi } from './support/api.ts'
import { digestsOnly, postJson } from './support/http.ts'

const root = new URL('../../', import.meta.url)
const sources = ['node', 'api'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('http/problems/'))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), 'utf8')),
)

/** Codes that are thrown, directly or by a helper that is given the code. */
function thrownCodes(): Set<string> {
  const thrown = [
    /new LedgerError\(\s*'\w+',\s*'([A-Z0-9_]+)'/g,
    /(?:parseBy|readJson|readWhole|readChunks|parseField|read)\([^)]*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g,
    /\brefuse\('([A-Z0-9_]+)'/g,
    /\bcode: '([A-Z0-9]+(?:_[A-Z0-9]+)*_TOO_LARGE)'/g,
    /params: \{ code(?:: '([A-Z0-9_]+)')? \}/g,
  ]
  const codes = sources.flatMap((source) =>
    thrown.flatMap((pattern) => [...source.matchAll(pattern)].map(([, code]) => code)),
  )
  return new Set(codes.filter((code) => code !== undefined))
}

describe('problems', () => {
  it('have a sentence for every code that is thrown', () => {
    const without = [...thrownCodes()].filter((code) => !(code in SENTENCES))
    expect(without).to.deep.equal([])
  })

  it('have no sentence for a code that nothing throws', () => {
    const dead = Object.keys(SENTENCES).filter(
      (code) => !sources.some((source) => source.includes(`'${code}'`)),
    )
    expect(dead).to.deep.equal([])
  })

  it('have one sentence each', () => {
    const codes = TABLES.flatMap((table) => Object.keys(table))
    expect(codes.filter((code, index) => codes.indexOf(code) < index)).to.deep.equal([])
  })

  it('say in one sentence what is wrong and what to do', () => {
    for (const [code, sentence] of Object.entries(SENTENCES)) {
      expect(code).to.match(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
      expect(sentence, code).to.match(/^[A-Z].*\.$/)
    }
  })

  const statuses: Record<ErrorKind, number> = {
    invalid: 400,
    unauthenticated: 401,
    forbidden: 403,
    notFound: 404,
    conflict: 409,
    tooLarge: 413,
    unverified: 422,
    tooMany: 429,
    corrupt: 500,
    unavailable: 503,
  }
  for (const [kind, status] of Object.entries(statuses)) {
    it(`of kind ${kind} are answered ${status}`, async () => {
      const api = await startTestApi({
        materials: {
          submit: () =>
            Promise.reject(new LedgerError(kind as ErrorKind, 'SOME_CODE', { size: 7 })),
        },
      })
      const response = await postJson(api, '/v1/materials', digestsOnly('x'))
      expect(response.status).to.equal(status)
      expect(response.headers.get('Cache-Control')).to.equal('no-store')
      const problem = Problem.parse(await response.json())
      expect(problem).to.deep.include({ code: 'SOME_CODE', title: 'Some code', status, size: 7 })
      expect(problem.instance).to.match(/^urn:uuid:[0-9a-f-]{36}$/)
      await api.close()
    })
  }

  it('let no detail take the place of a named member', async () => {
    const details = { status: 1, type: 'x', code: 'Y', title: 'z' }
    const api = await startTestApi({
      materials: { submit: () => Promise.reject(new LedgerError('invalid', 'SOME_CODE', details)) },
    })
    const response = await postJson(api, '/v1/materials', digestsOnly('x'))
    expect(await response.json()).to.deep.include({
      status: 400,
      type: '/problems/SOME_CODE',
      code: 'SOME_CODE',
      title: 'Some code',
    })
    await api.close()
  })

  it('have no details that are called like a named member, and so would be lost', () => {
    const details = /new LedgerError\(\s*'\w+',\s*'([A-Z0-9_]+)',\s*\{([^{}]*)\}/g
    const member = /(?:^|,)\s*(?:type|title|status|detail|code|instance)\s*(?:[:,]|$)/
    const lost = sources.flatMap((source) =>
      [...source.matchAll(details)].filter(([, , names = '']) => member.test(names)),
    )
    expect(lost.map(([, code]) => code)).to.deep.equal([])
  })

  it('that nobody foresaw show nothing of the inside, and are logged with their stack', async () => {
    const api = await startTestApi({
      materials: { submit: () => Promise.reject(new Error('secret path /etc/x')) },
    })
    const response = await postJson(api, '/v1/materials', digestsOnly('x'))
    expect(response.status).to.equal(500)
    const text = await response.text()
    expect(text).not.to.include('secret')
    const { code, instance } = JSON.parse(text) as { code: string; instance: string }
    expect(code).to.equal('INTERNAL')
    const [line] = api.logged.filter(({ level }) => level === 50)
    expect(instance).to.equal(`urn:uuid:${String(line?.['requestId'])}`)
    expect(line).to.have.nested.property('err.stack').that.includes('secret path /etc/x')
    await api.close()
  })

  it('have a page each, and one for all', async () => {
    const api = await startTestApi()
    const page = await fetch(`${api.url}/problems/TOKEN_MISSING`)
    expect(page.status).to.equal(200)
    expect(await page.text()).to.include('This needs a token')
    const all = await (await fetch(`${api.url}/problems`)).text()
    for (const code of Object.keys(SENTENCES)) expect(all).to.include(`/problems/${code}"`)
    for (const code of ['NO_SUCH', '__proto__', 'constructor', '<script>']) {
      const none = await fetch(`${api.url}/problems/${encodeURIComponent(code)}`)
      expect(none.status).to.equal(404)
    }
    await api.close()
  })

  it('are logged without ids, queries, names or tokens', async () => {
    const api = await startTestApi()
    await api.request('/v1/materials/very-private-id?name=wang')
    await postJson(api, '/v1/materials', digestsOnly('x', { holder: { name: '王小明' } }))
    expect(api.logged).to.have.length(2)
    const text = JSON.stringify(api.logged)
    for (const secret of ['very-private-id', 'wang', '王小明', 'submitter-token'])
      expect(text).not.to.include(secret)
    expect(api.logged[0]).to.deep.include({
      route: '/v1/materials/{id}',
      principal: 'permits',
      status: 404,
      code: 'MATERIAL_NOT_FOUND',
    })
    await api.close()
  })
})
