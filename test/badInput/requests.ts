import { expect } from 'chai'
import type { Grant } from '../../node/core/grants/grant.ts'
import { openScope, scopeOf } from '../../node/core/grants/scope.ts'
import { until } from '../chain/support/anvil.ts'
import { listsOf, mask } from '../scenarios/support/town.ts'
import { newKey } from '../attacks/support/assault.ts'
import { ADDRESS_CHANGE } from './support/counter.ts'
import type { Counter } from './support/counter.ts'

const HOUR = 3600
/** Seconds for which a request waits here. */
const SOON = 2

/** Requests for grants that nobody answered in time. */
export function badRequests(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  async function ask(code: string, material: string, expires: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const { id } = await c.market.client.requests.make({
      case: code,
      holder: c.place.giantco.holder,
      materials: ['ARTICLES'],
      items: [{ material, may: 'copy' }],
      purposes: [{ matter: ADDRESS_CHANGE, department: c.market.address }],
      notAfter: now + HOUR,
      reason: '住所变更登记',
      expires,
    })
    return id
  }

  /** As the holder signs all that was asked. */
  async function approvalOf(id: string) {
    const { giantco } = c.place
    const { items, purposes, holder, grantee, notAfter, depth, uses } =
      await giantco.client.requests.get(id)
    const lists = listsOf({ items: [...items], purposes: [...purposes] })
    const masks = { items: mask(0), purposes: mask(0) }
    const grant: Grant = {
      parent: mask(),
      grantor: giantco.address,
      grantee,
      holder,
      scope: scopeOf(lists),
      ...masks,
      notBefore: 0,
      notAfter,
      depth,
      uses,
      epoch: 0,
      salt: newKey(),
    }
    return { act: await c.assault.signedGrant(giantco, [grant]), view: openScope(lists, masks) }
  }

  it('are neither approved nor declined once they expired, and the case stays as it is', async () => {
    const { giantco } = c.place
    const code = await c.openCase()
    const articles = await c.handIn('ARTICLES', {
      fields: { version: '2026年修订', adoptedAt: '2026-03-01' },
    })
    const expires = Math.floor(Date.now() / 1000) + SOON
    const late = await ask(code, articles, expires)
    const other = await ask(
      code,
      await c.handIn('ARTICLES', {
        supersedes: articles,
        fields: { version: '3', adoptedAt: '2026-04-01' },
      }),
      expires + HOUR,
    )
    const path = `/v1/grant-requests/${late}`
    const [approval, before] = [await approvalOf(late), await c.caseText(code)]
    await until(
      async () => Math.floor(Date.now() / 1000),
      (now) => now > expires,
    )

    const expired = [409, 'GRANT_REQUEST_EXPIRED'] as const
    const refused = await c.refusesPost(giantco, `${path}/approve`, approval, expired)
    expect(refused.details['expires']).to.equal(expires)
    await c.refusesPost(giantco, `${path}/decline`, { reason: '来不及了' }, expired)
    const { state, answer, draft } = await giantco.client.requests.get(late)
    expect({ state, answer, draft }).to.deep.equal({
      state: 'expired',
      answer: undefined,
      draft: undefined,
    })
    expect(await c.caseText(code)).to.equal(before)
    await c.refusesGet(giantco, `${path}/evidence?of=answer`, [404, 'GRANT_REQUEST_NOT_ANSWERED'])

    // The same in time is approved.
    const approve = `/v1/grant-requests/${other}/approve`
    const approved = await c.assault.post(giantco, approve, await approvalOf(other))
    expect(approved.status, approved.text).to.be.oneOf([200, 201])
    expect((await giantco.client.requests.get(other)).state).to.equal('approved')
  })

  it('are not made for a time that has passed, or too far away', async () => {
    const code = await c.openCase()
    const now = Math.floor(Date.now() / 1000)
    for (const [expires, notAfter] of [
      [now - 1, now + HOUR],
      [now + 31 * 24 * HOUR, now + HOUR],
      [now + HOUR, now - 1],
    ] as const)
      await c.refusesPost(
        c.market,
        '/v1/grant-requests',
        {
          case: code,
          holder: c.place.giantco.holder,
          materials: ['ARTICLES'],
          items: [{ material: 'any', may: 'copy' }],
          purposes: [{ matter: ADDRESS_CHANGE }],
          reason: '住所变更登记',
          expires,
          notAfter,
        },
        [400, 'GRANT_REQUEST_TIMES_WRONG'],
      )
  })
}
