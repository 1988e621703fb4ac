import { expect } from 'chai'
import { formatEvidence } from '../../node/core/evidence.ts'
import { Verdict } from '../../node/core/verdict.ts'
import { LONGEST_EXAMINED } from '../../node/derived/copyExaminer.ts'
import { makeWorld } from '../core/verify/world.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { codeIn, postRaw } from './support/http.ts'

const EVIDENCE_TYPE = 'application/vnd.onceledger.evidence+json'

const verdictOf = async (response: Response) => {
  expect(response.status).to.equal(200)
  return Verdict.parse(await response.json())
}
const codeOf = (verdict: Verdict, name: string) =>
  verdict.checks.find(({ check }) => check === name)?.code

describe('POST /v1/verify', () => {
  let api: TestApi
  let evidence: string
  before(async () => {
    api = await startTestApi()
    const response = await postRaw(api, 'the content')
    await api.anchoring.anchor()
    evidence = await (await api.request(`${response.headers.get('Location')}/evidence`)).text()
  })
  after(() => api.close())

  /** As anybody. */
  const ask = (body: BodyInit, type?: string) =>
    fetch(`${api.url}/v1/verify`, {
      method: 'POST',
      body,
      headers: type === undefined ? {} : { 'Content-Type': type },
    })
  for (const type of [EVIDENCE_TYPE, 'application/json']) {
    it(`passes evidence of this ledger, sent as ${type}`, async () => {
      const verdict = await verdictOf(await ask(evidence, type))
      expect(verdict.result).to.equal('pass')
      expect(codeOf(verdict, 'anchor')).to.equal('CHECKPOINT_ANCHORED')
      expect(codeOf(verdict, 'content')).to.equal('CONTENT_NOT_GIVEN')
    })
  }

  function form(content: string, json = evidence): FormData {
    const data = new FormData()
    data.append('evidence', json)
    data.append('content', new Blob([content]))
    return data
  }

  it('passes evidence with its content', async () => {
    const verdict = await verdictOf(await ask(form('the content')))
    expect(verdict.result).to.equal('pass')
    expect(codeOf(verdict, 'content')).to.equal('CONTENT_MATCHES')
  })

  it('fails evidence with another content', async () => {
    const verdict = await verdictOf(await ask(form('the_content')))
    expect(verdict.result).to.equal('fail')
    expect(codeOf(verdict, 'content')).to.equal('CONTENT_DIGEST_MISMATCH')
  })

  it('says of a derived copy that its time is over, unless asked about a time before', async () => {
    const { used } = await makeWorld()
    if (used.statement.kind !== 'use.released') expect.fail('no receipt')
    const copy = () => form('{"derived":"copy"}', formatEvidence(used))
    expect(codeOf(await verdictOf(await ask(copy())), 'content')).to.equal('DERIVED_COPY_EXPIRED')
    const before = new Date((used.statement.expires - 1) * 1000).toISOString().slice(0, 19)
    const then = await fetch(`${api.url}/v1/verify?at=${before}Z`, { method: 'POST', body: copy() })
    expect(codeOf(await verdictOf(then), 'content')).to.equal('CONTENT_MATCHES')
  })

  it('answers what is no evidence with a verdict too', async () => {
    for (const [text, code] of [
      ['{', 'JSON_MALFORMED'],
      ['{}', 'EVIDENCE_MALFORMED'],
      ['{"v":2}', 'EVIDENCE_VERSION_UNSUPPORTED'],
    ] as const) {
      const verdict = await verdictOf(await ask(text, 'application/json'))
      expect(verdict.result).to.equal('fail')
      expect(codeOf(verdict, 'evidence')).to.equal(code)
    }
  })

  it('fails an altered statement', async () => {
    const altered = evidence.replace('"type":"T1"', '"type":"T2"')
    const verdict = await verdictOf(await ask(altered, EVIDENCE_TYPE))
    expect(verdict.result).to.equal('fail')
    expect(codeOf(verdict, 'commitment')).to.equal('COMMITMENT_MISMATCH')
  })

  it('answers what is no marked document with a verdict too, and refuses what it does not read', async () => {
    for (const type of ['application/pdf', 'application/zip'])
      for (const none of ['%PDF-1.7', 'PK', evidence]) {
        const verdict = await verdictOf(await ask(none, type))
        expect(verdict.result).to.equal('fail')
        expect(verdict.checks.map(({ code }) => code)).to.deep.equal(['DERIVED_COPY_MALFORMED'])
      }
    const tooLong = Buffer.alloc(LONGEST_EXAMINED + 1)
    const long = await ask(tooLong, 'application/pdf')
    expect([long.status, await codeIn(long)]).to.deep.equal([413, 'DOCUMENT_TOO_LARGE'])
    const empty = await ask('', 'application/zip')
    expect([empty.status, await codeIn(empty)]).to.deep.equal([400, 'BODY_EMPTY'])
    const digest = {
      'Content-Type': 'application/pdf',
      'Content-Digest': `sha-256=:${'A'.repeat(43)}=:`,
    }
    const cut = await fetch(`${api.url}/v1/verify`, { method: 'POST', body: 'PK', headers: digest })
    expect([cut.status, await codeIn(cut)]).to.deep.equal([400, 'CONTENT_DIGEST_MISMATCH'])
  })

  it('refuses what it was not asked', async () => {
    for (const [send, status, code] of [
      [() => ask('', 'application/json'), 400, 'BODY_EMPTY'],
      [() => ask(evidence, 'text/plain'), 415, 'MEDIA_TYPE_UNSUPPORTED'],
      [() => ask(' '.repeat(5 * 1024 * 1024), 'application/json'), 413, 'EVIDENCE_TOO_LARGE'],
      [() => ask(form('x'.repeat(1024 * 1024 + 1))), 413, 'CONTENT_TOO_LARGE'],
    ] as const) {
      const response = await send()
      expect(response.status).to.equal(status)
      expect(await codeIn(response)).to.equal(code)
    }
  })
})
