import { expect } from 'chai'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { codeIn, contentDigest } from './support/http.ts'

const STATEMENT = 'Content-Disposition: form-data; name="statement"\r\n\r\n{"type":"T1"}\r\n'
const CONTENT = 'Content-Disposition: form-data; name="content"\r\n\r\nbytes\r\n'

describe('a form', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return api.request('/v1/materials', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'multipart/form-data; boundary=b', ...headers },
    })
  }

  it('is taken with a Content-Digest of the whole form', async () => {
    const body = `--b\r\n${STATEMENT}--b\r\n${CONTENT}--b--\r\n`
    const response = await post(body, { 'Content-Digest': contentDigest(body) })
    expect(response.status).to.equal(201)
  })

  const refusals: [title: string, code: string, body: string, headers?: Record<string, string>][] =
    [
      ['without a last boundary', 'MULTIPART_MALFORMED', `--b\r\n${STATEMENT}--b\r\n${CONTENT}`],
      ['without content', 'MULTIPART_PART_MISSING', `--b\r\n${STATEMENT}--b--\r\n`],
      ['without parts', 'MULTIPART_PART_MISSING', '--b--\r\n'],
      ['that is empty', 'MULTIPART_MALFORMED', ''],
      [
        'with the content first',
        'MULTIPART_PART_UNEXPECTED',
        `--b\r\n${CONTENT}--b\r\n${STATEMENT}--b--\r\n`,
      ],
      [
        'with a third part',
        'MULTIPART_PART_UNEXPECTED',
        `--b\r\n${STATEMENT}--b\r\n${CONTENT}--b\r\n${CONTENT}--b--\r\n`,
      ],
      [
        'with a statement that is not UTF-8 text of JSON',
        'JSON_MALFORMED',
        `--b\r\n${STATEMENT.replace('{', '\u00ff{')}--b\r\n${CONTENT}--b--\r\n`,
      ],
      [
        'with a wrong Content-Digest',
        'CONTENT_DIGEST_MISMATCH',
        `--b\r\n${STATEMENT}--b\r\n${CONTENT}--b--\r\n`,
        { 'Content-Digest': contentDigest('another form') },
      ],
      [
        'without a boundary in its type',
        'MULTIPART_MALFORMED',
        `--b\r\n${STATEMENT}--b\r\n${CONTENT}--b--\r\n`,
        { 'Content-Type': 'multipart/form-data' },
      ],
    ]
  for (const [title, code, body, headers] of refusals) {
    it(`${title} is refused: ${code}`, async () => {
      const response = await post(body, headers)
      expect(await codeIn(response)).to.equal(code)
      expect(response.status).to.equal(400)
      expect(api.ledger.size).to.equal(1)
      expect(await api.files()).to.deep.equal([])
    })
  }
})
