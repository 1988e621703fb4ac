import { expect } from 'chai'
import type { Act } from '../../node/core/acts/acts.ts'
import { grantIdOf } from '../../node/core/grants/rules.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { openingsForUse, openScope } from '../../node/core/grants/scope.ts'
import { audienceOf } from '../../node/core/grants/use.ts'
import type { Authorization, UseRequest } from '../../node/core/uses/documents.ts'
import { rpc, until } from '../chain/support/anvil.ts'
import { codeOf } from '../support/codes.ts'
import { askFor, OTHER_MATTER, requestOf, RIGHTS } from '../scenarios/support/town.ts'
import { branch, Chain, listsOf, mask, playerOf } from './support/assault.ts'
import type { Assault, Descent, Player } from './support/assault.ts'

/** What the chain says to whoever comes second. */
const LATE = ['GRANT_USES_EXHAUSTED', 'USE_OUT_OF_SEQUENCE']

export function attacksByUses(get: () => Assault): void {
  let a: Assault
  /** Landlord → … → the last, under which each use is good if nothing else is wrong. */
  let base: Descent
  /** Ends soon at its second grant, and there alone. */
  let short: Descent & { readonly end: number }

  before(async () => {
    a = get()
    const [first, second] = [await playerOf(a.site), await playerOf(a.site)]
    const chain = await new Chain(a.town).grant(a.town.landlord, first)
    const end = Math.floor(Date.now() / 1000) + 8
    await chain.grant(first, second, { notAfter: end })
    short = { chain, players: [a.town.landlord, first, second], end }
    base = await a.descend(3)
  })

  async function released(request: UseRequest, by?: Player): Promise<void> {
    const { status, text } = await a.post(by ?? a.town.market, '/v1/uses', request)
    expect(status, text).to.equal(201)
  }

  async function usedOf({ chain }: Descent): Promise<number> {
    const { mirror, chain: registryChain } = a.registries
    await mirror.reached(await registryChain.head(), AbortSignal.timeout(20_000))
    return mirror.grants.stateOf(chain.id).used
  }

  it('is released under a good chain, so that all below is refused for what is wrong with it', async () => {
    await released(await a.ask(base.chain, last(base)))
  })

  it('is refused once a grant above the one above was revoked, and so is passing on', async () => {
    const descent = await a.descend(3)
    const { chain, players } = descent
    const request = await a.ask(chain, last(descent))
    await chain.revoke(a.town.landlord)
    await a.refusesUse(request, [403, 'GRANT_IS_REVOKED', 0])
    const [, , , agent] = players as [Player, Player, Player, Player]
    const above = chain.grants.at(-1) as Grant
    const child = { ...above, parent: chain.id, grantor: agent.address, depth: above.depth - 1 }
    const act = await a.signedGrant(agent, [...chain.grants, child])
    await a.refuses(agent, '/v1/grants', { act }, [403, 'GRANT_IS_REVOKED'])
  })

  it('is refused once an epoch was bumped between request and use, at whatever hop', async () => {
    const descent = await a.descend(3)
    const requests = [await a.ask(descent.chain, last(descent))]
    requests.push(await a.ask(descent.chain, last(descent)))
    for (const hop of [2, 1]) {
      const { address, wallet } = descent.players[hop] as Player
      const act = { type: 'EpochBump', message: { account: address, epoch: 1 } } as const
      const signature = await a.town.sign(act, { wallet })
      const bumped = await a.post(descent.players[hop], '/v1/grants/epoch', {
        act: { ...act, signature },
      })
      expect(bumped.status, bumped.text).to.equal(201)
      await a.refusesUse(requests[2 - hop] as UseRequest, [403, 'GRANT_EPOCH_OUTDATED', hop])
    }
  })

  it('is refused under a grant that nobody registered', async () => {
    const [, , tenant] = base.players as [Player, Player, Player]
    const other = await playerOf(a.site)
    const chain = branch(base.chain, 2)
    await chain.grant(tenant, other, {}, false)
    await a.refusesUse(await a.ask(chain, { grantee: other }), [403, 'GRANT_NOT_REGISTERED', 2])
  })

  it('goes to exactly one of two departments that race for the last', async () => {
    const { town } = a
    const rival = await town.accredit(town.city, RIGHTS.user, named('竞争的局（示例）'))
    for (let round = 0; round < 3; round++) {
      const descent = await a.descend(2, { uses: 1 })
      const departments = [town.market, rival]
      const requests = await Promise.all(
        departments.map((by) => a.ask(descent.chain, last(descent), { by })),
      )
      const answers = await Promise.all(
        requests.map((request, i) => a.post(departments[i], '/v1/uses', request)),
      )
      const lost = answers.filter(({ status }) => status !== 201)
      expect(lost, answers.map(({ text }) => text.slice(0, 200)).join('\n')).to.have.length(1)
      expect(LATE).to.include(lost[0]?.code)
      expect(lost[0]?.status).to.be.oneOf([403, 409])
      expect(await usedOf(descent)).to.equal(1)
    }
  })

  it('is answered once, however often it comes, and counted once', async () => {
    const descent = await a.descend(2, { uses: 2 })
    const request = await a.ask(descent.chain, last(descent))
    const answers = await Promise.all(
      [1, 2, 3].map(() => a.post(a.town.market, '/v1/uses', request)),
    )
    expect(answers.map(({ status }) => status)).to.have.members([201, 409, 409])
    expect(answers.flatMap(({ code }) => code ?? [])).to.deep.equal([
      'USE_ALREADY_MADE',
      'USE_ALREADY_MADE',
    ])
    await a.refuses(a.town.market, '/v1/uses', request, [409, 'USE_ALREADY_MADE'])
    expect(await usedOf(descent)).to.equal(1)
  })

  it('for another ledger, or after its time, is refused', async () => {
    const audience = audienceOf('log.example.org/other')
    for (const [change, code] of [
      [{ audience }, 'USE_AUDIENCE_OTHER'],
      [{ notAfter: Math.floor(Date.now() / 1000) - 1 }, 'USE_EXPIRED'],
    ] as const)
      await a.refusesUse(await a.ask(base.chain, { ...last(base), change }), [403, code])
  })

  it('that differs in its context alone is decided anew, in whatever order they come', async () => {
    const { market } = a.town
    const preview = async (request: UseRequest) => {
      const authorizations = request.authorizations.map(({ chain, openings }) => ({
        chain,
        openings,
      }))
      const { status, text } = await a.post(market, '/v1/uses/preview', {
        ...request,
        authorizations,
      })
      expect(status, text).to.equal(200)
      const { reasons } = JSON.parse(text) as { reasons: { code: string }[] }
      return reasons.map(({ code }) => code)
    }
    for (const goodFirst of [true, false]) {
      const descent = await a.descend(2)
      const good = await a.ask(descent.chain, last(descent))
      const bad = await a.ask(descent.chain, last(descent), { matter: OTHER_MATTER })
      const steps = [
        async () => {
          expect(await preview(good)).to.deep.equal([])
          await released(good)
        },
        async () => {
          expect(await preview(bad)).to.deep.equal(['USE_PURPOSE_OTHER_MATTER'])
          await a.refusesUse(bad, [403, 'USE_PURPOSE_OTHER_MATTER'])
        },
      ]
      for (const step of goodFirst ? steps : steps.toReversed()) await step()
    }
  })

  it('is refused for anything else than its department signed, be it granted as well', async () => {
    const altered: ((request: UseRequest) => UseRequest)[] = [
      (one) => ({ ...one, context: { ...one.context, cause: '别的事由' } }),
      (one) => ({ ...one, context: { ...one.context, officer: '别人' } }),
      (one) => ({ ...one, context: { ...one.context, case: '310110202600002' } }),
      (one) => ({ ...one, fields: one.fields.slice(1) }),
      (one) => ({ ...one, manner: 'read' }),
    ]
    for (const alter of altered) {
      const request = alter(await a.ask(base.chain, last(base)))
      await a.refusesUse(request, [422, 'USE_CONTEXT_MISMATCH'])
    }
  })

  it('with an opening of another list, of another place or with another salt is refused', async () => {
    const masks = { items: mask(0), purposes: mask(0) }
    const opened = openingsForUse(openScope(base.chain.lists, masks), masks)
    const foreign = openingsForUse(openScope(listsOf(), masks), masks)
    const [item] = opened.items as [(typeof opened.items)[0]]
    for (const [openings, status, code] of [
      [foreign, 422, 'SCOPE_ROOTS_MISMATCH'],
      [{ ...opened, itemsRoot: foreign.itemsRoot }, 422, 'SCOPE_ROOTS_MISMATCH'],
      [{ ...opened, items: [{ ...item, salt: '0'.repeat(64) }] }, 422, 'SCOPE_OPENING_MISMATCH'],
      [{ ...opened, items: foreign.items }, 422, 'SCOPE_OPENING_MISMATCH'],
      [{ ...opened, items: [{ ...item, index: 1 }] }, 422, 'SCOPE_OPENING_MISMATCH'],
    ] as const) {
      const request = await a.ask(base.chain, last(base))
      const authorizations = request.authorizations.map((one) => ({ ...one, openings }))
      await a.refusesUse({ ...request, authorizations } as UseRequest, [status, code])
    }
  })

  it('of items or purposes that the last grant leaves out is refused', async () => {
    const descent = await a.descend(2, { items: mask(1), purposes: mask(1) })
    for (const [authorizing, code] of [
      [{ items: [0], purpose: 1 }, 'USE_ITEMS_NOT_GRANTED'],
      [{ items: [1], purpose: 0 }, 'USE_PURPOSE_NOT_GRANTED'],
    ] as const) {
      const asked = askFor(a.certificate)
      const wide = new Chain(a.town, descent.chain.lists)
      wide.grants.push(...descent.chain.grants)
      const one = await wide.authorize(a.town.market, asked, { ...last(descent), ...authorizing })
      await a.refusesUse(requestOf(asked, one), [403, code])
    }
  })

  it('by a department whose accreditor was withdrawn is refused, and so is whatever it signs', async () => {
    const { town } = a
    const { user, registrar } = RIGHTS
    const district = await town.accredit(town.city, user | registrar, named('被撤销的区（示例）'))
    const street = await town.accredit(district, user | registrar, named('其街道（示例）'))
    const request = await a.ask(base.chain, last(base), { by: street })
    const limited = await a.descend(2, { uses: 1 })
    const counted = await a.ask(limited.chain, last(limited), { by: street })
    const { landlord } = town
    const { client } = street
    const binding = await client.holders.previewBinding(landlord.holder, street.address)
    const act = { type: 'HolderBinding', message: binding.typedData.message } as unknown as Act
    const signature = await town.sign(act, street)

    await town.stand(town.city, district, 2)
    for (const one of [request, counted])
      await a.refuses(street, '/v1/uses', one, [403, 'ROLE_MISSING'])
    await a.refuses(
      street,
      `/v1/holders/${landlord.holder}/accounts`,
      { act: { ...act, signature } },
      [403, 'ROLE_MISSING'],
    )
    // Whoever hands it in: the contract says the same.
    const { acts, uses } = a.registries
    const before = await a.trace()
    for (const [submit, code] of [
      [() => acts.submit({ ...act, signature }), 'NOT_IN_GOOD_STANDING'],
      [() => uses.request(request), 'NOT_ACCREDITED'],
      [() => uses.request(counted), 'NOT_ACCREDITED'],
    ] as const)
      expect(await codeOf(submit())).to.equal(code)
    expect(await a.trace()).to.deep.equal({ ...before, size: before.size + 2 })
    expect(await usedOf(limited)).to.equal(0)
  })

  it('by a department that another one signed for is refused', async () => {
    const request = await a.ask(base.chain, last(base))
    const { bureau } = a.town
    await a.refuses(bureau, '/v1/uses', request, [403, 'ROLE_MISSING'])
    const other = await a.town.accredit(a.town.city, RIGHTS.user, named('别局（示例）'))
    await a.refuses(other, '/v1/uses', request, [403, 'USE_NOT_YOURS'])
    await a.refuses(undefined, '/v1/uses', request, [401, 'TOKEN_MISSING'])
  })

  it('under a grant whose id is that of another chain of grants is refused', async () => {
    const [one] = (await a.ask(base.chain, last(base))).authorizations as [Authorization]
    const asked = askFor(a.certificate)
    const above = branch(base.chain, 2)
    const other = await above.authorize(a.town.market, asked, last(base))
    expect(other.use.grant).to.equal(grantIdOf(above.grants[1] as Grant, a.site.registries))
    const request = requestOf(asked, { ...other, chain: one.chain })
    await a.refusesUse(request, [400, 'USE_GRANT_MISMATCH'])
  })

  it('is refused where the second grant alone has ended', async () => {
    await until(
      async () => Date.now() / 1000,
      (now) => now > short.end + 1,
    )
    // A chain of its own makes no block, and so does not age, while nothing is sent.
    await rpc(a.chainUrl, 'evm_mine')
    await a.refusesUse(await a.ask(short.chain, last(short)), [403, 'GRANT_EXPIRED', 1])
    const [, , second] = short.players as [Player, Player, Player]
    const above = short.chain.grants[1] as Grant
    const parent = short.chain.id
    const child = { ...above, parent, grantor: second.address, depth: above.depth - 1 }
    const act = await a.signedGrant(second, [...short.chain.grants, child])
    await a.refuses(second, '/v1/grants', { act }, [403, 'GRANT_EXPIRED'])
  })
}

/** Who has to let the department use it. */
const last = ({ players }: Descent) => ({ grantee: players.at(-1) as Player })

const named = (name: string) => ({ name, region: '310110' })
