import { expect } from 'chai'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { mayRead, mayReadView } from '../../node/grants/access.ts'
import type { Reader } from '../../node/grants/access.ts'
import { addressOf, hashOf } from '../support/registryChain.ts'

const [landlord, heir, tenant, agent, bureau, clerk, stranger] = [
  'landlord',
  'heir',
  'tenant',
  'agent',
  'bureau',
  'clerk',
  'stranger',
].map(addressOf) as [Hex, Hex, Hex, Hex, Hex, Hex, Hex]
const holder = hashOf('holder')

/** landlord → tenant → agent → bureau, which acts by its clerk's account. */
const line = [
  { holder, grantor: landlord, grantee: tenant },
  { holder, grantor: tenant, grantee: agent },
  { holder, grantor: agent, grantee: bureau },
]
const bound = [landlord, heir]

const reader = (account: Hex, isAuditor = false): Reader => ({
  account,
  isAuditor,
  accountOf: (party) => (party === bureau ? clerk : party),
})
const readers = (may: typeof mayRead, length: number, accounts = bound) =>
  [landlord, heir, tenant, agent, bureau, clerk, stranger].filter((account) =>
    may(reader(account), line.slice(0, length), accounts),
  )

describe('who may know of a grant', () => {
  it('is its holder and whoever passed it on or received it', () => {
    expect(readers(mayRead, 3)).to.deep.equal([landlord, heir, tenant, agent, clerk])
    expect(readers(mayRead, 2)).to.deep.equal([landlord, heir, tenant, agent])
    expect(readers(mayRead, 1)).to.deep.equal([landlord, heir, tenant])
  })

  it('is no account that the holder was released from, though it granted', () => {
    expect(readers(mayRead, 3, [heir])).to.deep.equal([heir, tenant, agent, clerk])
  })

  it('is no key that a department acted by before', () => {
    expect(mayRead(reader(bureau), line, bound)).to.equal(false)
  })

  it('is an auditor', () => {
    expect(mayRead(reader(stranger, true), line, bound)).to.equal(true)
  })

  it('may see what is opened only between the two who made it', () => {
    expect(readers(mayReadView, 1)).to.deep.equal([landlord, heir, tenant])
    expect(readers(mayReadView, 2)).to.deep.equal([tenant, agent])
    expect(readers(mayReadView, 3)).to.deep.equal([agent, clerk])
    expect(readers(mayReadView, 1, [heir])).to.deep.equal([heir, tenant])
    expect(mayReadView(reader(stranger, true), line, bound)).to.equal(false)
    expect(mayReadView(reader(tenant), [], bound)).to.equal(false)
  })
})
