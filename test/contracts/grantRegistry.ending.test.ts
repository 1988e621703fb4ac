import { expect } from 'chai'
import { id } from 'ethers'
import { chainTime, eventsOf, moveTime } from './chain.ts'
import { EPOCH_BUMP, idOf, REVOCATION } from './grants.ts'
import { grantScene, HOLDER } from './grantScene.ts'
import { signAct } from './parties.ts'

describe('GrantRegistry, ending grants', () => {
  const s = grantScene()

  describe('ending', () => {
    beforeEach(() => s.registerAll())

    it('any grant ends all below it at once, and none above or beside', async () => {
      const beside = { ...s.hops[1]!, salt: id('beside') }
      await s.as(s.tenant).register([s.hops[0], beside], '0x')
      await s.revoke(s.hops.slice(0, 2), s.tenant)
      for (const hop of [1, 2, 3])
        expect(await s.refused(s.check(s.hops.slice(0, hop + 1)))).to.deep.equal({
          name: 'GrantIsRevoked',
          args: [1n],
        })
      expect(await s.refused(s.check(s.hops.slice(0, 1)))).to.equal(undefined)
      expect(await s.refused(s.check([s.hops[0]!, beside]))).to.equal(undefined)
      const below = { ...s.hops[2]!, salt: id('below') }
      expect(
        await s.refused(s.as(s.agent).register([...s.hops.slice(0, 2), below], '0x')),
      ).to.have.property('name', 'GrantIsRevoked')
    })

    it('is told once, and stays', async () => {
      const event = {
        name: 'GrantRevoked',
        args: [await idOf(s.grants, s.hops[0]!), HOLDER, s.landlord.address],
      }
      expect(await eventsOf(s.grants, s.revoke(s.hops.slice(0, 1), s.landlord))).to.deep.equal([
        event,
      ])
      const revokedAt = await chainTime(s.chain)
      await moveTime(s.chain, 10)
      expect(await eventsOf(s.grants, s.revoke(s.hops.slice(0, 1), s.landlord))).to.deep.equal([])
      expect((await s.stateOf(s.hops[0]!))[1]).to.equal(revokedAt)
      expect(await s.refused(s.as(s.landlord).register([s.hops[0]], '0x'))).to.have.property(
        'name',
        'GrantIsRevoked',
      )
    })

    it('can be done before registering', async () => {
      const grant = { ...s.hops[0]!, salt: id('held back') }
      await s.revoke([grant], s.landlord)
      expect(await s.refused(s.as(s.landlord).register([grant], '0x'))).to.deep.equal({
        name: 'GrantIsRevoked',
        args: [0n],
      })
    })

    it('is open to each grantor above and to each account of the holder', async () => {
      for (const by of [s.landlord, s.tenant, s.agent])
        expect(await s.refused(s.staticRevoke(s.hops.slice(0, 3), by))).to.equal(undefined)
      await s.scene.bind(s.registrar, HOLDER, s.relayer.address)
      expect(await s.refused(s.staticRevoke([s.hops[2]!], s.relayer))).to.equal(undefined)
    })

    it('is closed to grantees, strangers and grantors of another chain', async () => {
      const grantId = await idOf(s.grants, s.hops[1]!)
      for (const by of [s.agent, s.bureau, s.relayer])
        expect(await s.refused(s.staticRevoke(s.hops.slice(0, 2), by))).to.deep.equal({
          name: 'NotRevoker',
          args: [grantId, by.address],
        })
      const forged = { ...s.hops[0]!, grantor: s.relayer.address }
      expect(await s.refused(s.staticRevoke([forged, s.hops[1]!], s.relayer))).to.deep.equal({
        name: 'GrantParentMismatch',
        args: [1n],
      })
      const attempt = s.as(s.relayer).revoke(s.hops.slice(0, 2), s.tenant.address, '0x')
      expect(await s.refused(attempt)).to.have.property('name', 'CallerNotAccount')
    })

    it('can be relayed', async () => {
      const act = { grant: await idOf(s.grants, s.hops[1]!), revoker: s.landlord.address }
      const forged = await signAct(s.grants, s.tenant, REVOCATION, act)
      const signature = await signAct(s.grants, s.landlord, REVOCATION, act)
      const chain2 = s.hops.slice(0, 2)
      expect(await s.refused(s.grants.revoke(chain2, s.landlord.address, forged))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await s.as(s.relayer).revoke(chain2, s.landlord.address, signature)
      expect((await s.stateOf(s.hops[1]!))[1]).to.equal(await chainTime(s.chain))
    })

    it('by a new epoch takes all that the account granted, at whatever hop', async () => {
      expect(
        await eventsOf(s.grants, s.as(s.tenant).bumpEpoch(s.tenant.address, 1, '0x')),
      ).to.deep.equal([{ name: 'EpochBumped', args: [s.tenant.address, 1n] }])
      expect(await s.grants.epochOf(s.tenant.address)).to.equal(1n)
      expect(await s.refused(s.check(s.hops.slice(0, 3)))).to.deep.equal({
        name: 'GrantEpochOutdated',
        args: [1n],
      })
      const renewed = { ...s.hops[1]!, epoch: 1 }
      await s.as(s.tenant).register([s.hops[0], renewed], '0x')
      expect(await s.refused(s.check([s.hops[0]!, renewed]))).to.equal(undefined)
      const ahead = { ...s.hops[1]!, epoch: 2 }
      expect(await s.refused(s.as(s.tenant).register([s.hops[0], ahead], '0x'))).to.have.property(
        'name',
        'GrantEpochOutdated',
      )
    })

    it('by a new epoch can be relayed, once', async () => {
      const act = { account: s.tenant.address, epoch: 1 }
      const signature = await signAct(s.grants, s.tenant, EPOCH_BUMP, act)
      expect(
        await s.refused(s.as(s.relayer).bumpEpoch(s.landlord.address, 1, signature)),
      ).to.have.property('name', 'SignatureInvalid')
      await s.as(s.relayer).bumpEpoch(s.tenant.address, 1, signature)
      expect(
        await s.refused(s.as(s.relayer).bumpEpoch(s.tenant.address, 1, signature)),
      ).to.deep.equal({
        name: 'EpochOutOfOrder',
        args: [s.tenant.address, 2n, 1n],
      })
      expect(
        await s.refused(s.as(s.relayer).bumpEpoch(s.tenant.address, 2, '0x')),
      ).to.have.property('name', 'CallerNotAccount')
    })
  })
})
