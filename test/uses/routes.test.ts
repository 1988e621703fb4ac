import { expect } from 'chai'
import { caseRoutes } from '../../api/http/cases/routes.ts'
import { LiveUses } from '../../api/http/uses/live.ts'
import { useRoutes } from '../../api/http/uses/routes.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { LedgerReuse } from '../../node/reuse/ledgerReuse.ts'
import type { ReuseParts } from '../../node/reuse/ledgerReuse.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { UseDocuments } from '../../node/uses/useDocuments.ts'
import { serveRoutes, sessionOf } from '../cases/support/api.ts'
import type { RoutesApi } from '../cases/support/api.ts'
import { CASE } from '../cases/support/scene.ts'
import { UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

/** Requests of one department under way at once. */
const CONCURRENCY = 4

describe('uses over HTTP', () => {
  let s: UseScene
  let api: RoutesApi
  let asked: AskedFor
  let token = ''

  before(async () => {
    s = await UseScene.open(async () => new MemoryKeyValueStore())
    const { cases, resolutions } = s.cases
    const { account } = s.cases.registry
    await s.cases.openCase({}, account)
    const { ledger, mirror, directory, chain } = s.cases.grants
    const shared = { uses: s.uses, mirror, directory, wait: 1000, now: () => s.cases.grants.time }
    const documents = new UseDocuments({ uses: s.uses, maker: NOTHING_MADE })
    const found = { cases, resolutions: finding(s.deed) }
    const reuse = new LedgerReuse({ ...shared, ...found, ledger, checks: s.checks, chain })
    api = await serveRoutes(
      [
        ...useRoutes({ ...shared, documents, live: new LiveUses(shared) }),
        ...caseRoutes({ cases, resolutions, reuse, mirror, wait: 1000 }),
      ],
      { concurrency: CONCURRENCY },
    )
    token = sessionOf(account)
  })
  beforeEach(() => {
    asked = s.asked()
    s.counts.length = 0
  })
  after(async () => {
    await api.close()
    await s.close()
  })

  const sign = async (what: AskedFor = asked): Promise<[Authorization, Authorization]> => [
    await s.authorize(await s.grant('landlord', 1), what),
    await s.authorize(await s.grant('tenant', 1), what),
  ]
  const ask = (authorizations: readonly Authorization[], key?: string) =>
    api.post(
      '/v1/uses',
      { ...asked, authorizations },
      token,
      key === undefined ? {} : { 'Idempotency-Key': key },
    )
  const reuse = (authorizations: readonly Authorization[], key: string) =>
    api.post(
      `/v1/cases/${CASE}/reuse`,
      { uses: [{ material: 'PROPERTY', request: { ...asked, authorizations } }] },
      token,
      { 'Idempotency-Key': key },
    )

  it('give two equal requests with one key at the same moment one answer', async () => {
    const signed = await sign()
    const twins = await Promise.all([ask(signed, 'k-1'), ask(signed, 'k-1')])
    expect(twins.map(({ status }) => status)).to.deep.equal([201, 200])
    const [first, second] = twins.map((one) => one.headers.get('Location'))
    expect(first).to.equal(second)
    expect(s.counts).to.have.length(2)
  })

  it('refuse the second of two requests with one key, at the same moment or later', async () => {
    const [one, other] = [await sign(), await sign()]
    const both = await Promise.all([ask(one, 'k-2'), ask(other, 'k-2')])
    expect(await Promise.all(both.map(answer))).to.deep.equal(['201', '409 IDEMPOTENCY_KEY_REUSED'])
    expect(await answer(await ask(other, 'k-2'))).to.equal('409 IDEMPOTENCY_KEY_REUSED')
    expect(s.counts).to.have.length(2)
    // The key of another route is another one, and what was refused cost nothing.
    expect(await answer(await ask(other, 'k-3'))).to.equal('201')
  })

  it('refuse the second of two reuses with one key as a whole, at the same moment or later', async () => {
    const [one, other] = [await sign(), await sign()]
    const both = await Promise.all([reuse(one, 'k-1'), reuse(other, 'k-1'), reuse(one, 'k-1')])
    expect(await Promise.all(both.map(answer))).to.deep.equal([
      '200',
      '409 IDEMPOTENCY_KEY_REUSED',
      '200',
    ])
    expect(await answer(await reuse(other, 'k-1'))).to.equal('409 IDEMPOTENCY_KEY_REUSED')
  })

  it('wait for each other up to what a department may have under way, and no more', async () => {
    const signed = await sign()
    const { promise: counting, resolve: release } = Promise.withResolvers<void>()
    s.beforeCount = () => counting
    const answers = Array.from({ length: CONCURRENCY + 1 }, () => ask(signed))
    // All that got in wait for the chain, or for the one that does.
    const turnedAway = await Promise.race(answers)
    expect(await answer(turnedAway)).to.equal('429 CONCURRENCY_LIMITED')
    expect(Number(turnedAway.headers.get('Retry-After'))).to.be.at.least(1)
    s.beforeCount = () => {}
    release()
    const codes = await Promise.all(answers.map(async (one) => answer(await one)))
    expect(codes.toSorted()).to.deep.equal([
      '201',
      ...Array.from({ length: CONCURRENCY - 1 }, () => '409 USE_ALREADY_MADE'),
      '429 CONCURRENCY_LIMITED',
    ])
    expect(s.counts).to.have.length(2)
  })
})

const answer = async (response: Response) => {
  const { code } = (await response.clone().json()) as { code?: string }
  return `${response.status}${code === undefined ? '' : ` ${code}`}`
}

const NOTHING_MADE: ConstructorParameters<typeof UseDocuments>[0]['maker'] = {
  make: () => Promise.reject(new TypeError('no document is asked for')),
}

/** A resolution that takes one certificate. */
function finding(id: string): ReuseParts['resolutions'] {
  const materials = [{ material: 'PROPERTY', state: 'ready', candidate: { id } }]
  return { ofCase: async () => ({ materials }) as unknown as Resolution }
}
