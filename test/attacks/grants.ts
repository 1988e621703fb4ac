import { expect } from 'chai'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { grantIdOf } from '../../node/core/grants/rules.ts'
import { openScope, scopeOf } from '../../node/core/grants/scope.ts'
import { branch, Chain, listsOf, mask, newKey, playerOf } from './support/assault.ts'
import type { Assault, Descent, Player } from './support/assault.ts'

/** What is wrong with a grant that is passed on, and what it is refused with. */
const WIDER: Readonly<Record<string, [change: (above: Grant) => Partial<Grant>, code: string]>> = {
  'of more items': [() => ({ items: mask(0, 1) }), 'GRANT_ITEMS_WIDENED'],
  'for more purposes': [() => ({ purposes: mask(0, 1) }), 'GRANT_PURPOSES_WIDENED'],
  'from earlier on': [({ notBefore }) => ({ notBefore: notBefore - 1 }), 'GRANT_WINDOW_WIDENED'],
  'for longer': [({ notAfter }) => ({ notAfter: notAfter + 1 }), 'GRANT_WINDOW_WIDENED'],
  'to pass on as often': [({ depth }) => ({ depth }), 'GRANT_DEPTH_WIDENED'],
  'for one use more': [({ uses }) => ({ uses: uses + 1 }), 'GRANT_USES_WIDENED'],
  'for uses without end': [() => ({ uses: 0 }), 'GRANT_USES_WIDENED'],
  'of another holder': [() => ({ holder: newKey() }), 'GRANT_HOLDER_MISMATCH'],
  'of another scope': [() => ({ scope: scopeOf(listsOf()) }), 'GRANT_SCOPE_MISMATCH'],
  'below another grant': [() => ({ parent: newKey() }), 'GRANT_PARENT_MISMATCH'],
}

export function attacksByGrants(get: () => Assault): void {
  let a: Assault
  let base: Descent

  before(async () => {
    a = get()
    const root = { items: mask(0), purposes: mask(0), uses: 3 }
    base = await a.descend(3, root)
  })

  /** A grant below the first `hops` of the base, by whoever received the last of them. */
  function below(hops: number, change: (above: Grant) => Partial<Grant>): Grant {
    const above = base.chain.grants[hops - 1] as Grant
    const parent = grantIdOf(above, a.site.registries)
    const own = { parent, grantor: above.grantee, grantee: newKey().slice(0, 42) as Hex }
    const grant = { ...above, ...own, depth: above.depth - 1, epoch: 0, salt: newKey() }
    return { ...grant, ...change(above) }
  }

  for (const [what, [change, code]] of Object.entries(WIDER))
    it(`is refused at each hop, handed in and in a use, where it is ${what}`, async () => {
      for (const hop of [1, 2, 3]) {
        const chain = branch(base.chain, hop, below(hop, change))
        const act = await a.signedGrant(base.players[hop] as Player, chain.grants)
        const answer = await a.refuses(base.players[hop], '/v1/grants', { act }, [403, code])
        expect(answer.details).to.deep.include({ hop })
        await a.refusesUse(await a.ask(chain), [403, code, hop])
      }
    })

  it('of somebody who did not receive the one above is refused at each hop', async () => {
    const thief = await playerOf(a.site)
    for (const hop of [1, 2, 3]) {
      const stolen = below(hop, () => ({ grantor: thief.address }))
      const chain = branch(base.chain, hop, stolen)
      const act = await a.signedGrant(thief, chain.grants)
      await a.refuses(thief, '/v1/grants', { act }, [403, 'GRANT_GRANTOR_MISMATCH'])
      await a.refusesUse(await a.ask(chain), [403, 'GRANT_GRANTOR_MISMATCH', hop])
    }
  })

  it('in a chain of nine is refused, handed in and in a use', async () => {
    const { players, chain } = await a.descend(1, { depth: 20 })
    const [, tenant] = players as [Player, Player]
    while (chain.grants.length < 9) await chain.grant(tenant, tenant, {}, chain.grants.length < 8)
    const act = await a.signedGrant(tenant, chain.grants)
    await a.refuses(tenant, '/v1/grants', { act }, [400, 'GRANT_CHAIN_TOO_LONG'])
    const { market } = a.town
    await a.refuses(market, '/v1/uses', await a.ask(chain), [400, 'USE_MALFORMED'])
  })

  it('of bits beyond the list is told before it is signed, and shows nothing to anybody', async () => {
    const { landlord, tenant } = a.town
    const lists = listsOf()
    const draft = { grantee: tenant.address, holder: landlord.holder, depth: 1, uses: 0 }
    const window = { notBefore: now() - 60, notAfter: now() + 600 }
    const masks = { items: mask(0, 2), purposes: mask(0) }
    const preview = { grant: { ...draft, ...window, ...masks }, scopeDocument: lists }
    const before = await a.trace()
    const { status, text } = await a.post(landlord, '/v1/grants/preview', preview)
    expect(status, text).to.equal(200)
    const { reasons } = JSON.parse(text) as { reasons: { code: string; index: number }[] }
    expect(reasons.map(({ code, index }) => [code, index])).to.deep.equal([
      ['GRANT_MASK_BEYOND_LIST', 2],
    ])
    expect(await a.trace()).to.deep.equal(before)

    // Signed nevertheless, its bit stands for nothing that anybody could open.
    const chain = await new Chain(a.town, lists).grant(landlord, tenant, masks)
    const request = await a.ask(chain, { grantee: tenant, items: [0] })
    const [one] = request.authorizations as [(typeof request.authorizations)[0]]
    const use = { ...one.use, items: mask(0, 2) }
    const act = { type: 'Use', message: use } as const
    const signature = await a.town.sign(act, a.town.market)
    const granteeSignature = await a.town.sign(act, tenant)
    const authorizations = [{ ...one, use, signature, granteeSignature }]
    await a.refusesUse({ ...request, authorizations }, [400, 'SCOPE_OPENING_MISSING'])
  })

  it('shown with openings of another list or with another salt is refused', async () => {
    const { landlord, tenant } = a.town
    const chain = new Chain(a.town)
    await chain.grant(landlord, tenant, {}, false)
    const act = await a.signedGrant(landlord, chain.grants)
    const masks = { items: mask(0, 1), purposes: mask(0, 1) }
    const own = openScope(chain.lists, masks)
    const items = own.items.map((item) => ({ ...item, salt: '0'.repeat(64) }))
    const swapped = { ...own, itemsRoot: own.purposesRoot, purposesRoot: own.itemsRoot }
    for (const [view, code] of [
      [openScope(listsOf(), masks), 'SCOPE_ROOTS_MISMATCH'],
      [swapped, 'SCOPE_ROOTS_MISMATCH'],
      [{ ...own, items }, 'SCOPE_OPENING_MISMATCH'],
      [{ ...own, items: own.items.toReversed() }, 'ACT_MALFORMED'],
    ] as const)
      await a.refuses(landlord, '/v1/grants', { act, view }, [
        code === 'ACT_MALFORMED' ? 400 : 422,
        code,
      ])
  })
}

const now = () => Math.floor(Date.now() / 1000)
