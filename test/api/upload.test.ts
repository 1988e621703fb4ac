import { expect } from 'chai'
import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import { connect } from 'node:net'
import { startTestApi } from './support/api.ts'
import { until } from './support/until.ts'
import type { TestApi } from './support/api.ts'
import {
  answerOf,
  contentDigest,
  open,
  postRaw,
  statementHeader,
  SUBMISSION,
} from './support/http.ts'

const LIMIT = 1024 * 1024

describe('an upload', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi()
  })
  afterEach(() => api.close())

  function begin(headers: Record<string, string> = {}): ClientRequest {
    return open(api, {
      method: 'POST',
      path: '/v1/materials',
      headers: {
        'Once-Statement': statementHeader(SUBMISSION),
        'Content-Digest': contentDigest('anything'),
        'Content-Type': 'text/plain',
        ...headers,
      },
    })
  }

  async function untilLogged(code: string): Promise<void> {
    await until(() => api.logged.some((line) => line['code'] === code))
  }

  it('that is aborted leaves nothing behind', async () => {
    const req = begin({ 'Content-Length': '500000' })
    await new Promise<void>((resolve) => req.write(Buffer.alloc(300_000), () => resolve()))
    req.destroy()
    await untilLogged('UPLOAD_ABORTED')
    expect(api.ledger.size).to.equal(0)
    expect(await api.files()).to.deep.equal([])
  })

  it('in a form that is aborted leaves nothing behind', async () => {
    const req = open(api, {
      method: 'POST',
      path: '/v1/materials',
      headers: { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': '900000' },
    })
    req.write(
      '--b\r\nContent-Disposition: form-data; name="statement"\r\n\r\n{"type":"T1"}\r\n' +
        '--b\r\nContent-Disposition: form-data; name="content"\r\n\r\n',
    )
    await new Promise<void>((resolve) => req.write(Buffer.alloc(400_000), () => resolve()))
    req.destroy()
    await untilLogged('UPLOAD_ABORTED')
    expect(api.ledger.size).to.equal(0)
    expect(await api.files()).to.deep.equal([])
  })

  it('past the limit is answered 413 while it streams, and the connection is closed', async () => {
    const req = begin({ 'Transfer-Encoding': 'chunked' })
    const answer = answerOf(req)
    const progress = { isAnswered: false }
    void answer.then(() => (progress.isAnswered = true))
    const chunk = Buffer.alloc(64 * 1024)
    let sent = 0
    while (!progress.isAnswered && sent < 64 * LIMIT) {
      sent += chunk.length
      if (!req.write(chunk)) await Promise.race([once(req, 'drain'), answer])
    }
    const { status, headers, text } = await answer
    expect(status).to.equal(413)
    expect(JSON.parse(text)).to.deep.include({ code: 'CONTENT_TOO_LARGE', maxBytes: LIMIT })
    expect(headers['connection']).to.equal('close')
    expect(sent).to.be.lessThan(64 * LIMIT)
    expect(api.ledger.size).to.equal(0)
    while ((await api.files()).length > 0) await new Promise(setImmediate)
    req.destroy()
  })

  it('of 2 GiB is refused by its announcement', async () => {
    const req = begin({ 'Content-Length': String(2 * 1024 ** 3) })
    req.flushHeaders()
    const { status, headers } = await answerOf(req)
    expect(status).to.equal(413)
    expect(headers['connection']).to.equal('close')
    req.destroy()
  })

  it('that is asked about first is let in', async () => {
    const content = 'asked first'
    const req = begin({
      'Content-Length': String(content.length),
      'Content-Digest': contentDigest(content),
      Expect: '100-continue',
    })
    req.flushHeaders()
    await once(req, 'continue')
    req.end(content)
    expect((await answerOf(req)).status).to.equal(201)
  })

  it('that is asked about first is refused before it is sent', async () => {
    const req = begin({ 'Content-Length': '99999999', Expect: '100-continue' })
    let isContinued = false
    req.on('continue', () => (isContinued = true))
    req.flushHeaders()
    const { status, headers } = await answerOf(req)
    expect(status).to.equal(413)
    expect(headers['connection']).to.equal('close')
    expect(isContinued).to.equal(false)
    req.destroy()
  })

  it('without a token is refused without being read', async () => {
    const req = begin({ 'Content-Length': '99999999', Authorization: '' })
    req.flushHeaders()
    const { status, headers } = await answerOf(req)
    expect(status).to.equal(401)
    expect(headers['www-authenticate']).to.match(/^Bearer /)
    req.destroy()
  })

  it('that is small and refused leaves the connection for the next', async () => {
    const socket = connect(api.port, '127.0.0.1')
    const request =
      'POST /v1/materials HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc'
    let received = ''
    socket.on('data', (data) => (received += data.toString()))
    socket.write(request + request)
    while (received.split('TOKEN_MISSING').length < 5) await once(socket, 'data')
    expect(received).not.to.match(/connection: close/i)
    socket.destroy()
  })

  it('keeps the content byte for byte', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256))
    const response = await postRaw(api, content)
    const id = response.headers.get('Location')?.split('/').at(-1) ?? ''
    expect((await api.contentOf(id)).equals(content)).to.equal(true)
  })
})
