import { expect } from 'chai'
import { AnchorPage } from '../../api/http/anchors/schema.ts'
import { LoggedEntry } from '../../api/http/entries/schema.ts'
import examples from '../../api/http/examples.json' with { type: 'json' }
import { Material } from '../../api/http/materials/schema.ts'
import { SENTENCES } from '../../api/http/problems.ts'
import { LedgerDescription } from '../../api/http/wellKnown/schema.ts'
import { EvidenceDocument } from '../../node/core/evidence.ts'
import { parseVerifierKey } from '../../node/core/tlog/verifierKey.ts'
import { Verdict } from '../../node/core/verdict.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import type { OpenApi } from './support/documented.ts'

describe('the documentation', () => {
  let api: TestApi
  let document: OpenApi
  before(async () => {
    api = await startTestApi()
    document = (await (await fetch(`${api.url}/openapi.json`)).json()) as OpenApi
  })
  after(() => api.close())

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )

  it('is OpenAPI 3.1 of every route', () => {
    expect(document.openapi).to.equal('3.1.0')
    expect(
      operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    ).to.have.members([
      'GET /v1/materials',
      'POST /v1/materials',
      'POST /v1/materials/batch',
      'GET /v1/materials/{id}',
      'DELETE /v1/materials/{id}',
      'GET /v1/materials/{id}/content',
      'GET /v1/materials/{id}/evidence',
      'POST /v1/materials/{id}/withdrawal',
      'POST /v1/materials/{id}/release',
      'POST /v1/materials/{id}/rejection',
      'GET /v1/quarantine',
      'POST /v1/verify',
      'GET /v1/entries/{index}',
      'GET /v1/anchors',
      'GET /v1/anchors/{size}',
      'POST /v1/catalogue',
      'GET /v1/catalogue/{kind}',
      'GET /v1/catalogue/{kind}/{code}',
      'GET /v1/catalogue/{kind}/{code}/versions',
      'GET /v1/catalogue/{kind}/{code}/versions/{version}/evidence',
      'GET /v1/catalogue/theme/{code}/materials',
      'POST /v1/session/challenge',
      'POST /v1/session',
      'GET /v1/session',
      'DELETE /v1/session',
      'GET /v1/audit',
      'GET /v1/backup',
      'GET /v1/figures',
      'GET /log/checkpoint',
      'GET /log/tile/{level}/{index}',
      'GET /.well-known/onceledger',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
    ])
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('names every parameter of a path', () => {
    for (const { path, operation } of operations()) {
      const named = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(named, path).to.have.members(inPath)
    }
  })

  it('lists the codes of every refusal, each with its sentence', () => {
    for (const { path, operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue
        const codes = Object.keys(content?.['application/problem+json']?.examples ?? {})
        expect(codes, `${path} ${status}`).not.to.have.length(0)
        for (const code of codes) expect(SENTENCES, path).to.have.property(code)
      }
    }
  })

  it('says which operations need a token', () => {
    const open = operations().filter(({ operation }) => operation.security.length === 0)
    expect(open.map(({ operation }) => operation.operationId)).to.have.members([
      'verifyEvidence',
      'getEntry',
      'listAnchors',
      'getAnchors',
      'getCheckpoint',
      'listCatalogue',
      'getCatalogueEntry',
      'getCatalogueHistory',
      'getCatalogueEvidence',
      'getThemeMaterials',
      'getTile',
      'describeLedger',
      'health',
      'readiness',
      'challengeSession',
      'signIn',
    ])
  })

  it('is made from the schemas that check the requests', () => {
    for (const name of [
      'MaterialSubmission',
      'Evidence',
      'Verdict',
      'Problem',
      'Material',
      'Anchor',
    ])
      expect(document.components.schemas).to.have.property(name)
    expect(document.components.schemas['Digest']).to.have.property(
      'pattern',
      '^(sha-256|sm3):[0-9a-f]{64}$',
    )
  })

  it('shows evidence that verifies, and examples that fit their schemas', async () => {
    EvidenceDocument.parse(examples.evidence)
    Material.parse(examples.material)
    LoggedEntry.parse(examples.entry)
    AnchorPage.parse(examples.anchors)
    Verdict.parse(examples.verdict)
    const { origin, logKey } = LedgerDescription.parse(examples.description)
    const { checks, result } = await verifyEvidenceText(JSON.stringify(examples.evidence), {
      log: { origin, key: parseVerifierKey(logKey) },
      witnesses: { quorum: 0, keys: [] },
      chains: [],
    })
    expect(result, JSON.stringify(checks)).to.equal('pass')
  })

  it('shows an example for every JSON that is answered', () => {
    for (const { path, operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const media = Object.entries(content ?? {}).filter(([type]) => type.endsWith('json'))
        for (const [, { example, examples: some }] of media)
          expect(example ?? some, `${path} ${status}`).not.to.equal(undefined)
      }
    }
  })

  it('has every reference it makes', () => {
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).to.have.property(name ?? '')
  })

  it('links no answer to an operation, for which the page keeps no column', () => {
    expect(JSON.stringify(document)).not.to.include('"links":')
  })

  it('is read on a page that loads nothing from elsewhere', async () => {
    const page = await fetch(`${api.url}/docs`)
    const policy = page.headers.get('Content-Security-Policy') ?? ''
    expect(policy).to.include("default-src 'none'").and.not.to.include('unsafe')
    const html = await page.text()
    expect(html).to.include('<title>API · OnceLedger</title>')
    expect(html).not.to.match(/(src|href)="(https?:)?\/\//)
    const loaded = [...html.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map(
      ([, path]) => path,
    )
    expect(loaded).to.have.length.greaterThan(3)
    for (const path of loaded) {
      const asset = await fetch(`${api.url}${path}`)
      expect(asset.status, path).to.equal(200)
      expect(asset.headers.get('X-Content-Type-Options')).to.equal('nosniff')
    }
  })

  for (const name of ['package.json', '..%2Froutes.ts', '__proto__', 'swagger-ui.css.map']) {
    it(`has no asset ${name}`, async () => {
      expect((await fetch(`${api.url}/docs/assets/${name}`)).status).to.equal(404)
    })
  }

  it('is where a browser is led to', async () => {
    const response = await fetch(api.url, { redirect: 'manual' })
    expect(response.status).to.equal(302)
    expect(response.headers.get('Location')).to.equal('/docs')
  })

  it('says which methods a path takes', async () => {
    const response = await api.request('/v1/materials/m-1', { method: 'PUT' })
    expect(response.status).to.equal(405)
    expect(response.headers.get('Allow')?.split(', ')).to.have.members(['GET', 'HEAD', 'DELETE'])
    const fixed = await api.request('/log/checkpoint', { method: 'POST' })
    expect(fixed.status).to.equal(405)
  })
})
