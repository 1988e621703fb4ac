import { expect } from 'chai'
import { dataSlice, id, toBeHex, ZeroHash } from 'ethers'
import { chainTime, eventsOf, moveTime, type Signer } from './chain.ts'
import { idOf, USE } from './grants.ts'
import { DAY, grantScene, HOLDER } from './grantScene.ts'
import { NO_TYPE, ROLE, signAct } from './parties.ts'

describe('GrantRegistry, using grants', () => {
  const s = grantScene()

  describe('a use', () => {
    it('is counted for the department that signed it, with the consent of the last grantee', async () => {
      await s.registerAll(2)
      const request = await s.requestFor(s.bureau, s.hops.slice(0, 2))
      const useId = s.useIdOf(request, await s.grants.getAddress())
      expect(
        await eventsOf(s.grants, s.use(s.hops.slice(0, 2), request, s.bureau, s.agent)),
      ).to.deep.equal([
        { name: 'GrantUsed', args: [request.grant, HOLDER, s.bureau.address, useId, 0n, 2n] },
      ])
      const [, , used, lastUse] = await s.stateOf(s.hops[1]!)
      expect([used, lastUse]).to.deep.equal([1, BigInt(dataSlice(useId, 0, 16))])
    })

    it('needs one signature where the department itself is the last grantee', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      const request = await s.requestFor(s.bureau, three)
      const signature = await signAct(s.grants, s.bureau, USE, request)
      await s.as(s.relayer).use(three, request, signature, '0x')
      expect((await s.stateOf(s.hops[2]!))[2]).to.equal(1)
    })

    it('is refused without the last grantee’s consent, or the department’s signature', async () => {
      await s.registerAll(2)
      const two = s.hops.slice(0, 2)
      const request = await s.requestFor(s.bureau, two)
      for (const [userBy, granteeBy] of [
        [s.bureau, s.bureau],
        [s.bureau, s.tenant],
        [s.other, s.agent],
      ] as const)
        expect(await s.refused(s.use(two, request, userBy, granteeBy))).to.have.property(
          'name',
          'SignatureInvalid',
        )
    })

    it('is counted once', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      const request = await s.requestFor(s.bureau, three)
      await s.use(three, request, s.bureau)
      expect(await s.refused(s.use(three, request, s.bureau))).to.deep.equal({
        name: 'UseOutOfSequence',
        args: [1n, 0n],
      })
      await s.use(three, await s.requestFor(s.bureau, three, { sequence: 1 }), s.bureau)
      expect((await s.stateOf(s.hops[2]!))[2]).to.equal(2)
    })

    it('is counted at every hop that limits uses, however the grants branch', async () => {
      s.hops = await s.chainOf({ uses: 2 })
      await s.registerAll(3)
      const branch = { ...s.hops[1]!, salt: id('branch'), uses: 1 }
      await s.as(s.tenant).register([s.hops[0], branch], '0x')
      const three = s.hops.slice(0, 3)
      await s.use(
        [s.hops[0]!, branch],
        await s.requestFor(s.bureau, [s.hops[0]!, branch]),
        s.bureau,
        s.agent,
      )
      await s.use(three, await s.requestFor(s.bureau, three), s.bureau)
      expect((await s.stateOf(s.hops[0]!))[2]).to.equal(2)
      expect((await s.stateOf(s.hops[1]!))[2]).to.equal(1)
      const third = await s.requestFor(s.bureau, three, { sequence: 1 })
      expect(await s.refused(s.use(three, third, s.bureau))).to.deep.equal({
        name: 'GrantUsesExhausted',
        args: [0n],
      })
      const again = await s.requestFor(s.bureau, [s.hops[0]!, branch], { sequence: 1 })
      expect(
        await s.refused(s.use([s.hops[0]!, branch], again, s.bureau, s.agent)),
      ).to.have.property('name', 'GrantUsesExhausted')
    })

    it('tells the hops that counted it: the last, and those above with limited uses', async () => {
      const counted = async (): Promise<unknown> => {
        const request = await s.requestFor(s.bureau, s.hops)
        const [event] = await eventsOf(s.grants, s.use(s.hops, request, s.bureau, s.clerk))
        return event!.args[5]
      }
      await s.registerAll()
      expect(await counted()).to.equal(0b1000n)
      s.hops = await s.chainOf({ uses: 3 })
      await s.registerAll()
      expect(await counted()).to.equal(0b1111n)
      s.hops = await s.chainOf({ salt: id('unlimited at first') })
      for (const hop of [1, 2, 3])
        s.hops[hop] = {
          ...s.hops[hop]!,
          parent: await idOf(s.grants, s.hops[hop - 1]!),
          uses: hop < 2 ? 0 : 2,
        }
      await s.registerAll()
      expect(await counted()).to.equal(0b1100n)
    })

    it('of a one-time grant goes to exactly one of two departments that race for it', async () => {
      s.hops = await s.chainOf({ uses: 1 })
      await s.registerAll(2)
      const two = s.hops.slice(0, 2)
      await s.chain.provider.request({ method: 'evm_setAutomine', params: [false] })
      const sent = []
      for (const department of [s.bureau, s.other]) {
        const request = await s.requestFor(department, two)
        const [user, grantee] = [
          await signAct(s.grants, department, USE, request),
          await signAct(s.grants, s.agent, USE, request),
        ]
        const data = s.grants.interface.encodeFunctionData('use', [two, request, user, grantee])
        const to = await s.grants.getAddress()
        sent.push(await department.sendTransaction({ to, data, gasLimit: 500_000 }))
      }
      await s.chain.provider.request({ method: 'evm_mine' })
      const receipts = await Promise.all(
        sent.map(({ hash }) => s.chain.ethers.provider.getTransactionReceipt(hash)),
      )
      expect(receipts.map((receipt) => receipt!.status)).to.have.members([0, 1])
      expect(new Set(receipts.map((receipt) => receipt!.blockNumber)).size).to.equal(1)
      expect((await s.stateOf(s.hops[0]!))[2]).to.equal(1)
    })

    it('is refused when expired, or for another grant, item, purpose or user than signed', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      const request = await s.requestFor(s.bureau, three)
      const signature = await signAct(s.grants, s.bureau, USE, request)
      for (const change of [
        { items: 2n },
        { purposes: 2n },
        { context: id('another case') },
        { audience: id('another node') },
        { notAfter: s.now + 2 * DAY },
        { user: s.other.address },
      ])
        expect(
          await s.refused(s.grants.use(three, { ...request, ...change }, signature, '0x')),
        ).to.have.property('name', 'SignatureInvalid')
      const ofAnother = { ...request, grant: await idOf(s.grants, s.hops[1]!) }
      expect(await s.refused(s.grants.use(three, ofAnother, signature, '0x'))).to.deep.equal({
        name: 'UseGrantMismatch',
        args: [request.grant, ofAnother.grant],
      })
      await moveTime(s.chain, 3601)
      expect(await s.refused(s.grants.use(three, request, signature, '0x'))).to.deep.equal({
        name: 'UseExpired',
        args: [BigInt(request.notAfter)],
      })
    })

    it('is refused for items not granted, and for none, several or other purposes', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      for (const items of [0n, 1n << 15n, 1n | (1n << 255n)])
        expect(await s.refused(s.check(three, { items }))).to.deep.equal({
          name: 'UseItemsNotGranted',
          args: [items],
        })
      for (const purposes of [0n, 3n, 1n << 11n, 1n << 255n])
        expect(await s.refused(s.check(three, { purposes }))).to.deep.equal({
          name: 'UsePurposeNotGranted',
          args: [purposes],
        })
    })

    it('is refused to a department that is none, or whose accreditor was withdrawn', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      expect(await s.refused(s.check(three, { user: s.clerk }))).to.deep.equal(
        notAccreditedAsUser(s.clerk),
      )
      const request = await s.requestFor(s.bureau, three)
      await s.scene.stand(s.city, s.district, 'withdrawn')
      expect(await s.refused(s.use(three, request, s.bureau))).to.deep.equal(
        notAccreditedAsUser(s.bureau),
      )
    })

    it('is refused before the beginning and after the end of any hop', async () => {
      const ends = [s.now + 9000, s.now + 8000, s.now + 5000, s.now + 5000]
      s.hops = await s.chainOf()
      for (const [hop, grant] of s.hops.entries()) {
        const parent = hop > 0 ? await idOf(s.grants, s.hops[hop - 1]!) : ZeroHash
        s.hops[hop] = { ...grant, parent, notBefore: s.now + hop * 1000, notAfter: ends[hop]! }
      }
      await s.registerAll(3)
      const at = async (time: number) => {
        await moveTime(s.chain, time - (await chainTime(s.chain)))
        return s.refused(s.check(s.hops.slice(0, 3)))
      }
      expect(await at(s.now + 1500)).to.deep.equal({ name: 'GrantNotYetValid', args: [2n] })
      expect(await at(s.now + 2500)).to.equal(undefined)
      expect(await at(s.now + 5500)).to.deep.equal({ name: 'GrantExpired', args: [2n] })
      expect(await at(s.now + 9500)).to.deep.equal({ name: 'GrantExpired', args: [0n] })
    })

    it('is refused when a grant above was revoked, or an epoch bumped, after the request', async () => {
      await s.registerAll(3)
      const three = s.hops.slice(0, 3)
      const request = await s.requestFor(s.bureau, three)
      await s.as(s.agent).bumpEpoch(s.agent.address, 1, '0x')
      expect(await s.refused(s.use(three, request, s.bureau))).to.deep.equal({
        name: 'GrantEpochOutdated',
        args: [2n],
      })
      await s.revoke(s.hops.slice(0, 1), s.landlord)
      expect(await s.refused(s.use(three, request, s.bureau))).to.deep.equal({
        name: 'GrantIsRevoked',
        args: [0n],
      })
    })

    it('is refused under a grant that is not registered', async () => {
      await s.registerAll(2)
      expect(await s.refused(s.check(s.hops.slice(0, 3)))).to.deep.equal({
        name: 'GrantNotRegistered',
        args: [2n],
      })
      expect(await s.refused(s.check([]))).to.have.property('name', 'GrantChainEmpty')
    })
  })

  it('keeps the state of a grant in one slot, where evidence proves it', async () => {
    await s.registerAll(3)
    const three = s.hops.slice(0, 3)
    await s.use(three, await s.requestFor(s.bureau, three), s.bureau)
    await s.as(s.agent).bumpEpoch(s.agent.address, 1, '0x')
    const { AbiCoder, keccak256, provider } = {
      ...s.chain.ethers,
      provider: s.chain.ethers.provider,
    }
    const slotOf = (type: string, key: string, slot: number) =>
      keccak256(AbiCoder.defaultAbiCoder().encode([type, 'uint256'], [key, slot]))
    const address = await s.grants.getAddress()
    const [registeredAt, revokedAt, used, lastUse] = await s.stateOf(s.hops[2]!)
    expect(
      await provider.getStorage(address, slotOf('bytes32', await idOf(s.grants, s.hops[2]!), 2)),
    ).to.equal(
      toBeHex(
        BigInt(registeredAt) |
          (BigInt(revokedAt) << 48n) |
          (BigInt(used) << 96n) |
          (lastUse << 128n),
        32,
      ),
    )
    expect(await provider.getStorage(address, slotOf('address', s.agent.address, 3))).to.equal(
      toBeHex(1, 32),
    )
  })
})

function notAccreditedAsUser(department: Signer) {
  return { name: 'NotAccredited', args: [department.address, BigInt(ROLE.user), NO_TYPE] }
}
