import { expect } from 'chai'
import { Use } from '../../../node/core/acts/acts.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { GrantDocument, type Grant } from '../../../node/core/grants/grant.ts'
import {
  grantIdOf,
  verifyGrantChain,
  verifyRegistration,
  verifyRevocation,
  verifyUsable,
  verifyUse,
} from '../../../node/core/grants/rules.ts'
import type { GrantWorld } from '../../../node/core/grants/world.ts'
import { goodQuestions, PARTIES, person, PLACE } from '../../vectors/grantShapes.ts'
import { registriesOf } from './judge.ts'
import { ListedWorld } from './plainWorld.ts'
import { maskOf, refusalOf, refused } from './support.ts'

const registries = registriesOf({
  chainId: PLACE.chainId,
  parties: PARTIES,
  grants: PLACE.contract,
})
const { good } = goodQuestions[2]!
const chain = good.chain.map((grant) => GrantDocument.parse(grant))
const use = Use.parse(good.use)
const world = new ListedWorld(good.world, PLACE.authority)
const ids = good.world.states.map(({ grant }) => grant)
const revoker = good.revoker as Hex

describe('a chain of grants', () => {
  it('is answered with its ids, root first, by every rule that it keeps', () => {
    for (const answer of [
      verifyRegistration(chain, world, registries),
      verifyGrantChain(chain, world, registries),
      verifyUsable(chain, use, world, registries),
      verifyUse(chain, use, world, registries),
      verifyRevocation(chain, revoker, world, registries),
    ])
      expect(answer).to.deep.equal(ids)
  })

  it('is made of other grants on another chain or contract', () => {
    const [root] = chain as [Grant]
    expect(grantIdOf(root, registries)).to.equal(ids[0])
    const others = [
      { ...registries, chainId: 1 },
      { ...registries, grants: person('another registry') as Hex },
    ]
    for (const other of others) {
      expect(grantIdOf(root, other)).to.not.equal(ids[0])
      expect(refused(() => verifyUse(chain, use, world, other))).to.deep.equal([
        'GRANT_NOT_REGISTERED',
        { hop: 0 },
      ])
    }
  })

  it('is known by the ids that a caller keeps', () => {
    const asked: Grant[] = []
    const kept = new Map(chain.map((grant, hop) => [grant, ids[hop] as Hex]))
    const answer = verifyUse(chain, use, world, registries, (grant) => {
      asked.push(grant)
      return kept.get(grant)!
    })
    expect(answer).to.deep.equal(ids)
    expect(asked).to.deep.equal(chain)
  })

  it('is not judged by a world that cannot answer', () => {
    const unproven = new LedgerError('unverified', 'STATE_NOT_PROVEN')
    const silent: GrantWorld = {
      time: world.time,
      epochOf: (account) => world.epochOf(account),
      bindingOf: (holder, account) => world.bindingOf(holder, account),
      accountOf: (department) => world.accountOf(department),
      accountAs: (department, role) => world.accountAs(department, role),
      stateOf: () => {
        throw unproven
      },
    }
    expect(refusalOf(() => verifyUse(chain, use, silent, registries))).to.equal(unproven)
  })
})

describe('whether a grant is usable', () => {
  it('is refused for what was not granted, and says what', () => {
    const items = maskOf(0, 3)
    const purposes = maskOf(0, 1)
    expect(ask({ items })).to.deep.equal(['USE_ITEMS_NOT_GRANTED', { items }])
    expect(ask({ purposes })).to.deep.equal(['USE_PURPOSE_NOT_GRANTED', { purposes }])
    expect(ask({ sequence: 9, notAfter: 0, grant: maskOf() })).to.equal(undefined)
  })

  it('is a question of its own, apart from the department that asks', () => {
    const nobody: GrantWorld = new ListedWorld({ ...good.world, departments: [] }, PLACE.authority)
    expect(verifyGrantChain(chain, nobody, registries)).to.deep.equal(ids)
    const error = refusalOf(() => verifyUsable(chain, use, nobody, registries))
    expect([error?.kind, error?.code]).to.deep.equal(['forbidden', 'NOT_ACCREDITED'])
  })
})

function ask(asked: Partial<Use>): ReturnType<typeof refused> {
  return refused(() => verifyUsable(chain, { ...use, ...asked }, world, registries))
}
