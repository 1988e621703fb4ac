import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { dayOf } from '../../node/core/catalogue/day.ts'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { GIANTCO, TENANT } from '../scenarios/support/benefitTown.ts'
import { codeOf } from '../support/codes.ts'
import type { Counter, Refusal } from './support/counter.ts'

const FORM = {
  companyName: '上海巨人（示例）有限公司',
  oldAddress: '杨浦区示例路1号',
  newAddress: '杨浦区示例路100号8层',
  signedAt: '2026-11-01',
}
const ARTICLES = { version: '2026年修订', adoptedAt: '2026-03-01' }
const LAPSED = { topic: '变更住所', resolvedAt: '2023-01-01', shareRatio: '66.7' }
const BY_MISTAKE = { reason: 'handed in by mistake' }

/** Materials that are there and may not be used. */
export function badMaterials(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  /** What the case says of a required material. */
  async function resolved(code: string, material: string, consider: object[] = []) {
    const asked = consider.length === 0 ? {} : { consider }
    const { status, text } = await c.assault.post(c.market, `/v1/cases/${code}/resolve`, asked)
    expect(status, text).to.equal(200)
    const { materials } = JSON.parse(text) as Resolution
    const found = materials.find((one) => one.material === material)
    if (found === undefined) throw new Error('the matter asks for it')
    return found
  }

  /** Neither used under a grant of its holder nor taken by a case, which stays as it is. */
  async function refusesAll(
    id: string,
    type: string,
    refusal: Refusal,
    spoil: () => Promise<unknown> = async () => {},
  ) {
    const code = await c.openCase()
    const request = await c.askFor(id, { case: code })
    await spoil()
    const before = await c.caseText(code)
    const { details } = await c.refusesUse(request, refusal)
    expect(details['id']).to.equal(id)
    // What was erased is found by nobody who does not name it, and then without its id.
    const named = [{ material: type, kind: 'material', id }]
    const { state, candidate, rejected } = await resolved(code, type, named)
    expect(candidate?.id).not.to.equal(id)
    const known = refusal[1] === 'MATERIAL_ERASED' ? undefined : id
    expect(rejected.map((one) => [one.id, one.code])).to.deep.include([known, refusal[1]])
    expect(await c.caseText(code)).to.equal(before)
    return { details, state }
  }

  it('that serve once are refused for a second case, and count once', async () => {
    const form = await c.handIn('APP_CHANGE', { fields: FORM })
    const first = await c.askFor(form)
    const use = await c.use(first)
    const { details } = await refusesAll(form, 'APP_CHANGE', [409, 'MATERIAL_SINGLE_USE_SPENT'])
    expect(details['by']).to.equal(use)
    // The case that it went to may look at it again.
    await c.use(await c.askFor(form, { case: first.context.case }))
  })

  it('that came in for one case are refused for another where they serve once', async () => {
    const caseCode = await c.openCase()
    const form = await c.handIn('APP_CHANGE', { fields: FORM, caseCode })
    await refusesAll(form, 'APP_CHANGE', [409, 'MATERIAL_SINGLE_USE_SPENT'])
    expect((await resolved(caseCode, 'APP_CHANGE')).state).to.equal('handedIn')
  })

  it('that serve once are not handed in for a second case as the same bytes again', async () => {
    const caseCode = await c.openCase()
    const content = randomBytes(5000)
    for (const _ of [1, 2]) await c.handIn('APP_CHANGE', { fields: FORM, caseCode }, content)
    const again = c.handIn('APP_CHANGE', { fields: FORM, caseCode: await c.openCase() }, content)
    expect(await codeOf(again)).to.equal('MATERIAL_SINGLE_USE_SPENT')
  })

  it('that are over are refused, with the day', async () => {
    const id = await c.handIn('RESOLUTION', { fields: LAPSED })
    const { details, state } = await refusesAll(id, 'RESOLUTION', [403, 'MATERIAL_EXPIRED'])
    const over = dayOf(Date.parse('2023-01-01T00:00:00+08:00') + 181 * 24 * 3_600_000)
    expect([details['on'], state]).to.deep.equal([over, 'open'])
  })

  it('that are not to be used yet are refused, with the day', async () => {
    const fields = { ...LAPSED, resolvedAt: '2099-01-01' }
    const id = await c.handIn('RESOLUTION', { fields })
    const { details } = await refusesAll(id, 'RESOLUTION', [403, 'MATERIAL_NOT_VALID_YET'])
    expect(details['from']).to.equal('2099-01-01')
  })

  it('whose place a newer one took are refused, with the newer one', async () => {
    const old = await c.handIn('ARTICLES', { fields: ARTICLES })
    const newer = () =>
      c.handIn('ARTICLES', { fields: ARTICLES, supersedes: old, id: 'articles-2' })
    const { details } = await refusesAll(old, 'ARTICLES', [403, 'MATERIAL_SUPERSEDED'], newer)
    expect(details['by']).to.equal('articles-2')
  })

  it('that were withdrawn are refused', async () => {
    const id = await c.handIn('ARTICLES', { fields: ARTICLES })
    const withdraw = () => c.bureau.client.withdraw(id, BY_MISTAKE)
    await refusesAll(id, 'ARTICLES', [403, 'MATERIAL_WITHDRAWN'], withdraw)
  })

  it('that were erased are refused', async () => {
    const id = await c.handIn('ARTICLES', { fields: ARTICLES })
    const erase = () => c.bureau.client.erase(id, { ...BY_MISTAKE, legalBasis: 'PIPL Art. 47' })
    await refusesAll(id, 'ARTICLES', [404, 'MATERIAL_ERASED'], erase)
    await c.refusesGet(c.bureau, `/v1/materials/${id}/content`, [404, 'MATERIAL_ERASED'])
  })

  it('that may not be used any more are not replaced either', async () => {
    const [old, withdrawn, erased] = await Promise.all(
      [1, 2, 3].map(() => c.handIn('ARTICLES', { fields: ARTICLES })),
    )
    const submission = {
      type: 'ARTICLES',
      holder: GIANTCO,
      fields: ARTICLES,
      content: { digests: [`sha-256:${'cd'.repeat(32)}`], size: 9, mediaType: 'application/pdf' },
    }
    await c.handIn('ARTICLES', { fields: ARTICLES, supersedes: old ?? '' })
    await c.bureau.client.withdraw(withdrawn ?? '', BY_MISTAKE)
    await c.bureau.client.erase(erased ?? '', { ...BY_MISTAKE, legalBasis: 'PIPL Art. 47' })
    for (const [supersedes, status, code] of [
      [old, 409, 'MATERIAL_SUPERSEDED'],
      [withdrawn, 409, 'MATERIAL_WITHDRAWN'],
      [erased, 404, 'MATERIAL_ERASED'],
      ['nothing', 404, 'MATERIAL_NOT_FOUND'],
    ] as const)
      await c.refusesPost(c.bureau, '/v1/materials', { ...submission, supersedes }, [status, code])
  })

  describe('of another holder, whose digest somebody knows,', () => {
    const bytes = Buffer.from('%PDF-1.7 公司章程（示例）')
    const digest = createHash('sha256').update(bytes).digest('hex')
    let theirs: string
    before(async () => {
      theirs = await c.handIn('ARTICLES', { fields: ARTICLES }, bytes)
    })

    it('are refused under grants of whoever is not the holder', async () => {
      const request = await c.askFor(theirs, { by: c.place.tenant })
      const { details } = await c.refusesUse(request, [403, 'USE_HOLDER_MISSING'])
      expect(details['holder']).to.equal(c.place.giantco.holder)
    })

    it('are taken by no case of another applicant, whoever names them', async () => {
      const code = await c.openCase({ applicant: c.place.tenant.holder })
      const before = await c.caseText(code)
      const named = [{ material: 'ARTICLES', kind: 'material', id: theirs }]
      const { state, rejected } = await resolved(code, 'ARTICLES', named)
      expect(state).to.equal('open')
      expect(rejected.map((one) => [one.id, one.code])).to.deep.equal([
        [theirs, 'MATERIAL_OTHER_HOLDER'],
      ])
      expect(await c.caseText(code)).to.equal(before)
    })

    it('give nobody their bytes for the digest alone', async () => {
      const stated = {
        type: 'ARTICLES',
        holder: TENANT,
        fields: ARTICLES,
        content: {
          digests: [`sha-256:${digest}`],
          size: bytes.length,
          mediaType: 'application/pdf',
        },
      }
      const { id } = await c.bureau.client.submit({ ...stated, id: 'digest-alone' })
      const path = `/v1/materials/${id}/content`
      await c.refusesGet(c.bureau, path, [404, 'CONTENT_NOT_KEPT'])
      const use = await c.use(await c.askFor(id, { by: c.place.tenant }))
      await c.refusesGet(c.market, `/v1/uses/${use}/document`, [404, 'CONTENT_NOT_KEPT'])
    })

    it('take the place of nothing, and nothing takes theirs', async () => {
      const content = { digests: [`sha-256:${digest}`], size: 9, mediaType: 'application/pdf' }
      const submission = { type: 'ARTICLES', holder: TENANT, fields: ARTICLES, content }
      const refused = await c.refusesPost(
        c.bureau,
        '/v1/materials',
        { ...submission, supersedes: theirs },
        [409, 'MATERIAL_SUPERSEDES_OTHER'],
      )
      expect(refused.details['part']).to.equal('holder')
    })
  })
}
