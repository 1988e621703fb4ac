import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import type { MirrorChange } from '../../node/mirror/mirror.ts'
import type { RegistryMirror } from '../../node/mirror/openMirror.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { hashOf, ScriptedRegistryChain } from '../support/registryChain.ts'
import * as scene from './scene.ts'

const GRANT = hashOf('grant')

describe('a mirror, to those who wait and watch', () => {
  let chain: ScriptedRegistryChain
  let mirror: RegistryMirror

  beforeEach(async () => {
    chain = new ScriptedRegistryChain()
    chain.mine(scene.authorized(), scene.accredited(scene.CITY, scene.AUTHORITY))
    mirror = await scene.open({ chain, store: new MemoryKeyValueStore() })
  })

  const signal = new AbortController().signal

  it('answers once a block is held', async () => {
    await scene.follow(mirror)
    const block = chain.mine(scene.registered(GRANT))
    const reached = mirror.reached(block, signal)
    await mirror.look()
    await reached
    await mirror.reached(block, signal)
    expect(mirror.grants.stateOf(GRANT).registeredAt).to.equal(block.timestamp)
  })

  it('answers for a block that was held before another replaced the one it held', async () => {
    chain.mine(scene.registered(GRANT))
    await scene.follow(mirror)
    chain.takeBack(1)
    const block = chain.mine(scene.bumped(scene.CITY, 1))
    const reached = mirror.reached(block, signal)
    await mirror.look()
    await reached
  })

  it('says that a block was replaced', async () => {
    const lost = chain.mine(scene.registered(GRANT))
    chain.takeBack(1)
    chain.mine(scene.bumped(scene.CITY, 1))
    const reached = codeOf(mirror.reached(lost, signal))
    await scene.follow(mirror)
    expect(await reached).to.equal('BLOCK_REPLACED')
  })

  it('knows blocks below those whose hashes it remembers', async () => {
    const old = chain.mine()
    chain.mineEmpty(200)
    await scene.follow(mirror)
    const reached = mirror.reached(old, signal)
    const wrong = codeOf(mirror.reached({ ...old, hash: GRANT }, signal))
    await mirror.look()
    await reached
    expect(await wrong).to.equal('BLOCK_REPLACED')
  })

  it('stops waiting with the signal, and when it is closed', async () => {
    const stop = new AbortController()
    const block = { number: 99, hash: GRANT }
    const aborted = codeOf(mirror.reached(block, stop.signal))
    const closed = codeOf(mirror.reached(block, signal))
    stop.abort(new LedgerError('unavailable', 'ENOUGH'))
    expect(await aborted).to.equal('ENOUGH')
    await mirror.close()
    expect(await closed).to.equal('MIRROR_CLOSED')
    expect(await codeOf(mirror.reached(block, signal))).to.equal('MIRROR_CLOSED')
    expect(await codeOf(mirror.rebuild())).to.equal('MIRROR_CLOSED')
    expect(mirror.status().state).to.equal('closed')
  })

  it('tells of changes after they are held, and of what was taken back', async () => {
    const changes: MirrorChange[] = []
    const stop = mirror.onChange((change) => {
      expect(mirror.block).to.deep.equal(change.block)
      changes.push(change)
    })
    chain.mine(scene.registered(GRANT))
    await scene.follow(mirror)
    chain.takeBack(1)
    chain.mine(scene.bumped(scene.CITY, 1))
    await scene.follow(mirror)
    chain.takeBack(chain.height + 1)
    chain.mine(scene.authorized())
    await scene.follow(mirror)
    const seen = changes.map(({ undoneTo, events }) => [undoneTo, events.map(({ type }) => type)])
    expect(seen).to.deep.equal([
      [undefined, ['DepartmentAccredited', 'DepartmentAccredited', 'GrantRegistered']],
      [1, ['EpochBumped']],
      [-1, ['DepartmentAccredited']],
    ])
    stop()
    chain.mineEmpty(1)
    await scene.follow(mirror)
    expect(changes).to.have.length(3)
  })

  it('looks by itself once started, at once when woken, and no more once closed', async () => {
    mirror.start()
    await mirror.reached(await chain.head(), signal)
    for (let i = 0; i < 3; i++)
      await mirror.reached(chain.mine(scene.bumped(scene.CITY, i)), signal)
    await mirror.close()
    chain.before = () => expect.fail('asked after closing')
    mirror.wake()
  })
})
