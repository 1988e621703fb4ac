import { expect } from 'chai'
import { hashLeaf } from '../../node/core/hash/hash.ts'
import { verifyInclusion } from '../../node/core/merkle/verify.ts'
import { decodeEntryBundle } from '../../node/core/merkle/tiles.ts'
import { parseVerifierKey } from '../../node/core/tlog/verifierKey.ts'
import { verifyCheckpoint } from '../../node/core/tlog/checkpoint.ts'
import { parseTlogProof } from '../../node/core/tlog/tlogProof.ts'
import { startTestApi } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { answerOf, digestsOnly, open } from './support/http.ts'

describe('the public log', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
    const lines = Array.from({ length: 260 }, (_, i) => JSON.stringify(digestsOnly(`e${i}`)))
    await (
      await api.request('/v1/materials/batch', { method: 'POST', body: lines.join('\n') })
    ).text()
  })
  after(() => api.close())

  /** As anybody, and with the path as it is. */
  const get = (path: string) => answerOf(open(api, { path, headers: { Authorization: '' } }).end())
  const bytesOf = async (path: string) =>
    Buffer.from(await (await fetch(`${api.url}${path}`)).arrayBuffer())
  const trust = () => ({
    origin: api.ledger.origin,
    key: parseVerifierKey(api.ledger.logKey),
  })

  it('gives its newest checkpoint', async () => {
    const { headers, text } = await get('/log/checkpoint')
    expect(headers).to.include({
      'content-type': 'text/plain; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=1',
    })
    expect(verifyCheckpoint(text, trust()).size).to.equal(260)
  })

  it('gives full tiles for ever and partial ones for a while', async () => {
    const full = await get('/log/tile/0/000')
    expect(full.status).to.equal(200)
    expect(full.headers['content-type']).to.equal('application/octet-stream')
    expect(full.headers['cache-control']).to.equal('public, max-age=31536000, immutable')
    const partial = await get('/log/tile/0/001.p/4')
    expect(partial.headers['cache-control']).to.equal('public, max-age=60')
    expect(await bytesOf('/log/tile/0/000')).to.have.length(256 * 32)
    expect(await bytesOf('/log/tile/0/001.p/4')).to.have.length(4 * 32)
    expect(await bytesOf('/log/tile/1/000.p/1')).to.have.length(32)
  })

  it('gives entries that hash to its tiles', async () => {
    const entries = decodeEntryBundle(await bytesOf('/log/tile/entries/001.p/4'))
    const tile = await bytesOf('/log/tile/0/001.p/4')
    expect(Buffer.concat(entries.map(hashLeaf)).equals(tile)).to.equal(true)
  })

  it('gives an entry with a proof that verifies', async () => {
    const { text } = await get('/v1/entries/257')
    const { entry, leafHash, proof } = JSON.parse(text) as Record<string, string>
    expect(entry).to.have.property('kind', 'material.submitted')
    const { index, proof: hashes, checkpoint } = parseTlogProof(proof ?? '')
    expect(index).to.equal(257)
    const leaf = Buffer.from(leafHash ?? '', 'hex')
    verifyInclusion(leaf, { index, proof: hashes }, verifyCheckpoint(checkpoint, trust()))
  })

  for (const [path, status, code] of [
    ['/log/tile/0/001', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/0/001.p/5', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/0/002.p/1', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/2/000.p/1', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/63/000', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/entries/x999/999', 404, 'TILE_NOT_FOUND'],
    ['/log/tile/0/x001/../..', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/x001/%2e%2e/000', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/x000/001', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/0', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/000.p/0', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/000.p/256', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/000.p/04', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/64/000', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/-1/000', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/00/000', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/000%00', 400, 'TILE_PATH_MALFORMED'],
    ['/log/tile/0/', 404, 'ROUTE_NOT_FOUND'],
    ['/log/tile/0', 404, 'ROUTE_NOT_FOUND'],
    ['/log/../v1/audit', 404, 'ROUTE_NOT_FOUND'],
    ['/log/checkpoint/', 404, 'ROUTE_NOT_FOUND'],
    ['/LOG/checkpoint', 404, 'ROUTE_NOT_FOUND'],
    ['/v1/entries/260', 404, 'ENTRY_NOT_FOUND'],
    ['/v1/entries/9007199254740991', 404, 'ENTRY_NOT_FOUND'],
    ['/v1/entries/9007199254740993', 400, 'INDEX_MALFORMED'],
    ['/v1/entries/-1', 400, 'INDEX_MALFORMED'],
    ['/v1/entries/01', 400, 'INDEX_MALFORMED'],
    ['/v1/entries/0x1', 400, 'INDEX_MALFORMED'],
    ['/v1/entries/1e2', 400, 'INDEX_MALFORMED'],
    ['/v1/anchors/7', 404, 'ANCHOR_NOT_FOUND'],
    ['/v1/anchors/0', 404, 'ANCHOR_NOT_FOUND'],
    ['/v1/anchors/x', 400, 'SIZE_MALFORMED'],
    ['/v1/anchors?limit=0', 400, 'QUERY_MALFORMED'],
    ['/v1/anchors?limit=101', 400, 'QUERY_MALFORMED'],
    ['/v1/anchors?cursor=-1', 400, 'QUERY_MALFORMED'],
    ['/v1/anchors?cursor=1&cursor=2', 400, 'QUERY_MALFORMED'],
    ['/v1/anchors?before=1', 400, 'QUERY_MALFORMED'],
  ] as const) {
    it(`refuses ${path}: ${code}`, async () => {
      const answer = await get(path)
      expect(JSON.parse(answer.text)).to.deep.include({ code, status })
      expect(answer.status).to.equal(status)
    })
  }
})
