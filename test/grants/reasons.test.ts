import { expect } from 'chai'
import fc from 'fast-check'
import { refusalBy } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { grantIdOf, verifyRegistration } from '../../node/core/grants/rules.ts'
import type { GrantState, GrantWorld } from '../../node/core/grants/world.ts'
import { reasonsAgainst } from '../../node/grants/reasons.ts'
import { maskOf } from '../core/grants/support.ts'
import { ScriptedRegistryChain, addressOf, hashOf } from '../support/registryChain.ts'

const NOW = 1_700_000_000
const { registries } = new ScriptedRegistryChain()
const NEVER: GrantState = { registeredAt: 0, revokedAt: 0, used: 0, lastUse: `0x${'0'.repeat(32)}` }
const [landlord, tenant, agent] = ['landlord', 'tenant', 'agent'].map(addressOf) as [Hex, Hex, Hex]

const idOf = (grant: Grant) => grantIdOf(grant, registries)

const root: Grant = {
  parent: `0x${'0'.repeat(64)}`,
  grantor: landlord,
  grantee: tenant,
  holder: hashOf('holder'),
  scope: hashOf('scope'),
  items: maskOf(0, 1),
  purposes: maskOf(0),
  notBefore: NOW - 100,
  notAfter: NOW + 100,
  depth: 2,
  uses: 3,
  epoch: 0,
  salt: hashOf('salt'),
}
const middle = { ...root, parent: idOf(root), grantor: tenant, grantee: tenant, depth: 1 }
const last = { ...middle, parent: idOf(middle), grantee: agent, depth: 0 }

function worldOf(states: ReadonlyMap<Hex, Partial<GrantState>>, isBound = true): GrantWorld {
  return {
    time: NOW,
    epochOf: () => 0,
    stateOf: (grant) => ({ ...NEVER, ...states.get(grant) }),
    bindingOf: () => ({ from: isBound ? 1 : 0, until: 0, grantsEndedAt: 0 }),
    accountAs: () => undefined,
    accountOf: (party) => party,
  }
}
const above = new Map([root, middle].map((grant) => [idOf(grant), { registeredAt: 1 }]))
const told = (chain: readonly Grant[], world: GrantWorld) =>
  reasonsAgainst(chain, world, registries).map(({ code, details }) => [code, details['hop']])

/** Each alone makes the last grant refused with this code; in the order of the rules. */
const FAULTS: readonly (readonly [code: string, change: Partial<Grant>])[] = [
  ['GRANT_PARENT_MISMATCH', { parent: hashOf('other') }],
  ['GRANT_EMPTY', { grantee: `0x${'0'.repeat(40)}` }],
  ['GRANT_GRANTOR_MISMATCH', { grantor: addressOf('stranger') }],
  ['GRANT_HOLDER_MISMATCH', { holder: hashOf('other') }],
  ['GRANT_SCOPE_MISMATCH', { scope: hashOf('other') }],
  ['GRANT_ITEMS_WIDENED', { items: maskOf(0, 1, 255) }],
  ['GRANT_PURPOSES_WIDENED', { purposes: maskOf(0, 9) }],
  ['GRANT_WINDOW_WIDENED', { notBefore: 0 }],
  ['GRANT_DEPTH_WIDENED', { depth: 1 }],
  ['GRANT_USES_WIDENED', { uses: 0 }],
  ['GRANT_EXPIRED', { notAfter: NOW - 1 }],
]

describe('the reasons against a grant', () => {
  it('are none where the rules let it be registered', () => {
    expect(told([root, middle, last], worldOf(above))).to.deep.equal([])
  })

  it('are all of them, whatever else is wrong, in the order of the rules', () => {
    fc.assert(
      fc.property(fc.subarray([...FAULTS]), (faults) => {
        const changes = faults.map(([, change]) => change)
        const chain = [root, middle, Object.assign({}, last, ...changes) as Grant]
        const expected = faults.map(([code]) => [code, 2])
        expect(told(chain, worldOf(above))).to.deep.equal(expected)
      }),
    )
  })

  it('begin with the one that the rules throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...FAULTS), { maxLength: 3 }),
        fc.array(fc.constantFrom(...FAULTS), { maxLength: 3 }),
        fc.array(fc.constantFrom({}, { registeredAt: 1 }, { revokedAt: 1 }), {
          minLength: 2,
          maxLength: 2,
        }),
        (first, second, known) => {
          const worse = (grant: Grant, faults: typeof first) =>
            Object.assign({}, grant, ...faults.map(([, change]) => change)) as Grant
          const chain = [root, worse(middle, first), worse(last, second)]
          const states = new Map(chain.slice(0, 2).map((grant, i) => [idOf(grant), known[i] ?? {}]))
          const world = worldOf(states)
          const refusal = refusalBy(() => verifyRegistration(chain, world, registries))
          const [reason] = reasonsAgainst(chain, world, registries)
          expect(reason?.code).to.equal(refusal?.code)
          expect(reason?.details).to.deep.equal(refusal?.details)
        },
      ),
    )
  })

  it('tell of grants above that are not there, or are no more', () => {
    const states = new Map([[idOf(middle), { registeredAt: 1, revokedAt: 2 }]])
    expect(told([root, middle, { ...last, uses: 9 }], worldOf(states))).to.deep.equal([
      ['GRANT_NOT_REGISTERED', 0],
      ['GRANT_IS_REVOKED', 1],
      ['GRANT_USES_WIDENED', 2],
    ])
  })

  it('tell of an account that is not bound, after all else', () => {
    expect(told([{ ...root, epoch: 1 }], worldOf(new Map(), false))).to.deep.equal([
      ['GRANT_EPOCH_OUTDATED', 0],
      ['GRANTOR_NOT_BOUND', undefined],
    ])
  })

  it('are one where there is no chain, or too long a one', () => {
    expect(told([], worldOf(above))).to.deep.equal([['GRANT_CHAIN_EMPTY', undefined]])
    const nine = Array.from({ length: 9 }, () => root)
    expect(told(nine, worldOf(above))).to.deep.equal([['GRANT_CHAIN_TOO_LONG', undefined]])
  })
})
