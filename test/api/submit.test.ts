import { expect } from 'chai'
import { parseEvidence } from '../../node/core/evidence.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { until } from './support/until.ts'
import {
  codeIn,
  contentDigest,
  digestsOnly,
  postJson,
  postRaw,
  sha256,
  statementHeader,
  SUBMISSION,
} from './support/http.ts'

const digest = `sha-256:${'ab'.repeat(32)}`
const withDigest = (text: string) => ({
  ...digestsOnly('x'),
  content: { digests: [text], size: 1, mediaType: 'text/plain' },
})

describe('handing a material in', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  it('takes the content as the body and answers evidence of it', async () => {
    const response = await postRaw(api, 'raw content')
    expect(response.status).to.equal(201)
    expect(response.headers.get('Content-Type')).to.equal(
      'application/vnd.onceledger.evidence+json',
    )
    const { statement } = parseEvidence(await response.text())
    expect(response.headers.get('Location')).to.equal(`/v1/materials/${statement.id}`)
    expect(statement).to.deep.include({ submitter: 'permits', title: '许可证', type: 'T1' })
    expect(statement).to.have.deep.property('content', {
      digests: [`sha-256:${sha256('raw content')}`],
      size: 11,
      mediaType: 'text/plain',
      kept: 'here',
    })
    expect(String(await api.contentOf(statement.id))).to.equal('raw content')
  })

  it('takes a form of statement and content', async () => {
    const form = new FormData()
    form.append('statement', JSON.stringify({ type: 'T1' }))
    form.append('content', new Blob(['in a form'], { type: 'Application/PDF' }), 'licence.pdf')
    const response = await api.request('/v1/materials', { method: 'POST', body: form })
    expect(response.status).to.equal(201)
    const { statement } = parseEvidence(await response.text())
    expect(statement).to.have.nested.property('content.mediaType', 'application/pdf')
    expect(String(await api.contentOf(statement.id))).to.equal('in a form')
  })

  it('takes digests alone', async () => {
    const response = await postJson(api, '/v1/materials', digestsOnly('elsewhere'))
    expect(response.status).to.equal(201)
    const { statement } = parseEvidence(await response.text())
    expect(statement).to.have.nested.property('content.kept', 'department')
  })

  it('takes a content of which only the submission states the digest', async () => {
    const submission = {
      type: 'T1',
      content: { mediaType: 'text/plain', digests: [`sha-256:${sha256('stated')}`] },
    }
    const response = await api.request('/v1/materials', {
      method: 'POST',
      body: 'stated',
      headers: { 'Once-Statement': statementHeader(submission) },
    })
    expect(response.status).to.equal(201)
  })

  it('streams a content that is too long to be held', async () => {
    const content = Buffer.alloc(700_000, 'long ')
    const response = await postRaw(api, content)
    const { statement } = parseEvidence(await response.text())
    expect((await api.contentOf(statement.id)).equals(content)).to.equal(true)
    const form = new FormData()
    form.append('statement', JSON.stringify({ type: 'T1' }))
    form.append('content', new Blob([content]))
    const again = await api.request('/v1/materials', { method: 'POST', body: form })
    expect(again.status).to.equal(201)
  })

  it('answers 200 with the same evidence to the same Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': '"3f0c-1"' }
    const first = await postRaw(api, 'twice', { headers })
    const second = await postRaw(api, 'twice', { headers: { 'Idempotency-Key': '3f0c-1' } })
    expect([first.status, second.status]).to.deep.equal([201, 200])
    expect(await second.text()).to.equal(await first.text())
  })

  it('refuses the same Idempotency-Key with another body', async () => {
    const headers = { 'Idempotency-Key': 'k-2' }
    await postRaw(api, 'one', { headers })
    const response = await postRaw(api, 'other', { headers })
    expect(response.status).to.equal(409)
    expect(await codeIn(response)).to.equal('IDEMPOTENCY_KEY_REUSED')
  })

  it('answers one of two requests with the same Idempotency-Key at the same moment', async () => {
    const headers = { 'Idempotency-Key': 'k-3' }
    const { size } = api.ledger
    const both = await Promise.all(
      ['one', 'other'].map((content) => postRaw(api, content, { headers })),
    )
    expect(both.map(({ status }) => status)).to.have.members([201, 409])
    for (const refused of both.filter(({ status }) => status === 409))
      expect(await codeIn(refused)).to.equal('IDEMPOTENCY_KEY_REUSED')
    const equal = { headers: { 'Idempotency-Key': 'k-4' } }
    const twins = await Promise.all([postRaw(api, 'same', equal), postRaw(api, 'same', equal)])
    expect(twins.map(({ status }) => status)).to.have.members([200, 201])
    const [first, second] = await Promise.all(twins.map((answer) => answer.text()))
    expect(first).to.equal(second)
    expect(api.ledger.size).to.equal(size + 2)
  })

  it('answers 200 to the same id with the same statement, 409 with another', async () => {
    const submission = digestsOnly('same', { id: 'chosen-1' })
    expect((await postJson(api, '/v1/materials', submission)).status).to.equal(201)
    expect((await postJson(api, '/v1/materials', submission)).status).to.equal(200)
    const other = await postJson(api, '/v1/materials', digestsOnly('other', { id: 'chosen-1' }))
    expect(other.status).to.equal(409)
    expect(await codeIn(other)).to.equal('STATEMENT_ID_TAKEN')
  })

  it('waits for the anchor when asked to', async () => {
    const submitting = api.request('/v1/materials?wait=anchored', {
      method: 'POST',
      body: JSON.stringify(digestsOnly('anchored')),
      headers: { 'Content-Type': 'application/json', Prefer: 'wait=20' },
    })
    const size = api.ledger.size
    await until(() => api.ledger.size > size)
    await api.anchoring.anchor()
    const response = await submitting
    expect(response.status).to.equal(201)
    expect(parseEvidence(await response.text()).anchors).to.have.length(1)
  })

  it('says that the material is safe when its anchor takes too long', async () => {
    const response = await api.request('/v1/materials?wait=anchored', {
      method: 'POST',
      body: JSON.stringify(digestsOnly('late', { id: 'late-1' })),
      headers: { 'Content-Type': 'application/json', Prefer: 'wait=0' },
    })
    expect(response.status).to.equal(503)
    expect(response.headers.get('Retry-After')).to.equal('5')
    expect(await response.json()).to.deep.include({
      code: 'ANCHOR_TIMEOUT',
      id: 'late-1',
      evidence: '/v1/materials/late-1/evidence',
    })
    const evidence = await api.request('/v1/materials/late-1/evidence')
    expect(parseEvidence(await evidence.text()).statement.id).to.equal('late-1')
  })

  const refusals: [title: string, status: number, code: string, send: () => Promise<Response>][] = [
    ['an empty content', 400, 'CONTENT_EMPTY', () => postRaw(api, '')],
    ['an empty body', 400, 'BODY_EMPTY', () => postJson(api, '/v1/materials', '')],
    [
      'a content without any digest',
      400,
      'CONTENT_DIGEST_REQUIRED',
      () =>
        api.request('/v1/materials', {
          method: 'POST',
          body: 'x',
          headers: { 'Once-Statement': statementHeader(SUBMISSION) },
        }),
    ],
    [
      'a wrong Content-Digest',
      400,
      'CONTENT_DIGEST_MISMATCH',
      () => postRaw(api, 'x', { headers: { 'Content-Digest': contentDigest('y') } }),
    ],
    [
      'a Content-Digest that is none',
      400,
      'CONTENT_DIGEST_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Content-Digest': 'sha-256=abc' } }),
    ],
    [
      'a Content-Digest of the wrong length',
      400,
      'CONTENT_DIGEST_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Content-Digest': 'sha-256=:AAAA:' } }),
    ],
    [
      'a Content-Digest of no known algorithm',
      400,
      'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
      () => postRaw(api, 'x', { headers: { 'Content-Digest': 'md5=:AAAA:' } }),
    ],
    [
      'a Content-Digest of another JSON',
      400,
      'CONTENT_DIGEST_MISMATCH',
      () =>
        api.request('/v1/materials', {
          method: 'POST',
          body: JSON.stringify(digestsOnly('x')),
          headers: { 'Content-Type': 'application/json', 'Content-Digest': contentDigest('y') },
        }),
    ],
    [
      'a content that does not match the stated digest',
      400,
      'CONTENT_DIGEST_MISMATCH',
      () =>
        postRaw(api, 'x', {
          submission: { ...SUBMISSION, content: { mediaType: 'text/plain', digests: [digest] } },
        }),
    ],
    [
      'a content of another length than stated',
      400,
      'CONTENT_SIZE_MISMATCH',
      () =>
        postRaw(api, 'x', {
          submission: { ...SUBMISSION, content: { mediaType: 'text/plain', size: 2 } },
        }),
    ],
    [
      'a digest that is too short',
      400,
      'DIGEST_LENGTH_WRONG',
      () => postJson(api, '/v1/materials', withDigest('sha-256:abcd')),
    ],
    [
      'a digest of an unknown algorithm',
      400,
      'DIGEST_ALGORITHM_UNKNOWN',
      () => postJson(api, '/v1/materials', withDigest(`md5:${'ab'.repeat(16)}`)),
    ],
    [
      'digests alone without one',
      400,
      'DIGEST_REQUIRED',
      () => postJson(api, '/v1/materials', SUBMISSION),
    ],
    [
      'a duplicate key',
      400,
      'JSON_DUPLICATE_KEY',
      () =>
        postJson(api, '/v1/materials', '{"type":"T1","type":"T2","content":{"mediaType":"a/b"}}'),
    ],
    [
      'a float',
      400,
      'JSON_NUMBER_NOT_INTEGER',
      () =>
        postJson(
          api,
          '/v1/materials',
          '{"type":"T1","fields":{"n":1.5},"content":{"mediaType":"a/b"}}',
        ),
    ],
    [
      'a lone surrogate',
      400,
      'JSON_LONE_SURROGATE',
      () =>
        postJson(
          api,
          '/v1/materials',
          '{"type":"T1","title":"\\ud800","content":{"mediaType":"a/b"}}',
        ),
    ],
    [
      'an unknown field',
      400,
      'SUBMISSION_MALFORMED',
      () => postJson(api, '/v1/materials', { ...digestsOnly('x'), submitter: 'somebody else' }),
    ],
    ['what is no JSON', 400, 'JSON_MALFORMED', () => postJson(api, '/v1/materials', '{')],
    [
      'a submission that is too long',
      413,
      'STATEMENT_TOO_LARGE',
      () =>
        postJson(api, '/v1/materials', digestsOnly('x', { fields: { long: 'x'.repeat(70_000) } })),
    ],
    [
      'a content that is announced as too long',
      413,
      'CONTENT_TOO_LARGE',
      () => postRaw(api, Buffer.alloc(1024 * 1024 + 1)),
    ],
    [
      'an Idempotency-Key with a space',
      400,
      'IDEMPOTENCY_KEY_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Idempotency-Key': 'a b' } }),
    ],
    [
      'an Idempotency-Key of 256 characters',
      400,
      'IDEMPOTENCY_KEY_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Idempotency-Key': 'k'.repeat(256) } }),
    ],
    [
      'a statement header that is no byte sequence',
      400,
      'STATEMENT_HEADER_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Once-Statement': '{"type":"T1"}' } }),
    ],
    [
      'a media type that it does not take',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      () =>
        api.request('/v1/materials', {
          method: 'POST',
          body: 'x',
          headers: { 'Content-Type': 'text/plain' },
        }),
    ],
    [
      'a media type that is none',
      400,
      'MEDIA_TYPE_MALFORMED',
      () => postRaw(api, 'x', { headers: { 'Content-Type': 'pdf' } }),
    ],
    [
      'a compressed content',
      415,
      'CONTENT_ENCODING_UNSUPPORTED',
      () => postRaw(api, 'x', { headers: { 'Content-Encoding': 'gzip' } }),
    ],
    [
      'to wait for something else than the anchor',
      400,
      'WAIT_UNKNOWN',
      () => postJson(api, '/v1/materials?wait=forever', digestsOnly('x')),
    ],
  ]
  for (const [title, status, code, send] of refusals) {
    it(`refuses ${title}: ${code}`, async () => {
      const size = api.ledger.size
      const response = await send()
      expect(response.headers.get('Content-Type')).to.equal('application/problem+json')
      const problem = (await response.json()) as Record<string, unknown>
      expect(problem).to.deep.include({ code, status, type: `/problems/${code}` })
      expect(response.status).to.equal(status)
      expect(api.ledger.size).to.equal(size)
    })
  }
})
