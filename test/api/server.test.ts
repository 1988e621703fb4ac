import { expect } from 'chai'
import { once } from 'node:events'
import { connect } from 'node:net'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { answerOf, digestsOnly, open } from './support/http.ts'
import { until } from './support/until.ts'

describe('the server', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi()
  })
  afterEach(() => api.close())

  /** What comes back for these very bytes, until the server closes. */
  async function say(text: string): Promise<string> {
    const socket = connect(api.port, '127.0.0.1')
    socket.write(text)
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    await once(socket, 'close')
    return answer
  }

  it('listens on a free port when asked for none', () => {
    expect(api.port).to.be.greaterThan(0)
    expect(api.url).to.equal(`http://127.0.0.1:${api.port}`)
  })

  it('answers what is no HTTP with a problem', async () => {
    const answer = await say('HELLO\r\n\r\n')
    expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).to.include('"code":"REQUEST_MALFORMED"')
  })

  it('answers headers that are too large with a problem', async () => {
    const answer = await say(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`)
    expect(answer).to.match(/^HTTP\/1\.1 431 /)
    expect(answer).to.include('"code":"REQUEST_HEADERS_TOO_LARGE"')
  })

  it('takes a statement of full size in a header', async () => {
    const submission = digestsOnly('x', { fields: { long: 'x'.repeat(60_000) } })
    const json = Buffer.from(JSON.stringify(submission)).toString('base64')
    const req = open(api, {
      method: 'POST',
      path: '/v1/materials',
      headers: { 'Once-Statement': `:${json}:`, 'Content-Type': 'text/plain' },
    })
    req.end('x')
    expect((await answerOf(req)).status).to.equal(201)
  })

  it('refuses a body of two lengths', async () => {
    const answer = await say(
      'POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )
    expect(answer).to.match(/^HTTP\/1\.1 400 /)
  })

  it('finishes what is under way before it closes, and takes no more', async () => {
    const gate = Promise.withResolvers<void>()
    let isReading = false
    const slow = await startTestApi({
      materials: {
        async evidence() {
          isReading = true
          await gate.promise
          return Buffer.from('{}')
        },
      },
    })
    await slow.request('/v1/materials', {
      method: 'POST',
      body: JSON.stringify(digestsOnly('x', { id: 'm' })),
      headers: { 'Content-Type': 'application/json' },
    })
    const underWay = slow.request('/v1/materials/m/evidence')
    await until(() => isReading)
    const closing = slow.close()
    const refused = await fetch(`${slow.url}/healthz`).catch(() => 'refused')
    expect(refused).to.equal('refused')
    gate.resolve()
    expect(await (await underWay).text()).to.equal('{}')
    await closing
  })

  it('closes beside connections that stand idle or never said a word', async () => {
    const silent = connect(api.port, '127.0.0.1')
    await once(silent, 'connect')
    await (await fetch(`${api.url}/healthz`)).text()
    await api.close()
    silent.destroy()
  })
})
