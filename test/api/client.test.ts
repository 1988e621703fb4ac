import { expect } from 'chai'
import { build } from 'esbuild'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OnceClient } from '../../api/client/index.ts'
import type { BatchResult, Content } from '../../api/client/index.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import { finding } from '../../node/ledger/audit/findings.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { codeOf } from '../support/codes.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { soundAudit } from './support/audit.ts'
import { digestsOnly, sha256 } from './support/http.ts'

const SUBMISSION = { type: 'T1', content: { mediaType: 'text/plain' } }
const elsewhere = (content: string, rest: object = {}) =>
  digestsOnly(content, rest) as MaterialSubmission

async function* manySubmissions(): AsyncGenerator<MaterialSubmission> {
  for (let i = 0; i < 4_500; i++) yield elsewhere(`b${i}`, i === 3_000 ? { type: '' } : {})
}

describe('the client', () => {
  let api: TestApi
  let client: OnceClient
  before(async () => {
    api = await startTestApi({ audit: () => soundAudit([finding('ANCHOR_PENDING', 'entry 1')]) })
    client = new OnceClient({ url: api.url, token: TOKENS.submitter })
  })
  after(() => api.close())

  const as = (token: string) => new OnceClient({ url: api.url, token })
  const keptOf = async (id: string) => String(await api.contentOf(id))

  const contents: [kind: string, content: (text: string) => Content][] = [
    ['bytes', (text) => Uint8Array.from(Buffer.from(text))],
    ['a file', (text) => new Blob([text], { type: 'text/plain' })],
    ['a stream', (text) => new Blob([text]).stream()],
  ]
  for (const [kind, content] of contents) {
    it(`hands in ${kind}`, async () => {
      const { id, created, evidence } = await client.submit(SUBMISSION, content(`as ${kind}`))
      expect(created).to.equal(true)
      expect(parseEvidence(evidence).statement.id).to.equal(id)
      expect(await keptOf(id)).to.equal(`as ${kind}`)
    })

    it(`hands in ${kind} with a statement too long for a header`, async () => {
      const long = { ...SUBMISSION, fields: { long: '长'.repeat(9_000) } }
      const { id } = await client.submit(long, content(`long ${kind}`))
      expect(await keptOf(id)).to.equal(`long ${kind}`)
    })

    it(`hands in ${kind} whose digest the caller knows`, async () => {
      const digests = [`sha-256:${sha256(`known ${kind}`)}`]
      const submission = { ...SUBMISSION, content: { ...SUBMISSION.content, digests } }
      const { id } = await client.submit(submission, content(`known ${kind}`))
      expect(await keptOf(id)).to.equal(`known ${kind}`)
    })
  }

  it('hands in digests alone, and the same again', async () => {
    const options = { idempotencyKey: 'key-1' }
    const first = await client.submit(elsewhere('digests'), undefined, options)
    const second = await client.submit(elsewhere('digests'), undefined, options)
    expect([first.created, second.created]).to.deep.equal([true, false])
    expect(second).to.deep.include({ id: first.id, evidence: first.evidence })
  })

  it('waits for the anchor', async () => {
    const submitting = client.submit(elsewhere('anchored'), undefined, { anchored: 20 })
    const size = api.ledger.size
    while (api.ledger.size === size) await new Promise(setImmediate)
    const { size: anchored } = await api.anchoring.anchor()
    expect(parseEvidence((await submitting).evidence).anchors).to.have.length(1)
    expect((await client.log.anchorsAt(anchored)).anchors).to.have.length(1)
    const all = await Array.fromAsync(client.log.anchors())
    expect(all.map((anchor) => anchor.size)).to.include(anchored)
  })

  it('hands in a batch of many requests, in order, with what is wrong', async () => {
    const results = await Array.fromAsync(
      client.submitBatch(manySubmissions(), { evidence: false }),
    )
    expect(results.map(({ line }) => line)).to.deep.equal(results.map((_, i) => i + 1))
    const refused = results.filter((result) => 'error' in result)
    expect(refused).to.have.length(1)
    expect(refused[0]).to.have.property('line', 3_001)
    expect(refused[0]?.error.code).to.equal('SUBMISSION_MALFORMED')
    const last = results.at(-1) as Extract<BatchResult, { index: number }>
    expect(await api.ledger.findIndex(last.id)).to.equal(last.index)
  })

  it('gets evidence of each line', async () => {
    const [result] = await Array.fromAsync(
      client.submitBatch([elsewhere('line', { id: 'line-1' })]),
    )
    if (result === undefined || 'error' in result) throw new TypeError('refused')
    expect(parseEvidence(result.evidence ?? '').statement.id).to.equal('line-1')
  })

  it('reads a material, its content and its evidence, and erases it', async () => {
    const { id, evidence } = await client.submit(SUBMISSION, new Blob(['to be erased']))
    expect(await client.material(id)).to.deep.include({ id, erased: false })
    const whole = await client.content(id)
    expect(whole).to.include({ size: 12, mediaType: 'text/plain' })
    expect(await new Response(whole.bytes).text()).to.equal('to be erased')
    const part = await client.content(id, { start: 3, end: 4 })
    expect(part.size).to.equal(12)
    expect(await new Response(part.bytes).text()).to.equal('be')
    const { statement } = parseEvidence(await client.evidence(id))
    expect(statement).to.deep.equal(parseEvidence(evidence).statement)
    const erasure = await client.erase(id, { reason: 'why', legalBasis: 'law' })
    expect(parseEvidence(erasure).statement).to.have.property('material', id)
    expect(await codeOf(client.content(id))).to.equal('MATERIAL_ERASED')
  })

  it('asks the ledger for a verdict', async () => {
    const { evidence } = await client.submit(SUBMISSION, new Blob(['verified']))
    const anyone = new OnceClient({ url: api.url })
    const contentCheck = async (content?: Blob) => {
      const { checks } = await anyone.verify(evidence, content)
      return checks.find(({ check }) => check === 'content')?.code
    }
    expect(await contentCheck()).to.equal('CONTENT_NOT_GIVEN')
    expect(await contentCheck(new Blob(['verified']))).to.equal('CONTENT_MATCHES')
    expect(await contentCheck(new Blob(['Verified']))).to.equal('CONTENT_DIGEST_MISMATCH')
  })

  it('reads the public log', async () => {
    const anyone = new OnceClient({ url: `${api.url}/` })
    expect(await anyone.log.checkpoint()).to.equal(api.ledger.checkpoint())
    expect(await anyone.log.tile(0, 0, 2)).to.have.length(64)
    expect((await anyone.log.entryBundle(0, 1)).length).to.be.greaterThan(100)
    expect(await anyone.log.entry(0)).to.have.property('index', 0)
    expect(await anyone.describe()).to.have.property('logKey', api.ledger.logKey)
  })

  it('reads an audit to its end', async () => {
    const lines = await Array.fromAsync(as(TOKENS.auditor).audit())
    expect(lines[0]).to.have.property('code', 'ANCHOR_PENDING')
    expect(lines.at(-1)).to.have.property('end', true)
  })

  it('throws what the ledger refuses as the same error, with its details', async () => {
    const error = await client.material('no-such').catch((thrown: unknown) => thrown)
    expect(isLedgerError(error, 'MATERIAL_NOT_FOUND')).to.equal(true)
    expect(error).to.deep.include({ kind: 'notFound' })
    expect(error).to.have.nested.property('details.detail').that.includes('check it')
    expect(await codeOf(new OnceClient({ url: api.url }).material('x'))).to.equal('TOKEN_MISSING')
  })

  it('runs in a browser', async () => {
    const { outputFiles } = await build({
      entryPoints: ['api/client/index.ts'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    })
    expect(outputFiles[0]?.text).not.to.match(/from ["']node:/)
  })
})

async function serving<T>(
  listener: RequestListener,
  use: (client: OnceClient) => Promise<T>,
): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await use(new OnceClient({ url: `http://127.0.0.1:${port}` }))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
const busy = (seconds: string) => ({ 'Retry-After': seconds, 'Content-Type': 'application/json' })

describe('the client, when things go wrong', () => {
  it('tries again what may pass, under the same Idempotency-Key', async () => {
    const keys: (string | undefined)[] = []
    const result = await serving(
      (req, res) => {
        keys.push(req.headers['idempotency-key'] as string | undefined)
        req.resume()
        if (keys.length === 1) res.writeHead(503, busy('0')).end('{"code":"STORE_FULL"}')
        else if (keys.length === 2) res.writeHead(429, busy('0')).end('{"code":"RATE_LIMITED"}')
        else if (keys.length === 3) res.socket?.destroy()
        else res.writeHead(201, { Location: '/v1/materials/m-1' }).end('{}')
      },
      (client) => client.submit(elsewhere('x')),
    )
    expect(result).to.deep.equal({ id: 'm-1', created: true, evidence: '{}' })
    expect(keys).to.have.length(4)
    expect(new Set(keys).size).to.equal(1)
  })

  it('gives up in the end, with the last reason', async () => {
    let tries = 0
    const code = await serving(
      (_req, res) => {
        tries += 1
        res.writeHead(503, busy('0')).end('{"code":"STORE_FULL"}')
      },
      (client) => codeOf(client.log.checkpoint()),
    )
    expect([code, tries]).to.deep.equal(['STORE_FULL', 5])
  })

  it('does not repeat what time does not heal, nor a wait for an anchor', async () => {
    for (const [status, code] of [
      [400, 'SUBMISSION_MALFORMED'],
      [409, 'STATEMENT_ID_TAKEN'],
      [500, 'LEDGER_STOPPED'],
      [503, 'ANCHOR_TIMEOUT'],
    ] as const) {
      let tries = 0
      const thrown = await serving(
        (_req, res) => {
          tries += 1
          res.writeHead(status, busy('0')).end(JSON.stringify({ code }))
        },
        (client) => codeOf(client.log.checkpoint()),
      )
      expect([thrown, tries]).to.deep.equal([code, 1])
    }
  })

  it('does not repeat a stream, which is gone', async () => {
    let tries = 0
    const code = await serving(
      (req, res) => {
        tries += 1
        req.resume()
        req.on('end', () => res.writeHead(503, busy('0')).end('{"code":"STORE_FULL"}'))
      },
      (client) => codeOf(client.submit(SUBMISSION, new Blob(['x']).stream())),
    )
    expect([code, tries]).to.deep.equal(['STORE_FULL', 1])
  })

  it('sends a part of a batch again whose answer broke off', async () => {
    let tries = 0
    const line = JSON.stringify({ line: 1, status: 201, id: 'a', index: 0 })
    const results = await serving(
      (req, res) => {
        tries += 1
        req.resume()
        res.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
        if (tries === 1) res.end(`${line}\n`)
        else res.end(`${line}\n${line.replace('"line":1', '"line":2')}\n`)
      },
      (client) => Array.fromAsync(client.submitBatch([elsewhere('a'), elsewhere('b')])),
    )
    expect(tries).to.equal(2)
    expect(results.map((result) => result.line)).to.deep.equal([1, 2])
  })

  it('says when it is not a ledger that answers', async () => {
    for (const [status, body] of [
      [404, '<h1>Not found</h1>'],
      [200, '<h1>Welcome</h1>'],
      [200, '{"hello":"world"}'],
    ] as const) {
      const code = await serving(
        (_req, res) => res.writeHead(status).end(body),
        (client) => codeOf(client.describe()),
      )
      expect(code).to.equal('ANSWER_UNEXPECTED')
    }
  })

  it('says when nothing answers', async () => {
    const client = new OnceClient({ url: 'http://127.0.0.1:1', tries: 1 })
    const error = await client.log.checkpoint().catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(LedgerError)
    expect(error).to.deep.include({ kind: 'unavailable', code: 'LEDGER_UNREACHABLE' })
  })

  it('stops when its signal says so, also between two tries', async () => {
    const gone = new AbortController()
    const reason = await serving(
      (req, res) => {
        req.resume()
        res.writeHead(503, busy('30')).end('{"code":"STORE_FULL"}', () => {
          setImmediate(() => gone.abort(new Error('enough')))
        })
      },
      (client) =>
        client
          .submit(elsewhere('x'), undefined, { signal: gone.signal })
          .catch((thrown: unknown) => (thrown as Error).message),
    )
    expect(reason).to.equal('enough')
  })
})
