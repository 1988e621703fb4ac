import { expect } from 'chai'
import { readEvents } from '../../api/client/events.ts'
import { caseRoutes } from '../../api/http/cases/routes.ts'
import { checkRoutes } from '../../api/http/checks/routes.ts'
import { LiveUses } from '../../api/http/uses/live.ts'
import type { Use, UsePage } from '../../api/http/uses/schema.ts'
import { useRoutes } from '../../api/http/uses/routes.ts'
import { fieldsAsked } from '../../node/core/checks/questions.ts'
import type { Question } from '../../node/core/checks/questions.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Authorization } from '../../node/core/uses/documents.ts'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { LedgerReuse } from '../../node/reuse/ledgerReuse.ts'
import type { ReuseParts } from '../../node/reuse/ledgerReuse.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { UseDocuments } from '../../node/uses/useDocuments.ts'
import { serveRoutes, sessionOf } from '../cases/support/api.ts'
import type { RoutesApi } from '../cases/support/api.ts'
import { CASE, landlord } from '../cases/support/scene.ts'
import { UseScene } from './support/scene.ts'
import type { AskedFor } from './support/scene.ts'

/** Requests of one department under way at once. */
const CONCURRENCY = 4
/** Nobody granted it. */
const AREA: Question[] = [{ kind: 'is', field: 'area', value: '90' }]
/** An hour before the sessions here end: streams end with them. */
const WITHIN_SESSION = Number.MAX_SAFE_INTEGER - 3_600_000

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
        ...useRoutes({
          ...shared,
          documents,
          live: new LiveUses({ ...shared, now: () => WITHIN_SESSION }),
        }),
        ...caseRoutes({ cases, resolutions, reuse, mirror, wait: 1000 }),
        ...checkRoutes({ checks: s.checks, mirror, wait: 1000 }),
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

  const sign = async (
    what: AskedFor & { readonly questions?: readonly Question[] } = asked,
  ): Promise<[Authorization, Authorization]> => [
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
  const check = async (questions: Question[]) => {
    const { subject, context } = asked
    const authorizations = await sign({
      ...asked,
      fields: fieldsAsked(questions),
      manner: 'read',
      questions,
    })
    return answer(
      await api.post('/v1/checks', { subject, context, questions, authorizations }, token),
    )
  }
  const ownerSession = () =>
    sessionOf(s.cases.grants.landlord.address.toLowerCase() as Hex, 'holder')
  const follow = async (holder: string, more = {}) => {
    const headers = { Authorization: `Bearer ${holder}`, ...more }
    const url = new URL(`/v1/uses/live?holder=${landlord}`, api.url)
    return readEvents((await fetch(url, { headers })).body)
  }
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

  it('tell a holder of each that is released or refused as it happens, also of a refused check', async () => {
    const holder = ownerSession()
    const events = await follow(holder)
    const signed = await sign()
    // Of what nobody granted; then of what was granted, which is listed with its answers; then a use.
    expect(await check(AREA)).to.equal('403 USE_FIELDS_NOT_GRANTED')
    expect(await check([{ kind: 'is', field: 'location', value: '别处' }])).to.equal('201')
    expect(await answer(await ask(signed))).to.equal('201')

    const told = await take(events, 2)
    const [refused, released] = told.map(({ data }) => JSON.parse(data) as Use)
    expect(refused).to.deep.include({
      result: 'refused',
      subject: { kind: 'certificate', id: s.deed },
      user: s.cases.registry.account,
      fields: ['area'],
    })
    expect(refused?.because).to.include({ code: 'USE_FIELDS_NOT_GRANTED' })
    expect(released).to.deep.include({ result: 'released', fields: ['location'] })
    expect(told.map(({ id, event }) => [id, event])).to.deep.equal([
      [String(refused?.index), 'use'],
      [String(released?.index), 'use'],
    ])
    // What was told is what stands in the list, and what is told again to whoever missed it.
    const list = await api.get(`/v1/uses?holder=${landlord}&limit=2`, holder)
    expect(((await list.json()) as UsePage).uses).to.deep.equal([released, refused])
    const before = String((refused?.index ?? 0) - 1)
    expect(await take(await follow(holder, { 'Last-Event-ID': before }), 2)).to.deep.equal(told)
  })

  it('tell a holder of them in the order of the log, whichever answer is ready first', async () => {
    const holder = ownerSession()
    const events = await follow(holder)
    const signed = await sign()
    const { pending } = s.cases
    const forget = pending.forget.bind(pending)
    const { promise: logged, resolve: tellLogged } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    pending.forget = async (id) => {
      pending.forget = forget
      tellLogged()
      await released
      return forget(id)
    }
    const first = ask(signed)
    await logged
    expect(await check(AREA)).to.equal('403 USE_FIELDS_NOT_GRANTED')
    release()
    expect(await answer(await first)).to.equal('201')
    const told = (await take(events, 2)).map(({ data }) => JSON.parse(data) as Use)
    expect(told.map(({ result }) => result)).to.deep.equal(['released', 'refused'])
    const list = await api.get(`/v1/uses?holder=${landlord}&limit=2`, holder)
    expect(((await list.json()) as UsePage).uses.toReversed()).to.deep.equal(told)
  })
})

async function take<T>(events: AsyncGenerator<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const event of events) if (taken.push(event) === count) break
  return taken
}

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
