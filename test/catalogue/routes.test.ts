import { expect } from 'chai'
import {
  CatalogueHistory,
  CataloguePage,
  CatalogueRecord,
  ThemeMaterials,
} from '../../api/http/catalogue/schema.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { TOKENS } from '../api/support/api.ts'
import { field, materialType, matter, OWNER, required, theme } from '../core/catalogue/support.ts'
import { sessionOf, startCatalogueApi } from './support/api.ts'
import type { CatalogueApi } from './support/api.ts'
import { TODAY, TOMORROW } from './support/service.ts'

const OTHER = `0x${'22'.repeat(20)}` as const

async function problemIn(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}

describe('the catalogue over HTTP', () => {
  let api: CatalogueApi
  before(async () => {
    api = await startCatalogueApi()
  })
  after(() => api.close())

  const read = async (path: string) => problemIn(await api.request(`/v1/catalogue/${path}`))
  const refusal = async (entry: unknown, token?: string) => {
    const response = await api.publish(entry, token)
    const { code } = await problemIn(response)
    return `${response.status} ${String(code)}`
  }

  it('publishes by the account of the owner, and answers evidence and where it is', async () => {
    const entry = materialType({ code: 'A', fields: [field('lessor')] })
    const response = await api.publish(entry, sessionOf(OWNER))
    expect(response.status).to.equal(201)
    expect(response.headers.get('Content-Type')).to.equal(
      'application/vnd.onceledger.evidence+json',
    )
    const { statement } = parseEvidence(Buffer.from(await response.arrayBuffer()))
    expect(statement).to.deep.include({ entry, by: `department ${OWNER}` })
    const record = CatalogueRecord.parse(
      await (await api.request(response.headers.get('Location') ?? '')).json(),
    )
    expect(record).to.deep.include({ entry, statement: statement.id, index: 0 })
    const again = await api.publish(entry, sessionOf(OWNER))
    expect(again.status).to.equal(200)
  })

  it('lets a token set up what there was, and no more', async () => {
    const entry = materialType({ code: 'B' })
    expect((await api.publish(entry)).status).to.equal(201)
    const later = materialType({ code: 'B', version: 2, from: TOMORROW })
    expect(await refusal(later)).to.equal('403 CATALOGUE_OWNER_NEEDED')
    expect(await refusal(later, sessionOf(OTHER))).to.equal('403 CATALOGUE_OWNER_NEEDED')
    expect((await api.publish(later, sessionOf(OWNER))).status).to.equal(201)
  })

  it('lets no one else publish', async () => {
    const entry = materialType({ code: 'C' })
    for (const [token, refused] of [
      [TOKENS.submitter, '403 ROLE_MISSING'],
      [TOKENS.auditor, '403 ROLE_MISSING'],
      [sessionOf(OWNER, 'auditor'), '403 ROLE_MISSING'],
      [sessionOf(OWNER, 'holder'), '403 ROLE_MISSING'],
      ['nobody-knows-this-token', '401 TOKEN_UNKNOWN'],
    ] as const)
      expect(await refusal(entry, token), token).to.equal(refused)
  })

  for (const [what, entry, refused] of [
    ['an empty body', '', '400 BODY_EMPTY'],
    ['a member twice', '{"kind":"matter","kind":"theme"}', '400 JSON_DUPLICATE_KEY'],
    ['an unknown kind', { ...matter(), kind: 'form' }, '400 CATALOGUE_ENTRY_MALFORMED'],
    ['an extra member', { ...matter(), colour: 'red' }, '400 CATALOGUE_ENTRY_MALFORMED'],
    ['a day that is none', matter({ from: '2023-02-30' }), '400 CATALOGUE_ENTRY_MALFORMED'],
    ['a version ahead', materialType({ code: 'D', version: 2 }), '409 CATALOGUE_VERSION_GAP'],
    ['another document', materialType({ code: 'A', name: '别的' }), '409 CATALOGUE_VERSION_TAKEN'],
    [
      'an unknown material',
      matter({ materials: [required('NONE')] }),
      '400 CATALOGUE_REFERENCE_UNKNOWN',
    ],
    [
      'an unknown field',
      matter({ materials: [required('A', { plain: ['rent'] })] }),
      '400 CATALOGUE_FIELD_UNKNOWN',
    ],
    [
      'an unknown certificate',
      materialType({ certificateType: '11100000MB0143028R999' }),
      '400 CERTIFICATE_TYPE_UNKNOWN',
    ],
    [
      'a pattern that is none',
      materialType({ fields: [field('a', 'string', { pattern: '(?=a)' })] }),
      '400 CATALOGUE_PATTERN_MALFORMED',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(entry)).to.equal(refused)
    })
  }

  it('refuses to change a day that has begun, and says which comes first', async () => {
    const late = materialType({ code: 'A', version: 2, from: TODAY })
    const response = await api.publish(late, sessionOf(OWNER))
    expect(response.status).to.equal(400)
    expect(await problemIn(response)).to.include({
      code: 'CATALOGUE_FROM_TOO_EARLY',
      earliest: TOMORROW,
    })
  })

  it('answers without a token what is in force on a day', async () => {
    await api.publish(materialType({ code: 'E', from: '2020-01-01' }))
    await api.publish(materialType({ code: 'E', version: 2, from: '2023-09-01' }), sessionOf(OWNER))
    const versionOn = async (query: string) =>
      CatalogueRecord.parse(await read(`materialType/E${query}`)).entry.version
    expect(await versionOn('')).to.equal(1)
    expect(await versionOn('?on=2023-09-01')).to.equal(2)
    expect(await versionOn('?version=2')).to.equal(2)
    const { versions } = CatalogueHistory.parse(await read('materialType/E/versions'))
    expect(versions.map(({ entry }) => entry.from)).to.deep.equal(['2020-01-01', '2023-09-01'])
  })

  for (const [path, status, members] of [
    ['matter/NONE', 404, { code: 'CATALOGUE_UNKNOWN', kind: 'matter', entry: 'NONE' }],
    ['matter/NONE/versions', 404, { code: 'CATALOGUE_UNKNOWN' }],
    ['forms', 404, { code: 'CATALOGUE_UNKNOWN' }],
    ['forms/A', 404, { code: 'CATALOGUE_UNKNOWN' }],
    ['materialType/A?on=2022-12-31', 404, { code: 'CATALOGUE_NOT_IN_FORCE', first: '2023-01-01' }],
    ['materialType/A?version=7', 404, { code: 'CATALOGUE_VERSION_UNKNOWN', newest: 1 }],
    ['materialType/A/versions/7/evidence', 404, { code: 'CATALOGUE_VERSION_UNKNOWN' }],
    ['materialType/A/versions/01/evidence', 404, { code: 'CATALOGUE_VERSION_UNKNOWN' }],
    ['materialType/A/versions/1/evidence?wait=1', 400, { code: 'WAIT_UNKNOWN' }],
    ['materialType/A?version=0', 400, { code: 'QUERY_MALFORMED' }],
    ['materialType/A?on=yesterday', 400, { code: 'QUERY_MALFORMED' }],
    ['materialType/A?on=2023-02-29', 400, { code: 'QUERY_MALFORMED' }],
    ['materialType/A?on=2023-03-01&version=1', 400, { code: 'QUERY_MALFORMED' }],
    ['materialType/A?at=2023-03-01', 400, { code: 'QUERY_MALFORMED' }],
    ['materialType?limit=0', 400, { code: 'QUERY_MALFORMED' }],
    ['theme/NONE/materials', 404, { code: 'CATALOGUE_UNKNOWN' }],
  ] as const) {
    it(`answers ${status} at ${path}`, async () => {
      const response = await api.request(`/v1/catalogue/${path}`)
      expect(response.status).to.equal(status)
      expect(await problemIn(response)).to.include(members)
    })
  }

  it('lists in pages, by code', async () => {
    const first = CataloguePage.parse(await read('materialType?limit=2'))
    expect(first.entries.map(({ entry }) => entry.code)).to.deep.equal(['A', 'B'])
    expect(first).to.include({ on: TODAY, next: 'B' })
    const rest = CataloguePage.parse(await read('materialType?limit=2&cursor=B'))
    expect(rest.entries.map(({ entry }) => entry.code)).to.deep.equal(['E'])
    expect(rest.next).to.equal(undefined)
    const before = CataloguePage.parse(await read('materialType?on=2019-01-01'))
    expect(before.entries).to.deep.equal([])
  })

  it('gives the evidence of every version', async () => {
    const response = await api.request('/v1/catalogue/materialType/E/versions/2/evidence')
    const { statement } = parseEvidence(Buffer.from(await response.arrayBuffer()))
    expect(statement).to.have.nested.property('entry.version', 2)
  })

  it('says what a theme asks for, each once', async () => {
    await api.publish(matter({ code: 'SETUP', materials: [required('A')] }))
    await api.publish(matter({ code: 'FOOD', materials: [required('A'), required('E')] }))
    expect((await api.publish(theme(['SETUP', 'FOOD']))).status).to.equal(201)
    const { materials } = ThemeMaterials.parse(await read('theme/OPEN_SHOP/materials'))
    expect(
      materials.map(({ material, askedBy }) => [material, askedBy.map(({ matter }) => matter)]),
    ).to.deep.equal([
      ['A', ['SETUP', 'FOOD']],
      ['E', ['FOOD']],
    ])
  })

  it('is documented with examples that fit, and a sentence for every code', () => {
    const operations = Object.entries(api.document.paths)
      .filter(([path]) => path.startsWith('/v1/catalogue'))
      .flatMap(([, path]) => Object.values(path))
    expect(operations).to.have.lengthOf(6)
    for (const { responses } of operations)
      for (const { content } of Object.values(responses))
        for (const code of Object.keys(content?.['application/problem+json']?.examples ?? {}))
          expect(SENTENCES).to.have.property(code)
    const example = (path: string) =>
      api.document.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.example
    CatalogueRecord.parse(example('/v1/catalogue/{kind}/{code}'))
    CataloguePage.parse(example('/v1/catalogue/{kind}'))
    CatalogueHistory.parse(example('/v1/catalogue/{kind}/{code}/versions'))
  })
})
