import { expect } from 'chai'
import { dataSlice, id, Signature, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
import { chainTime, eventsOf, moveTime } from './chain.ts'
import { GRANT, idOf, signGrant, type Grant } from './grants.ts'
import { DAY, grantScene, HOLDER } from './grantScene.ts'
import { ACTS, holderId, signAct } from './parties.ts'

describe('GrantRegistry', () => {
  const s = grantScene()

  describe('a grant', () => {
    it('is named by its EIP-712 digest', async () => {
      const { ethers } = s.chain
      const domain = {
        name: 'OnceLedger',
        version: '1',
        chainId: 31337,
        verifyingContract: await s.grants.getAddress(),
      }
      expect(await idOf(s.grants, s.hops[1]!)).to.equal(
        ethers.TypedDataEncoder.hash(domain, GRANT, s.hops[1]!),
      )
      expect(await s.grants.parties()).to.equal(await s.scene.parties.getAddress())
    })

    it('is registered by anyone who has its grantor’s signature', async () => {
      const signature = await signGrant(s.grants, s.landlord, s.hops[0]!)
      const grantId = await idOf(s.grants, s.hops[0]!)
      expect(
        await eventsOf(s.grants, s.as(s.relayer).register([s.hops[0]], signature)),
      ).to.deep.equal([
        {
          name: 'GrantRegistered',
          args: [grantId, HOLDER, ZeroHash, s.landlord.address, s.tenant.address],
        },
      ])
      expect(await s.stateOf(s.hops[0]!)).to.deep.equal([await chainTime(s.chain), 0, 0, 0n])
    })

    it('is registered by its grantor without one', async () => {
      await s.as(s.landlord).register([s.hops[0]], '0x')
      await s.as(s.tenant).register(s.hops.slice(0, 2), '0x')
      expect((await s.stateOf(s.hops[1]!))[0]).to.equal(await chainTime(s.chain))
    })

    it('stays as it is when it is registered again', async () => {
      await s.registerAll()
      const state = await s.stateOf(s.hops[3]!)
      await moveTime(s.chain, 10)
      expect(await eventsOf(s.grants, s.as(s.relayer).register(s.hops, '0x'))).to.deep.equal([])
      expect(await s.stateOf(s.hops[3]!)).to.deep.equal(state)
    })

    it('is registered in batches, each building on those before it', async () => {
      const chains = s.hops.map((_, hop) => s.hops.slice(0, hop + 1))
      const signatures = await Promise.all(
        s.hops.map((grant, hop) => signGrant(s.grants, s.people[hop]!, grant)),
      )
      expect(
        await eventsOf(s.grants, s.as(s.relayer).registerMany(chains, signatures)),
      ).to.have.length(4)
      expect(await s.refused(s.check())).to.equal(undefined)
    })

    it('is not registered when another of its batch is refused', async () => {
      const signatures = [await signGrant(s.grants, s.landlord, s.hops[0]!), '0x1234']
      const chains = [s.hops.slice(0, 1), s.hops.slice(0, 2)]
      expect(await s.refused(s.grants.registerMany(chains, signatures))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      expect((await s.stateOf(s.hops[0]!))[0]).to.equal(0)
      expect(await s.refused(s.grants.registerMany(chains, []))).to.deep.equal({
        name: 'SignaturesMissing',
        args: [2n, 0n],
      })
    })

    it('needs a chain of 1 to 8 grants', async () => {
      expect(await s.refused(s.grants.register([], '0x'))).to.have.property(
        'name',
        'GrantChainEmpty',
      )
      const nine = Array.from({ length: 9 }, () => s.hops[0]!)
      expect(await s.refused(s.grants.register(nine, '0x'))).to.deep.equal({
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
      ['another grantor', () => ({ grantor: s.relayer.address }), 'GrantGrantorMismatch'],
      ['another holder', () => ({ holder: holderId('another') }), 'GrantHolderMismatch'],
      ['another scope', () => ({ scope: id('another') }), 'GrantScopeMismatch'],
      ['another parent', () => ({ parent: id('another') }), 'GrantParentMismatch'],
      ['no parent', () => ({ parent: ZeroHash }), 'GrantParentMismatch'],
    ]

    for (const [name, change, error] of wider)
      it(`refuses ${name} at each hop, on registration and on use`, async () => {
        s.hops = await s.chainOf({ uses: 3 })
        await s.registerAll()
        for (const hop of [1, 2, 3]) {
          const grant = { ...s.hops[hop]!, ...change(s.hops[hop]!, s.hops[hop - 1]!) }
          const signature = await signGrant(s.grants, s.people[hop]!, grant)
          const refusal = { name: error, args: [BigInt(hop)] }
          expect(
            await s.refused(s.grants.register([...s.hops.slice(0, hop), grant], signature)),
          ).to.deep.equal(refusal)
          expect(await s.refused(s.check(s.hops.with(hop, grant)))).to.deep.equal(refusal)
        }
      })

    it('refuses to go on below depth 0', async () => {
      s.hops[0] = { ...s.hops[0]!, depth: 0 }
      await s.as(s.landlord).register([s.hops[0]], '0x')
      s.hops[1] = { ...s.hops[1]!, parent: await idOf(s.grants, s.hops[0]), depth: 0 }
      expect(await s.refused(s.as(s.tenant).register(s.hops.slice(0, 2), '0x'))).to.deep.equal({
        name: 'GrantDepthWidened',
        args: [1n],
      })
    })

    it('refuses a root that names a parent', async () => {
      const [root] = s.hops as [Grant]
      const child = { ...root, parent: id('some grant') }
      expect(await s.refused(s.as(s.landlord).register([child], '0x'))).to.deep.equal({
        name: 'GrantParentMismatch',
        args: [0n],
      })
    })

    it('refuses grants of nothing, to nobody, or for no time', async () => {
      for (const [change, error] of [
        [{ items: 0n }, 'GrantEmpty'],
        [{ purposes: 0n }, 'GrantEmpty'],
        [{ grantee: ZeroAddress }, 'GrantEmpty'],
        [{ notBefore: s.now + 2 * DAY }, 'GrantWindowEmpty'],
      ] as const)
        expect(
          await s.refused(s.as(s.landlord).register([{ ...s.hops[0]!, ...change }], '0x')),
        ).to.deep.equal({ name: error, args: [0n] })
    })

    it('refuses to build on a grant that is not registered', async () => {
      await s.as(s.landlord).register([s.hops[0]], '0x')
      expect(await s.refused(s.as(s.agent).register(s.hops.slice(0, 3), '0x'))).to.deep.equal({
        name: 'GrantNotRegistered',
        args: [1n],
      })
    })
  })

  describe('a holder’s root', () => {
    it('is granted by an account that is bound to the holder', async () => {
      for (const change of [
        { grantor: s.tenant.address },
        { holder: holderId('another') },
      ] as const) {
        const grant = { ...s.hops[0]!, ...change }
        const by = [s.landlord, s.tenant].find(({ address }) => address === grant.grantor)!
        expect(await s.refused(s.as(by).register([grant], '0x'))).to.deep.equal({
          name: 'GrantorNotBound',
          args: [grant.holder, grant.grantor],
        })
      }
      await s.scene.release(s.registrar, HOLDER, s.landlord.address)
      expect(await s.refused(s.as(s.landlord).register([s.hops[0]], '0x'))).to.have.property(
        'name',
        'GrantorNotBound',
      )
    })

    it('outlives its account’s release, unless the registrar ends its grants', async () => {
      await s.registerAll()
      await s.scene.release(s.registrar, HOLDER, s.landlord.address)
      expect(await s.refused(s.check())).to.equal(undefined)
      await s.scene.release(s.registrar, HOLDER, s.landlord.address, true)
      const ended = { name: 'GrantorEnded', args: [HOLDER, s.landlord.address] }
      expect(await s.refused(s.check())).to.deep.equal(ended)
      await s.scene.bind(s.registrar, HOLDER, s.landlord.address)
      expect(await s.refused(s.check())).to.deep.equal(ended)
    })

    it('counts again when it is granted anew after that', async () => {
      await s.registerAll()
      await s.scene.release(s.registrar, HOLDER, s.landlord.address, true)
      await s.scene.bind(s.registrar, HOLDER, s.landlord.address)
      s.hops = await s.chainOf({ salt: id('anew') })
      await s.registerAll()
      expect(await s.refused(s.check())).to.equal(undefined)
    })
  })

  describe('a signature', () => {
    it('counts on this chain and contract alone', async () => {
      for (const domain of [{ chainId: 1 }, { verifyingContract: s.relayer.address }]) {
        const signature = await signGrant(s.grants, s.landlord, s.hops[0]!, domain)
        expect(await s.refused(s.grants.register([s.hops[0]], signature))).to.deep.equal({
          name: 'SignatureInvalid',
          args: [s.landlord.address, await idOf(s.grants, s.hops[0]!)],
        })
      }
    })

    it('is refused with a high s, a wrong v, of 64 or 66 bytes, or by another', async () => {
      const good = await signGrant(s.grants, s.landlord, s.hops[0]!)
      const { r, s: low, v, compactSerialized } = Signature.from(good)
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const highS = toBeHex(order - BigInt(low), 32).slice(2)
      for (const bad of [
        `${r}${highS}${(v === 27 ? 28 : 27).toString(16)}`,
        `${dataSlice(good, 0, 64)}${(v === 27 ? 28 : 27).toString(16)}`,
        `${dataSlice(good, 0, 64)}00`,
        `${dataSlice(good, 0, 64)}1d`,
        compactSerialized,
        `${good}00`,
        dataSlice(good, 0, 64),
        await signGrant(s.grants, s.tenant, s.hops[0]!),
      ])
        expect(await s.refused(s.grants.register([s.hops[0]], bad)), bad).to.have.property(
          'name',
          'SignatureInvalid',
        )
      expect(await s.refused(s.grants.register([s.hops[0]], good))).to.equal(undefined)
    })

    it('cannot be left out by a relayer', async () => {
      expect(await s.refused(s.as(s.relayer).register([s.hops[0]], '0x'))).to.deep.equal({
        name: 'CallerNotAccount',
        args: [s.landlord.address, s.relayer.address],
      })
    })

    it('protects every byte: a changed call registers the same grant or none', async () => {
      const signature = await signGrant(s.grants, s.landlord, s.hops[0]!)
      const grantId = await idOf(s.grants, s.hops[0]!)
      const [to, data] = [
        await s.grants.getAddress(),
        s.grants.interface.encodeFunctionData('register', [[s.hops[0]], signature]),
      ]
      const call = (bytes: Uint8Array) =>
        s.chain.ethers.provider.call({ to, data: `0x${Buffer.from(bytes).toString('hex')}` })
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
      const account = await s.chain.deploy<'changeOwner'>('ContractAccount', [s.clerk.address])
      const grantor = await account.getAddress()
      await s.scene.bind(s.registrar, HOLDER, grantor)
      const grant = { ...s.hops[0]!, grantor }
      const signature = await signGrant(s.grants, s.clerk, grant)
      await account.changeOwner(s.relayer.address)
      expect(await s.refused(s.grants.register([grant], signature))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await account.changeOwner(s.clerk.address)
      expect(await s.refused(s.grants.register([grant], signature))).to.equal(undefined)
    })

    it('of a department that changed its account is that of the new one', async () => {
      await s.registerAll(3)
      const act = {
        accreditor: s.bureau.address,
        department: s.bureau.address,
        account: s.relayer.address,
        nonce: await s.scene.nonce(s.bureau),
      }
      const consent = await signAct(s.scene.parties, s.relayer, ACTS.rekey, act)
      await (s.scene.parties.connect(s.bureau) as typeof s.scene.parties).rekey(act, '0x', consent)
      expect(
        await s.refused(s.grants.register(s.hops, await signGrant(s.grants, s.bureau, s.hops[3]!))),
      ).to.have.property('name', 'SignatureInvalid')
      const signature = await signGrant(s.grants, s.relayer, s.hops[3]!)
      expect(await s.refused(s.grants.register(s.hops, signature))).to.equal(undefined)
    })
  })
})
