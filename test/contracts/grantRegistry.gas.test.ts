import { expect } from 'chai'
import { id, Wallet } from 'ethers'
import { gasOf, openChain, type Chain, type Signer } from './chain.ts'
import {
  deployGrants,
  grantChain,
  idOf,
  signGrant,
  USE,
  type Grant,
  type Grants,
} from './grants.ts'
import { holderId, openParties, signAct, type Scene } from './parties.ts'

const HOLDER = holderId('landlord')
const WINDOW = { notBefore: 1_690_000_000, notAfter: 1_790_000_000 }

// Gas is deterministic: a figure that moves is a change in what every holder pays, to be decided, not noticed later.
describe('gas of GrantRegistry', () => {
  let chain: Chain
  let scene: Scene
  let grants: Grants
  let people: Signer[]
  let department: Signer
  let hops: Grant[]

  beforeEach(async () => {
    chain = await openChain()
    scene = await openParties(chain)
    people = chain.signers.slice(1, 8)
    department = chain.signers[8]!
    await scene.bind(scene.authority, HOLDER, people[0]!.address)
    await scene.accredit(scene.authority, department)
    grants = await deployGrants(chain, scene)
    hops = await grantChain(grants, people, { holder: HOLDER, uses: 1, ...WINDOW })
  })

  for (const [hop, gas] of [65_829, 76_118, 87_204, 98_277, 109_363].entries())
    it(`of registering a grant ${hop} hops below the root, relayed, is ${gas}`, async () => {
      for (let above = 0; above < hop; above++) await register(above)
      expect(await gasOf(register(hop))).to.be.at.most(gas)
    })

  it('of registering 100 roots of as many holders at once, relayed, is 42177 each', async () => {
    const wallets = Array.from({ length: 100 }, (_, i) => new Wallet(id(`wallet ${i}`)))
    const roots = wallets.map(({ address }, i) => ({
      ...hops[0]!,
      grantor: address,
      holder: holderId(`holder ${i}`),
    }))
    for (const { holder, grantor } of roots) await scene.bind(scene.authority, holder, grantor)
    const signatures = await Promise.all(
      roots.map((grant, i) => signGrant(grants, wallets[i]!, grant)),
    )
    const sent = grants.registerMany(
      roots.map((grant) => [grant]),
      signatures,
    )
    expect(Math.ceil((await gasOf(sent)) / 100)).to.be.at.most(42_177)
  })

  it('of revoking, is 34914', async () => {
    await register(0)
    expect(await gasOf(as(people[0]!).revoke([hops[0]], people[0]!.address, '0x'))).to.be.at.most(
      34_914,
    )
  })

  it('of a counted use two hops below the root, relayed with both signatures, is 99050', async () => {
    for (const hop of [0, 1, 2]) await register(hop)
    const request = {
      grant: await idOf(grants, hops[2]!),
      user: department.address,
      items: 1n,
      purposes: 1n,
      context: id('case and officer'),
      audience: id('node.example'),
      sequence: 0,
      notAfter: WINDOW.notAfter,
    }
    const bySigner = (signer: Signer) => signAct(grants, signer, USE, request)
    const signatures = [await bySigner(department), await bySigner(people[3]!)]
    expect(await gasOf(grants.use(hops.slice(0, 3), request, ...signatures))).to.be.at.most(99_050)
  })

  async function register(hop: number) {
    const signature = await signGrant(grants, people[hop]!, hops[hop]!)
    return grants.register(hops.slice(0, hop + 1), signature)
  }

  function as(signer: Signer): Grants {
    return grants.connect(signer) as unknown as Grants
  }
})
