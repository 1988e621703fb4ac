import { expect } from 'chai'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { answerOf, codeIn, contentDigest, digestsOnly, open } from './support/http.ts'

interface Line {
  readonly line: number
  readonly status: number
  readonly id?: string
  readonly index?: number
  readonly evidence?: { readonly statement: { readonly id: string } }
  readonly problem?: { readonly code: string }
}

async function linesOf(response: Response): Promise<Line[]> {
  const text = await response.text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const good = (id: string) => JSON.stringify(digestsOnly(id, { id }))

describe('a batch', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return api.request('/v1/materials/batch', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-ndjson', ...headers },
    })
  }

  it('answers a line for each line, in order, with evidence', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `ordered-${i}`)
    const response = await post(ids.map(good).join('\n'))
    expect(response.headers.get('Content-Type')).to.equal('application/x-ndjson')
    const lines = await linesOf(response)
    expect(lines.map(({ line }) => line)).to.deep.equal(ids.map((_, i) => i + 1))
    expect(lines.map(({ evidence }) => evidence?.statement.id)).to.deep.equal(ids)
    expect(new Set(lines.map(({ index }) => index)).size).to.equal(ids.length)
  })

  it('lets a bad line spoil no other', async () => {
    const bad = ['{"type":"T1"}', '{', '"x"', good('before').replace('sha-256:', 'sha-1:'), '[]']
    const lines = await linesOf(await post([good('before'), ...bad, good('after')].join('\r\n')))
    expect(lines.map(({ status }) => status)).to.deep.equal([201, 400, 400, 400, 400, 400, 201])
    expect(lines.map(({ problem }) => problem?.code)).to.deep.equal([
      undefined,
      'SUBMISSION_MALFORMED',
      'JSON_MALFORMED',
      'SUBMISSION_MALFORMED',
      'DIGEST_ALGORITHM_UNKNOWN',
      'SUBMISSION_MALFORMED',
      undefined,
    ])
  })

  it('numbers lines as an editor does, and passes over empty ones', async () => {
    const lines = await linesOf(await post(`\n${good('second')}\n\n${good('fourth')}\n\n`))
    expect(lines.map(({ line, id }) => [line, id])).to.deep.equal([
      [2, 'second'],
      [4, 'fourth'],
    ])
  })

  it('refuses a line of more than 64 KiB and takes the next', async () => {
    const long = `"${'x'.repeat(200_000)}"`
    const lines = await linesOf(await post(`${long}\n${good('next')}\n${long}`))
    expect(lines.map(({ status, problem }) => [status, problem?.code])).to.deep.equal([
      [413, 'STATEMENT_TOO_LARGE'],
      [201, undefined],
      [413, 'STATEMENT_TOO_LARGE'],
    ])
  })

  it('leaves the evidence out when only the minimum is wanted', async () => {
    const [line] = await linesOf(await post(good('minimal'), { Prefer: 'return=minimal' }))
    expect(line).to.have.keys('line', 'status', 'id', 'index')
  })

  it('answers what is there already with 200', async () => {
    const [first] = await linesOf(await post(good('again')))
    const [second] = await linesOf(await post(good('again')))
    expect([first?.status, second?.status]).to.deep.equal([201, 200])
    expect(second?.index).to.equal(first?.index)
  })

  it('counts its Idempotency-Key for each line', async () => {
    const body = [digestsOnly('keyed 1'), digestsOnly('keyed 2')].map((s) => JSON.stringify(s))
    const headers = { 'Idempotency-Key': 'batch-1' }
    const first = await linesOf(await post(body.join('\n'), headers))
    const second = await linesOf(await post(body.join('\n'), headers))
    expect(second.map(({ status }) => status)).to.deep.equal([200, 200])
    expect(second.map(({ id }) => id)).to.deep.equal(first.map(({ id }) => id))
  })

  it('answers one of two lines with the same key at the same moment, and equal ones alike', async () => {
    const [same, one, other] = ['same', 'one', 'other'].map((content) =>
      JSON.stringify(digestsOnly(`batch-2 ${content}`)),
    )
    const headers = { 'Idempotency-Key': 'batch-2' }
    const both = await Promise.all(
      [one, other].map(async (last) => linesOf(await post(`${same}\n${last}`, headers))),
    )
    const results = [0, 1].map((i) => both.map((lines) => lines[i]))
    expect(results.map((line) => new Set(line.map((of) => of?.status)))).to.deep.equal([
      new Set([200, 201]),
      new Set([201, 409]),
    ])
    expect(results[0]?.[0]?.id).to.equal(results[0]?.[1]?.id)
    expect(results[1]?.map((of) => of?.problem?.code)).to.include('IDEMPOTENCY_KEY_REUSED')
  })

  it('ends with a line that says so when its Content-Digest is wrong', async () => {
    const lines = await linesOf(
      await post(good('digested'), { 'Content-Digest': contentDigest('another') }),
    )
    expect(lines.map(({ line, problem }) => [line, problem?.code])).to.deep.equal([
      [1, undefined],
      [2, 'CONTENT_DIGEST_MISMATCH'],
    ])
  })

  it('is refused when it is empty', async () => {
    const response = await post('')
    expect(response.status).to.equal(400)
    expect(await codeIn(response)).to.equal('BODY_EMPTY')
  })

  it('is refused when it is announced as too long', async () => {
    const response = await post('x'.repeat(4 * 1024 * 1024 + 1))
    expect(response.status).to.equal(413)
    expect(await codeIn(response)).to.equal('BATCH_TOO_LARGE')
  })

  it('ends with a line that says so when it turns out too long, and keeps what it took', async () => {
    const req = open(api, {
      method: 'POST',
      path: '/v1/materials/batch',
      headers: { 'Transfer-Encoding': 'chunked' },
    })
    req.write(`${good('kept')}\n`)
    for (let i = 0; i < 65; i++) req.write(`${'x'.repeat(65_535)}\n`)
    req.end()
    const { status, text } = await answerOf(req)
    expect(status).to.equal(200)
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    expect(lines.at(0)?.id).to.equal('kept')
    expect(lines.at(-1)?.problem?.code).to.equal('BATCH_TOO_LARGE')
  })

  it('answers while it is still being sent', async () => {
    const req = open(api, { method: 'POST', path: '/v1/materials/batch' })
    req.write(`${good('early')}\n`)
    const [res] = (await new Promise((resolve) => {
      req.on('response', (response) => resolve([response]))
    })) as [AsyncIterable<Buffer>]
    for await (const chunk of res) {
      if (chunk.toString().includes('"early"')) req.end(`${good('later')}\n`)
    }
    expect(await api.ledger.findIndex('later')).to.be.a('number')
  })

  it('of a client that does not read its results is not read from either', async () => {
    let taken = 0
    const evidence = Buffer.from(JSON.stringify('x'.repeat(5_000)))
    const patient = await startTestApi({
      materials: {
        submit: async () => ({ id: 'x', index: taken++, created: true, evidence }),
      },
    })
    const total = 8_000
    const lines = Buffer.from(`${good('x')}\n`.repeat(100))
    const req = open(patient, { method: 'POST', path: '/v1/materials/batch' })
    let left = total
    const fill = (): void => {
      while (left > 0) {
        left -= 100
        if (!req.write(lines)) return void req.once('drain', fill)
      }
      req.end()
    }
    const answer = new Promise<AsyncIterable<Buffer>>((resolve) => req.on('response', resolve))
    fill()
    const res = await answer
    let before = -1
    while (before !== taken) {
      before = taken
      for (let turn = 0; turn < 1_000; turn++) await new Promise(setImmediate)
    }
    expect(before).to.be.lessThan(total)
    let results = 0
    for await (const chunk of res) results += chunk.toString().split('\n').length - 1
    expect(results).to.equal(total)
    await patient.close()
  })

  it('needs a submitter', async () => {
    const response = await post(good('x'), { Authorization: `Bearer ${TOKENS.auditor}` })
    expect(response.status).to.equal(403)
  })
})
