import { expect } from 'chai'
import { codeIn } from './support/http.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { RECORD_CONTENT_BYTES, RecordSplitter } from '../../api/http/materials/records.ts'
import fc from 'fast-check'

interface Line {
  readonly line: number
  readonly status: number
  readonly id?: string
  readonly quarantine?: string
  readonly evidence?: { readonly statement: { readonly id: string } }
  readonly problem?: { readonly code: string }
}

const submission = (id: string, rest: object = {}) => ({
  id,
  type: 'T1',
  content: { mediaType: 'text/plain' },
  ...rest,
})

function record(said: unknown, content: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(content)
  const json = typeof said === 'string' ? said : JSON.stringify(said)
  return Buffer.concat([Buffer.from(`${bytes.length} ${json}\n`), bytes])
}

describe('a batch with contents', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.close())

  const post = (parts: readonly Uint8Array[], headers = {}) =>
    api.request('/v1/materials/batch', {
      method: 'POST',
      body: Buffer.concat(parts),
      headers: { 'Content-Type': 'application/vnd.onceledger.materials', ...headers },
    })
  const linesOf = async (parts: readonly Uint8Array[], headers = {}): Promise<Line[]> => {
    const text = await (await post(parts, headers)).text()
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  }

  it('takes each content with its submission, whatever bytes it has', async () => {
    const contents = ['plain', '\n\n', '7 {"id":"x"}\n1234567', Buffer.alloc(100_000, 10)]
    const lines = await linesOf(contents.map((bytes, i) => record(submission(`c-${i}`), bytes)))
    expect(lines.map(({ line, status }) => [line, status])).to.deep.equal([
      [1, 201],
      [2, 201],
      [3, 201],
      [4, 201],
    ])
    for (const [i, bytes] of contents.entries()) {
      expect(lines[i]?.evidence?.statement.id).to.equal(`c-${i}`)
      expect((await api.contentOf(`c-${i}`)).equals(Buffer.from(bytes))).to.equal(true)
    }
  })

  it('takes digests alone where no content comes along', async () => {
    const content = { digests: [`sha-256:${'ab'.repeat(32)}`], size: 7, mediaType: 'text/plain' }
    const [alone, without] = await linesOf([
      record(submission('d-1', { content })),
      record(submission('d-2')),
    ])
    expect(alone).to.deep.include({ line: 1, status: 201 })
    expect(without?.problem?.code).to.equal('DIGEST_REQUIRED')
  })

  it('lets a bad record spoil no other', async () => {
    const wrong = { mediaType: 'text/plain', digests: [`sha-256:${'ab'.repeat(32)}`] }
    const lines = await linesOf([
      record('{', 'some bytes'),
      record(submission('b-1', { content: wrong }), 'other bytes'),
      record(submission('b-2'), Buffer.alloc(RECORD_CONTENT_BYTES + 1)),
      record(`"${'x'.repeat(70_000)}"`, 'some bytes'),
      record(submission('b-3'), 'good'),
    ])
    expect(lines.map(({ problem, id }) => problem?.code ?? id)).to.deep.equal([
      'JSON_MALFORMED',
      'CONTENT_DIGEST_MISMATCH',
      'BATCH_CONTENT_TOO_LARGE',
      'STATEMENT_TOO_LARGE',
      'b-3',
    ])
  })

  for (const [what, bytes] of [
    ['begins with no length', '{"id":"x"}\n'],
    ['has a length of another spelling', '07 {}\n1234567'],
    ['breaks off in its content', '9 {}\nshort'],
    ['breaks off in its line', '9 {"id"'],
  ] as const) {
    it(`ends at a record that ${what}, and keeps what came before`, async () => {
      const good = record(submission(`before-${what.length}`), 'good')
      const lines = await linesOf([good, Buffer.from(bytes)])
      expect(lines.map(({ line, status }) => [line, status])).to.deep.equal([
        [1, 201],
        [2, 400],
      ])
      expect(lines[1]?.problem?.code).to.equal('BATCH_RECORD_MALFORMED')
    })
  }

  it('says in its line that a material went into quarantine', async () => {
    const holder = { codeType: '001', code: '91310110MADEM002XA' }
    const asked = submission('q-1', { holder, unsound: 'quarantine' })
    const [line] = await linesOf([record(asked, 'x')], { Prefer: 'return=minimal' })
    expect(line).to.deep.include({ id: 'q-1', quarantine: 'USCC_CHECK_CHARACTER_WRONG' })
    expect(line).not.to.have.property('evidence')
  })

  it('is no empty body', async () => {
    expect(await codeIn(await post([]))).to.equal('BODY_EMPTY')
  })

  it('is split the same way, however it is cut into chunks', () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(contents, fc.array(fc.nat(300)), (all, cuts) => {
        const whole = Buffer.concat(all.map((bytes, i) => record({ i }, bytes)))
        const places = [0, ...cuts.map((cut) => cut % whole.length), whole.length].toSorted(
          (a, b) => a - b,
        )
        const splitter = new RecordSplitter()
        const found = places.flatMap((place, i) => [
          ...splitter.push(whole.subarray(places[i - 1] ?? 0, place)),
        ])
        expect([...splitter.end()]).to.deep.equal([])
        expect(found.map(({ line }) => Buffer.from(line).toString())).to.deep.equal(
          all.map((_, i) => JSON.stringify({ i })),
        )
        expect(found.map(({ content = [] }) => [...content])).to.deep.equal(
          all.map((bytes) => [...bytes]),
        )
      }),
    )
  })
})
