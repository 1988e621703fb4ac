import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import type { RegistryMirror } from '../../node/mirror/openMirror.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { hashOf, ScriptedRegistryChain } from '../support/registryChain.ts'
import * as scene from './scene.ts'

const GRANT = hashOf('grant')

describe('the age of a mirror', () => {
  let chain: ScriptedRegistryChain
  let store: MemoryKeyValueStore
  let mirror: RegistryMirror
  let clock: scene.TestClock

  beforeEach(async () => {
    chain = new ScriptedRegistryChain()
    chain.mine(scene.authorized(), scene.accredited(scene.CITY, scene.AUTHORITY))
    store = new MemoryKeyValueStore()
    clock = new scene.TestClock()
    mirror = await scene.open({ chain, store, clock })
  })

  it('refuses to decide before it agreed with the chain, and when that is too long ago', async () => {
    expect(mirror.age()).to.equal(Infinity)
    expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
    await scene.follow(mirror)
    expect(mirror.age()).to.equal(0)
    clock.milliseconds += 60_000
    expect(mirror.world(0).time).to.equal(0)
    clock.milliseconds += 1
    expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
    expect(() => mirror.assertFresh()).to.throw('MIRROR_STALE')
    expect(mirror.status().isFresh).to.equal(false)
    await scene.follow(mirror)
    mirror.assertFresh()
  })

  it('counts from when the head was asked for, not from when it was answered', async () => {
    chain.before = () => {
      clock.milliseconds += 1_000
    }
    await scene.follow(mirror)
    expect(mirror.age()).to.be.at.least(1)
  })

  it('refuses after a restart until it heard of the chain', async () => {
    await scene.follow(mirror)
    mirror = await scene.open({ chain, store, clock })
    expect(() => mirror.assertFresh()).to.throw('MIRROR_STALE')
  })

  it('refuses while it knows that the chain has other blocks', async () => {
    chain.mine(scene.registered(GRANT))
    await scene.follow(mirror)
    chain.takeBack(1)
    chain.mine(scene.revoked(GRANT))
    chain.before = (method) => {
      if (method === 'events') throw new LedgerError('unavailable', 'CHAIN_TIMEOUT')
    }
    await mirror.look()
    expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
  })

  it('trusts no clock that was set back', async () => {
    await scene.follow(mirror)
    clock.milliseconds -= 1
    expect(() => mirror.assertFresh()).to.throw('MIRROR_STALE')
  })

  it('refuses by an old head where that is limited', async () => {
    const policy = { ...scene.POLICY, headAgeLimit: 100 }
    mirror = await scene.open({ chain, store, clock, policy })
    const { timestamp } = await scene.follow(mirror)
    clock.milliseconds = (timestamp + 100) * 1_000
    await scene.follow(mirror)
    mirror.assertFresh()
    clock.milliseconds += 1_000
    await scene.follow(mirror)
    expect(() => mirror.assertFresh()).to.throw('MIRROR_STALE')
  })
})
