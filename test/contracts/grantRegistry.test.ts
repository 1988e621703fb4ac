import { expect } from 'chai'
import { dataSlice, id, Signature, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
import {
  chainTime,
  eventsOf,
  moveTime,
  openChain,
  refusalOf,
  type Chain,
  type Signer,
} from './chain.ts'
import {
  deployGrants,
  EPOCH_BUMP,
  GRANT,
  grantChain,
  idOf,
  REVOCATION,
  signGrant,
  USE,
  type Grant,
  type Grants,
  type UseRequest,
} from './grants.ts'
import { ACTS, holderId, NO_TYPE, openParties, ROLE, signAct, type Scene } from './parties.ts'

const HOLDER = holderId('landlord')
const DAY = 86_400

describe('GrantRegistry', () => {
  let chain: Chain
  let scene: Scene
  let grants: Grants
  let registrar: Signer, city: Signer, district: Signer, bureau: Signer, other: Signer
  let landlord: Signer, tenant: Signer, agent: Signer, clerk: Signer, relayer: Signer
  let now: number
  /** landlord → tenant → agent → bureau → clerk */
  let people: Signer[]
  let hops: Grant[]

  beforeEach(async () => {
    chain = await openChain()
    ;[registrar, city, district, bureau, other, landlord, tenant, agent, clerk, relayer] =
      chain.signers as [
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
        Signer,
      ]
    scene = await openParties(chain)
    await scene.accredit(registrar, city)
    await scene.accredit(city, district)
    await scene.accredit(district, bureau)
    await scene.accredit(city, other)
    await scene.bind(registrar, HOLDER, landlord.address)
    grants = await deployGrants(chain, scene)
    now = await chainTime(chain)
    people = [landlord, tenant, agent, bureau, clerk]
    hops = await chainOf()
  })

  describe('a grant', () => {
    it('is named by its EIP-712 digest', async () => {
      const { ethers } = chain
      const domain = {
        name: 'OnceLedger',
        version: '1',
        chainId: 31337,
        verifyingContract: await grants.getAddress(),
      }
      expect(await idOf(grants, hops[1]!)).to.equal(
        ethers.TypedDataEncoder.hash(domain, GRANT, hops[1]!),
      )
      expect(await grants.parties()).to.equal(await scene.parties.getAddress())
    })

    it('is registered by anyone who has its grantor’s signature', async () => {
      const signature = await signGrant(grants, landlord, hops[0]!)
      const grantId = await idOf(grants, hops[0]!)
      expect(await eventsOf(grants, as(relayer).register([hops[0]], signature))).to.deep.equal([
        {
          name: 'GrantRegistered',
          args: [grantId, HOLDER, ZeroHash, landlord.address, tenant.address],
        },
      ])
      expect(await stateOf(hops[0]!)).to.deep.equal([await chainTime(chain), 0, 0, 0n])
    })

    it('is registered by its grantor without one', async () => {
      await as(landlord).register([hops[0]], '0x')
      await as(tenant).register(hops.slice(0, 2), '0x')
      expect((await stateOf(hops[1]!))[0]).to.equal(await chainTime(chain))
    })

    it('stays as it is when it is registered again', async () => {
      await registerAll()
      const state = await stateOf(hops[3]!)
      await moveTime(chain, 10)
      expect(await eventsOf(grants, as(relayer).register(hops, '0x'))).to.deep.equal([])
      expect(await stateOf(hops[3]!)).to.deep.equal(state)
    })

    it('is registered in batches, each building on those before it', async () => {
      const chains = hops.map((_, hop) => hops.slice(0, hop + 1))
      const signatures = await Promise.all(
        hops.map((grant, hop) => signGrant(grants, people[hop]!, grant)),
      )
      expect(await eventsOf(grants, as(relayer).registerMany(chains, signatures))).to.have.length(4)
      expect(await refused(check())).to.equal(undefined)
    })

    it('is not registered when another of its batch is refused', async () => {
      const signatures = [await signGrant(grants, landlord, hops[0]!), '0x1234']
      const chains = [hops.slice(0, 1), hops.slice(0, 2)]
      expect(await refused(grants.registerMany(chains, signatures))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      expect((await stateOf(hops[0]!))[0]).to.equal(0)
      expect(await refused(grants.registerMany(chains, []))).to.deep.equal({
        name: 'SignaturesMissing',
        args: [2n, 0n],
      })
    })

    it('needs a chain of 1 to 8 grants', async () => {
      expect(await refused(grants.register([], '0x'))).to.have.property('name', 'GrantChainEmpty')
      const nine = Array.from({ length: 9 }, () => hops[0]!)
      expect(await refused(grants.register(nine, '0x'))).to.deep.equal({
        name: 'GrantChainTooLong',
        args: [9n, 8n],
      })
    })
  })

  describe('passing on', () => {
    const wider: [
      name: string,
      change: (grant: Grant, above: Grant) => Partial<Grant>,
      error: string,
    ][] = [
      ['more items', () => ({ items: 1n << 200n }), 'GrantItemsWidened'],
      ['more purposes', () => ({ purposes: 1n << 200n }), 'GrantPurposesWidened'],
      [
        'an earlier beginning',
        (_, above) => ({ notBefore: above.notBefore - 1 }),
        'GrantWindowWidened',
      ],
      ['a later end', (_, above) => ({ notAfter: above.notAfter + 1 }), 'GrantWindowWidened'],
      ['as much depth', (_, above) => ({ depth: above.depth }), 'GrantDepthWidened'],
      ['more depth', () => ({ depth: 255 }), 'GrantDepthWidened'],
      ['more uses', (_, above) => ({ uses: above.uses + 1 }), 'GrantUsesWidened'],
      ['any number of uses', () => ({ uses: 0 }), 'GrantUsesWidened'],
      ['another grantor', () => ({ grantor: relayer.address }), 'GrantGrantorMismatch'],
      ['another holder', () => ({ holder: holderId('another') }), 'GrantHolderMismatch'],
      ['another scope', () => ({ scope: id('another') }), 'GrantScopeMismatch'],
      ['another parent', () => ({ parent: id('another') }), 'GrantParentMismatch'],
      ['no parent', () => ({ parent: ZeroHash }), 'GrantParentMismatch'],
    ]

    for (const [name, change, error] of wider)
      it(`refuses ${name} at each hop, on registration and on use`, async () => {
        hops = await chainOf({ uses: 3 })
        await registerAll()
        for (const hop of [1, 2, 3]) {
          const grant = { ...hops[hop]!, ...change(hops[hop]!, hops[hop - 1]!) }
          const signature = await signGrant(grants, people[hop]!, grant)
          const refusal = { name: error, args: [BigInt(hop)] }
          expect(
            await refused(grants.register([...hops.slice(0, hop), grant], signature)),
          ).to.deep.equal(refusal)
          expect(await refused(check(hops.with(hop, grant)))).to.deep.equal(refusal)
        }
      })

    it('refuses to go on below depth 0', async () => {
      hops[0] = { ...hops[0]!, depth: 0 }
      await as(landlord).register([hops[0]], '0x')
      hops[1] = { ...hops[1]!, parent: await idOf(grants, hops[0]), depth: 0 }
      expect(await refused(as(tenant).register(hops.slice(0, 2), '0x'))).to.deep.equal({
        name: 'GrantDepthWidened',
        args: [1n],
      })
    })

    it('refuses a root that names a parent', async () => {
      const [root] = hops as [Grant]
      const child = { ...root, parent: id('some grant') }
      expect(await refused(as(landlord).register([child], '0x'))).to.deep.equal({
        name: 'GrantParentMismatch',
        args: [0n],
      })
    })

    it('refuses grants of nothing, to nobody, or for no time', async () => {
      for (const [change, error] of [
        [{ items: 0n }, 'GrantEmpty'],
        [{ purposes: 0n }, 'GrantEmpty'],
        [{ grantee: ZeroAddress }, 'GrantEmpty'],
        [{ notBefore: now + 2 * DAY }, 'GrantWindowEmpty'],
      ] as const)
        expect(
          await refused(as(landlord).register([{ ...hops[0]!, ...change }], '0x')),
        ).to.deep.equal({ name: error, args: [0n] })
    })

    it('refuses to build on a grant that is not registered', async () => {
      await as(landlord).register([hops[0]], '0x')
      expect(await refused(as(agent).register(hops.slice(0, 3), '0x'))).to.deep.equal({
        name: 'GrantNotRegistered',
        args: [1n],
      })
    })
  })

  describe('a holder’s root', () => {
    it('is granted by an account that is bound to the holder', async () => {
      for (const change of [
        { grantor: tenant.address },
        { holder: holderId('another') },
      ] as const) {
        const grant = { ...hops[0]!, ...change }
        const by = [landlord, tenant].find(({ address }) => address === grant.grantor)!
        expect(await refused(as(by).register([grant], '0x'))).to.deep.equal({
          name: 'GrantorNotBound',
          args: [grant.holder, grant.grantor],
        })
      }
      await scene.release(registrar, HOLDER, landlord.address)
      expect(await refused(as(landlord).register([hops[0]], '0x'))).to.have.property(
        'name',
        'GrantorNotBound',
      )
    })

    it('outlives its account’s release, unless the registrar ends its grants', async () => {
      await registerAll()
      await scene.release(registrar, HOLDER, landlord.address)
      expect(await refused(check())).to.equal(undefined)
      await scene.release(registrar, HOLDER, landlord.address, true)
      const ended = { name: 'GrantorEnded', args: [HOLDER, landlord.address] }
      expect(await refused(check())).to.deep.equal(ended)
      await scene.bind(registrar, HOLDER, landlord.address)
      expect(await refused(check())).to.deep.equal(ended)
    })

    it('counts again when it is granted anew after that', async () => {
      await registerAll()
      await scene.release(registrar, HOLDER, landlord.address, true)
      await scene.bind(registrar, HOLDER, landlord.address)
      hops = await chainOf({ salt: id('anew') })
      await registerAll()
      expect(await refused(check())).to.equal(undefined)
    })
  })

  describe('a signature', () => {
    it('counts on this chain and contract alone', async () => {
      for (const domain of [{ chainId: 1 }, { verifyingContract: relayer.address }]) {
        const signature = await signGrant(grants, landlord, hops[0]!, domain)
        expect(await refused(grants.register([hops[0]], signature))).to.deep.equal({
          name: 'SignatureInvalid',
          args: [landlord.address, await idOf(grants, hops[0]!)],
        })
      }
    })

    it('is refused with a high s, a wrong v, of 64 or 66 bytes, or by another', async () => {
      const good = await signGrant(grants, landlord, hops[0]!)
      const { r, s, v, compactSerialized } = Signature.from(good)
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const highS = toBeHex(order - BigInt(s), 32).slice(2)
      for (const bad of [
        `${r}${highS}${(v === 27 ? 28 : 27).toString(16)}`,
        `${dataSlice(good, 0, 64)}${(v === 27 ? 28 : 27).toString(16)}`,
        `${dataSlice(good, 0, 64)}00`,
        `${dataSlice(good, 0, 64)}1d`,
        compactSerialized,
        `${good}00`,
        dataSlice(good, 0, 64),
        await signGrant(grants, tenant, hops[0]!),
      ])
        expect(await refused(grants.register([hops[0]], bad)), bad).to.have.property(
          'name',
          'SignatureInvalid',
        )
      expect(await refused(grants.register([hops[0]], good))).to.equal(undefined)
    })

    it('cannot be left out by a relayer', async () => {
      expect(await refused(as(relayer).register([hops[0]], '0x'))).to.deep.equal({
        name: 'CallerNotAccount',
        args: [landlord.address, relayer.address],
      })
    })

    it('protects every byte: a changed call registers the same grant or none', async () => {
      const signature = await signGrant(grants, landlord, hops[0]!)
      const grantId = await idOf(grants, hops[0]!)
      const [to, data] = [
        await grants.getAddress(),
        grants.interface.encodeFunctionData('register', [[hops[0]], signature]),
      ]
      const call = (bytes: Uint8Array) =>
        chain.ethers.provider.call({ to, data: `0x${Buffer.from(bytes).toString('hex')}` })
      const bytes = Buffer.from(data.slice(2), 'hex')
      let refusals = 0
      for (let i = 0; i < bytes.length; i++)
        try {
          expect(await call(bytes.with(i, bytes[i]! ^ 1)), `byte ${i}`).to.equal(grantId)
        } catch (error) {
          if ((error as Error).name === 'AssertionError') throw error
          refusals++
        }
      // All but the padding after the signature's 65 bytes.
      expect(refusals).to.equal(bytes.length - 31)
    })

    it('of a contract account counts while the account says so', async () => {
      const account = await chain.deploy<'changeOwner'>('ContractAccount', [clerk.address])
      const grantor = await account.getAddress()
      await scene.bind(registrar, HOLDER, grantor)
      const grant = { ...hops[0]!, grantor }
      const signature = await signGrant(grants, clerk, grant)
      await account.changeOwner(relayer.address)
      expect(await refused(grants.register([grant], signature))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await account.changeOwner(clerk.address)
      expect(await refused(grants.register([grant], signature))).to.equal(undefined)
    })

    it('of a department that changed its account is that of the new one', async () => {
      await registerAll(3)
      const act = {
        accreditor: bureau.address,
        department: bureau.address,
        account: relayer.address,
        nonce: await scene.nonce(bureau),
      }
      const consent = await signAct(scene.parties, relayer, ACTS.rekey, act)
      await (scene.parties.connect(bureau) as typeof scene.parties).rekey(act, '0x', consent)
      expect(
        await refused(grants.register(hops, await signGrant(grants, bureau, hops[3]!))),
      ).to.have.property('name', 'SignatureInvalid')
      const signature = await signGrant(grants, relayer, hops[3]!)
      expect(await refused(grants.register(hops, signature))).to.equal(undefined)
    })
  })

  describe('ending', () => {
    beforeEach(() => registerAll())

    it('any grant ends all below it at once, and none above or beside', async () => {
      const beside = { ...hops[1]!, salt: id('beside') }
      await as(tenant).register([hops[0], beside], '0x')
      await revoke(hops.slice(0, 2), tenant)
      for (const hop of [1, 2, 3])
        expect(await refused(check(hops.slice(0, hop + 1)))).to.deep.equal({
          name: 'GrantIsRevoked',
          args: [1n],
        })
      expect(await refused(check(hops.slice(0, 1)))).to.equal(undefined)
      expect(await refused(check([hops[0]!, beside]))).to.equal(undefined)
      const below = { ...hops[2]!, salt: id('below') }
      expect(
        await refused(as(agent).register([...hops.slice(0, 2), below], '0x')),
      ).to.have.property('name', 'GrantIsRevoked')
    })

    it('is told once, and stays', async () => {
      const event = {
        name: 'GrantRevoked',
        args: [await idOf(grants, hops[0]!), HOLDER, landlord.address],
      }
      expect(await eventsOf(grants, revoke(hops.slice(0, 1), landlord))).to.deep.equal([event])
      const revokedAt = await chainTime(chain)
      await moveTime(chain, 10)
      expect(await eventsOf(grants, revoke(hops.slice(0, 1), landlord))).to.deep.equal([])
      expect((await stateOf(hops[0]!))[1]).to.equal(revokedAt)
      expect(await refused(as(landlord).register([hops[0]], '0x'))).to.have.property(
        'name',
        'GrantIsRevoked',
      )
    })

    it('can be done before registering', async () => {
      const grant = { ...hops[0]!, salt: id('held back') }
      await revoke([grant], landlord)
      expect(await refused(as(landlord).register([grant], '0x'))).to.deep.equal({
        name: 'GrantIsRevoked',
        args: [0n],
      })
    })

    it('is open to each grantor above and to each account of the holder', async () => {
      for (const by of [landlord, tenant, agent])
        expect(await refused(staticRevoke(hops.slice(0, 3), by))).to.equal(undefined)
      await scene.bind(registrar, HOLDER, relayer.address)
      expect(await refused(staticRevoke([hops[2]!], relayer))).to.equal(undefined)
    })

    it('is closed to grantees, strangers and grantors of another chain', async () => {
      const grantId = await idOf(grants, hops[1]!)
      for (const by of [agent, bureau, relayer])
        expect(await refused(staticRevoke(hops.slice(0, 2), by))).to.deep.equal({
          name: 'NotRevoker',
          args: [grantId, by.address],
        })
      const forged = { ...hops[0]!, grantor: relayer.address }
      expect(await refused(staticRevoke([forged, hops[1]!], relayer))).to.deep.equal({
        name: 'GrantParentMismatch',
        args: [1n],
      })
      const attempt = as(relayer).revoke(hops.slice(0, 2), tenant.address, '0x')
      expect(await refused(attempt)).to.have.property('name', 'CallerNotAccount')
    })

    it('can be relayed', async () => {
      const act = { grant: await idOf(grants, hops[1]!), revoker: landlord.address }
      const forged = await signAct(grants, tenant, REVOCATION, act)
      const signature = await signAct(grants, landlord, REVOCATION, act)
      const chain2 = hops.slice(0, 2)
      expect(await refused(grants.revoke(chain2, landlord.address, forged))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await as(relayer).revoke(chain2, landlord.address, signature)
      expect((await stateOf(hops[1]!))[1]).to.equal(await chainTime(chain))
    })

    it('by a new epoch takes all that the account granted, at whatever hop', async () => {
      expect(await eventsOf(grants, as(tenant).bumpEpoch(tenant.address, 1, '0x'))).to.deep.equal([
        { name: 'EpochBumped', args: [tenant.address, 1n] },
      ])
      expect(await grants.epochOf(tenant.address)).to.equal(1n)
      expect(await refused(check(hops.slice(0, 3)))).to.deep.equal({
        name: 'GrantEpochOutdated',
        args: [1n],
      })
      const renewed = { ...hops[1]!, epoch: 1 }
      await as(tenant).register([hops[0], renewed], '0x')
      expect(await refused(check([hops[0]!, renewed]))).to.equal(undefined)
      const ahead = { ...hops[1]!, epoch: 2 }
      expect(await refused(as(tenant).register([hops[0], ahead], '0x'))).to.have.property(
        'name',
        'GrantEpochOutdated',
      )
    })

    it('by a new epoch can be relayed, once', async () => {
      const act = { account: tenant.address, epoch: 1 }
      const signature = await signAct(grants, tenant, EPOCH_BUMP, act)
      expect(await refused(as(relayer).bumpEpoch(landlord.address, 1, signature))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await as(relayer).bumpEpoch(tenant.address, 1, signature)
      expect(await refused(as(relayer).bumpEpoch(tenant.address, 1, signature))).to.deep.equal({
        name: 'EpochOutOfOrder',
        args: [tenant.address, 2n, 1n],
      })
      expect(await refused(as(relayer).bumpEpoch(tenant.address, 2, '0x'))).to.have.property(
        'name',
        'CallerNotAccount',
      )
    })
  })

  describe('a use', () => {
    it('is counted for the department that signed it, with the consent of the last grantee', async () => {
      await registerAll(2)
      const request = await requestFor(bureau, hops.slice(0, 2))
      const useId = useIdOf(request, await grants.getAddress())
      expect(await eventsOf(grants, use(hops.slice(0, 2), request, bureau, agent))).to.deep.equal([
        { name: 'GrantUsed', args: [request.grant, HOLDER, bureau.address, useId, 0n] },
      ])
      const [, , used, lastUse] = await stateOf(hops[1]!)
      expect([used, lastUse]).to.deep.equal([1, BigInt(dataSlice(useId, 0, 16))])
    })

    it('needs one signature where the department itself is the last grantee', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      const request = await requestFor(bureau, three)
      const signature = await signAct(grants, bureau, USE, request)
      await as(relayer).use(three, request, signature, '0x')
      expect((await stateOf(hops[2]!))[2]).to.equal(1)
    })

    it('is refused without the last grantee’s consent, or the department’s signature', async () => {
      await registerAll(2)
      const two = hops.slice(0, 2)
      const request = await requestFor(bureau, two)
      for (const [userBy, granteeBy] of [
        [bureau, bureau],
        [bureau, tenant],
        [other, agent],
      ] as const)
        expect(await refused(use(two, request, userBy, granteeBy))).to.have.property(
          'name',
          'SignatureInvalid',
        )
    })

    it('is counted once', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      const request = await requestFor(bureau, three)
      await use(three, request, bureau)
      expect(await refused(use(three, request, bureau))).to.deep.equal({
        name: 'UseOutOfSequence',
        args: [1n, 0n],
      })
      await use(three, await requestFor(bureau, three, { sequence: 1 }), bureau)
      expect((await stateOf(hops[2]!))[2]).to.equal(2)
    })

    it('is counted at every hop that limits uses, however the grants branch', async () => {
      hops = await chainOf({ uses: 2 })
      await registerAll(3)
      const branch = { ...hops[1]!, salt: id('branch'), uses: 1 }
      await as(tenant).register([hops[0], branch], '0x')
      const three = hops.slice(0, 3)
      await use([hops[0]!, branch], await requestFor(bureau, [hops[0]!, branch]), bureau, agent)
      await use(three, await requestFor(bureau, three), bureau)
      expect((await stateOf(hops[0]!))[2]).to.equal(2)
      expect((await stateOf(hops[1]!))[2]).to.equal(1)
      const third = await requestFor(bureau, three, { sequence: 1 })
      expect(await refused(use(three, third, bureau))).to.deep.equal({
        name: 'GrantUsesExhausted',
        args: [0n],
      })
      const again = await requestFor(bureau, [hops[0]!, branch], { sequence: 1 })
      expect(await refused(use([hops[0]!, branch], again, bureau, agent))).to.have.property(
        'name',
        'GrantUsesExhausted',
      )
    })

    it('of a one-time grant goes to exactly one of two departments that race for it', async () => {
      hops = await chainOf({ uses: 1 })
      await registerAll(2)
      const two = hops.slice(0, 2)
      await chain.provider.request({ method: 'evm_setAutomine', params: [false] })
      const sent = []
      for (const department of [bureau, other]) {
        const request = await requestFor(department, two)
        const [user, grantee] = [
          await signAct(grants, department, USE, request),
          await signAct(grants, agent, USE, request),
        ]
        const data = grants.interface.encodeFunctionData('use', [two, request, user, grantee])
        const to = await grants.getAddress()
        sent.push(await department.sendTransaction({ to, data, gasLimit: 500_000 }))
      }
      await chain.provider.request({ method: 'evm_mine' })
      const receipts = await Promise.all(
        sent.map(({ hash }) => chain.ethers.provider.getTransactionReceipt(hash)),
      )
      expect(receipts.map((receipt) => receipt!.status)).to.have.members([0, 1])
      expect(new Set(receipts.map((receipt) => receipt!.blockNumber)).size).to.equal(1)
      expect((await stateOf(hops[0]!))[2]).to.equal(1)
    })

    it('is refused when expired, or for another grant, item, purpose or user than signed', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      const request = await requestFor(bureau, three)
      const signature = await signAct(grants, bureau, USE, request)
      for (const change of [
        { items: 2n },
        { purposes: 2n },
        { context: id('another case') },
        { audience: id('another node') },
        { notAfter: now + 2 * DAY },
        { user: other.address },
      ])
        expect(
          await refused(grants.use(three, { ...request, ...change }, signature, '0x')),
        ).to.have.property('name', 'SignatureInvalid')
      const ofAnother = { ...request, grant: await idOf(grants, hops[1]!) }
      expect(await refused(grants.use(three, ofAnother, signature, '0x'))).to.deep.equal({
        name: 'UseGrantMismatch',
        args: [request.grant, ofAnother.grant],
      })
      await moveTime(chain, 3601)
      expect(await refused(grants.use(three, request, signature, '0x'))).to.deep.equal({
        name: 'UseExpired',
        args: [BigInt(request.notAfter)],
      })
    })

    it('is refused for items not granted, and for none, several or other purposes', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      for (const items of [0n, 1n << 15n, 1n | (1n << 255n)])
        expect(await refused(check(three, { items }))).to.deep.equal({
          name: 'UseItemsNotGranted',
          args: [items],
        })
      for (const purposes of [0n, 3n, 1n << 11n, 1n << 255n])
        expect(await refused(check(three, { purposes }))).to.deep.equal({
          name: 'UsePurposeNotGranted',
          args: [purposes],
        })
    })

    it('is refused to a department that is none, or whose accreditor was withdrawn', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      expect(await refused(check(three, { user: clerk }))).to.deep.equal(notAccreditedAsUser(clerk))
      const request = await requestFor(bureau, three)
      await scene.stand(city, district, 'withdrawn')
      expect(await refused(use(three, request, bureau))).to.deep.equal(notAccreditedAsUser(bureau))
    })

    it('is refused before the beginning and after the end of any hop', async () => {
      const ends = [now + 9000, now + 8000, now + 5000, now + 5000]
      hops = await chainOf()
      for (const [hop, grant] of hops.entries()) {
        const parent = hop > 0 ? await idOf(grants, hops[hop - 1]!) : ZeroHash
        hops[hop] = { ...grant, parent, notBefore: now + hop * 1000, notAfter: ends[hop]! }
      }
      await registerAll(3)
      const at = async (time: number) => {
        await moveTime(chain, time - (await chainTime(chain)))
        return refused(check(hops.slice(0, 3)))
      }
      expect(await at(now + 1500)).to.deep.equal({ name: 'GrantNotYetValid', args: [2n] })
      expect(await at(now + 2500)).to.equal(undefined)
      expect(await at(now + 5500)).to.deep.equal({ name: 'GrantExpired', args: [2n] })
      expect(await at(now + 9500)).to.deep.equal({ name: 'GrantExpired', args: [0n] })
    })

    it('is refused when a grant above was revoked, or an epoch bumped, after the request', async () => {
      await registerAll(3)
      const three = hops.slice(0, 3)
      const request = await requestFor(bureau, three)
      await as(agent).bumpEpoch(agent.address, 1, '0x')
      expect(await refused(use(three, request, bureau))).to.deep.equal({
        name: 'GrantEpochOutdated',
        args: [2n],
      })
      await revoke(hops.slice(0, 1), landlord)
      expect(await refused(use(three, request, bureau))).to.deep.equal({
        name: 'GrantIsRevoked',
        args: [0n],
      })
    })

    it('is refused under a grant that is not registered', async () => {
      await registerAll(2)
      expect(await refused(check(hops.slice(0, 3)))).to.deep.equal({
        name: 'GrantNotRegistered',
        args: [2n],
      })
      expect(await refused(check([]))).to.have.property('name', 'GrantChainEmpty')
    })
  })

  it('keeps the state of a grant in one slot, where evidence proves it', async () => {
    await registerAll(3)
    const three = hops.slice(0, 3)
    await use(three, await requestFor(bureau, three), bureau)
    await as(agent).bumpEpoch(agent.address, 1, '0x')
    const { AbiCoder, keccak256, provider } = { ...chain.ethers, provider: chain.ethers.provider }
    const slotOf = (type: string, key: string, slot: number) =>
      keccak256(AbiCoder.defaultAbiCoder().encode([type, 'uint256'], [key, slot]))
    const address = await grants.getAddress()
    const [registeredAt, revokedAt, used, lastUse] = await stateOf(hops[2]!)
    expect(
      await provider.getStorage(address, slotOf('bytes32', await idOf(grants, hops[2]!), 2)),
    ).to.equal(
      toBeHex(
        BigInt(registeredAt) |
          (BigInt(revokedAt) << 48n) |
          (BigInt(used) << 96n) |
          (lastUse << 128n),
        32,
      ),
    )
    expect(await provider.getStorage(address, slotOf('address', agent.address, 3))).to.equal(
      toBeHex(1, 32),
    )
  })

  function chainOf(change: Partial<Grant> = {}): Promise<Grant[]> {
    const window = { notBefore: now - DAY, notAfter: now + DAY }
    return grantChain(grants, people, { holder: HOLDER, ...window, ...change })
  }

  async function registerAll(count = hops.length): Promise<void> {
    for (let hop = 0; hop < count; hop++)
      await as(people[hop]!).register(hops.slice(0, hop + 1), '0x')
  }

  function revoke(chainOfIt: Grant[], by: Signer) {
    return as(by).revoke(chainOfIt, by.address, '0x')
  }

  function staticRevoke(chainOfIt: Grant[], by: Signer) {
    return as(by).getFunction('revoke').staticCall(chainOfIt, by.address, '0x')
  }

  /** The department asks, the last grantee consents, somebody relays. */
  async function use(path: Grant[], request: UseRequest, user: Signer, grantee = user) {
    const [userSignature, granteeSignature] = [
      await signAct(grants, user, USE, request),
      await signAct(grants, grantee, USE, request),
    ]
    return as(relayer).use(path, request, userSignature, granteeSignature)
  }

  async function requestFor(
    user: Signer,
    path: Grant[],
    change: Partial<UseRequest> = {},
  ): Promise<UseRequest> {
    return {
      grant: await idOf(grants, path.at(-1)!),
      user: user.address,
      items: 1n,
      purposes: 1n,
      context: id('case and officer'),
      audience: id('node.example'),
      sequence: 0,
      notAfter: now + 3600,
      ...change,
    }
  }

  function useIdOf(request: UseRequest, verifyingContract: string): string {
    const domain = { name: 'OnceLedger', version: '1', chainId: 31337, verifyingContract }
    return chain.ethers.TypedDataEncoder.hash(domain, USE, request)
  }

  function check(
    path = hops,
    {
      user = bureau,
      items = 1n,
      purposes = 1n,
    }: {
      user?: Signer
      items?: bigint
      purposes?: bigint
    } = {},
  ): Promise<unknown> {
    return grants.check(path, user.address, items, purposes)
  }

  async function stateOf(
    grant: Grant,
  ): Promise<[registeredAt: number, revokedAt: number, used: number, lastUse: bigint]> {
    const state = await grants.stateOf(await idOf(grants, grant))
    const [registeredAt, revokedAt, used] = state as unknown as bigint[]
    const lastUse = BigInt((state as unknown as string[])[3]!)
    return [Number(registeredAt), Number(revokedAt), Number(used), lastUse]
  }

  function as(signer: Signer): Grants {
    return grants.connect(signer) as unknown as Grants
  }

  async function refused(call: Promise<unknown>) {
    return refusalOf([grants, scene.parties], call)
  }
})

function notAccreditedAsUser(department: Signer) {
  return { name: 'NotAccredited', args: [department.address, BigInt(ROLE.user), NO_TYPE] }
}
