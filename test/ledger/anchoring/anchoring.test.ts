import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { MemoryChain } from '../../../node/chain/memory/memoryChain.ts'
import { MemoryNetwork } from '../../../node/chain/memory/memoryNetwork.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import type { Anchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import type { AnchoringEvent } from '../../../node/ledger/anchoring/cycle.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import { until } from '../../chain/support/anvil.ts'
import { Faults } from './support/faults.ts'
import { GrowingLog } from './support/growingLog.ts'
import { ManualClock } from './support/manualClock.ts'
import { MemoryAnchorStore, statesOf } from './support/memoryAnchorStore.ts'
import { failure, POLICY } from './support/world.ts'

const targetOf = (name: string) => ({
  name,
  chain: new MemoryChain(new MemoryNetwork()),
  policy: POLICY,
})

const never = new AbortController().signal

describe('anchoring on several chains', () => {
  let log: GrowingLog
  let store: MemoryAnchorStore
  let clock: ManualClock
  let networks: [MemoryNetwork, MemoryNetwork]
  let faults: Faults
  let anchoring: Anchoring
  let events: AnchoringEvent[]

  async function open(policy = POLICY): Promise<Anchoring> {
    const parts = {
      log,
      store,
      clock,
      random: () => 1,
      report: (e: AnchoringEvent) => events.push(e),
    }
    faults = new Faults(0, false, failure)
    return openAnchoring(
      [
        { name: 'city', chain: new MemoryChain(networks[0]), policy },
        { name: 'province', chain: faults.chain(new MemoryChain(networks[1])), policy },
      ],
      parts,
    )
  }

  /** Lets time pass in small steps until the status fits. */
  const pass = (fits: (status: ReturnType<Anchoring['status']>) => boolean) =>
    until(async () => {
      clock.advance(POLICY.poll)
      return anchoring.status()
    }, fits)

  const anchoredAt = (city: number, province: number) =>
    pass(([a, b]) => a?.anchoredSize === city && b?.anchoredSize === province)

  beforeEach(async () => {
    log = new GrowingLog()
    store = new MemoryAnchorStore()
    clock = new ManualClock()
    networks = [new MemoryNetwork(11), new MemoryNetwork(22)]
    events = []
    anchoring = await open()
  })

  afterEach(() => anchoring.close())

  it('anchors on each', async () => {
    log.size = 5
    anchoring.wake()
    await anchoredAt(5, 5)
    const anchors = await anchoring.anchorsCovering(4)
    expect(anchors.map(({ chainId, size }) => [chainId, size])).to.deep.equal([
      [11, 5],
      [22, 5],
    ])
  })

  it('goes on with one while another is down, and catches up later', async () => {
    log.size = 5
    anchoring.wake()
    await anchoredAt(5, 5)
    faults.isDown = true
    log.size = 9
    anchoring.wake()
    await pass(([a, b]) => a?.anchoredSize === 9 && b?.error !== undefined)
    const [, down] = anchoring.status()
    expect(down).to.deep.include({ state: 'retrying', anchoredSize: 5 })
    expect(down?.lag.entries).to.equal(4)
    expect(down?.error?.code).to.equal('CHAIN_TIMEOUT')
    expect((await anchoring.anchorsCovering(7)).map(({ target }) => target)).to.deep.equal(['city'])
    faults.isDown = false
    await anchoredAt(9, 9)
    expect(await statesOf(store, 'province')).to.have.length(2)
  })

  it('resolves a wait as soon as any chain has confirmed', async () => {
    faults.isDown = true
    const waiting = anchoring.waitAnchored(5, never)
    log.size = 7
    anchoring.wake()
    await anchoredAt(7, 0)
    const record = await waiting
    expect([record.target, record.size]).to.deep.equal(['city', 7])
    expect((await anchoring.waitAnchored(6, never)).size).to.equal(7)
  })

  it('ends a wait with the reason of its signal', async () => {
    const giveUp = new AbortController()
    const waiting = anchoring.waitAnchored(5, giveUp.signal)
    const reason = new Error('enough')
    giveUp.abort(reason)
    expect(await waiting.catch((error: unknown) => error)).to.equal(reason)
    expect(
      await anchoring.waitAnchored(5, giveUp.signal).catch((error: unknown) => error),
    ).to.equal(reason)
  })

  it('ends every wait when it is closed', async () => {
    const waiting = codeOf(anchoring.waitAnchored(5, never))
    await anchoring.close()
    expect(await waiting).to.equal('ANCHORING_CLOSED')
    expect(await codeOf(anchoring.waitAnchored(5, never))).to.equal('ANCHORING_CLOSED')
  })

  it('rests until the next anchor is due, and is woken by nothing before', async () => {
    log.size = 5
    await anchoredAt(5, 5)
    await pass(() => clock.pauses.every((pause) => pause > POLICY.poll))
    const looks = faults.calls
    log.size = 6
    for (let wakes = 0; wakes < 1_000; wakes++) anchoring.wake()
    await turn()
    expect(faults.calls).to.equal(looks)
    await anchoredAt(6, 6)
  })

  it('is woken by enough entries', async () => {
    log.size = 5
    await anchoredAt(5, 5)
    await pass(() => clock.pauses.every((pause) => pause > POLICY.poll))
    log.size = 5 + POLICY.sizeThreshold
    anchoring.wake()
    // No time passes but what the looks themselves ask for.
    await until(
      () => statesOf(store, 'city'),
      (states) => states.some((state) => state.startsWith('1005 ')),
    )
  })

  it('reports a failure once, and that it is over', async () => {
    await anchoredAt(0, 0)
    faults.isDown = true
    await pass(([, province]) => province?.state === 'retrying')
    for (let looks = 0; looks < 300; looks++) {
      clock.advance(POLICY.backoff.max)
      await turn()
    }
    faults.isDown = false
    await pass(([, province]) => province?.state === 'idle')
    const ofProvince = events.filter(({ target }) => target === 'province')
    expect(ofProvince.map(({ type }) => type)).to.deep.equal(['failed', 'recovered'])
  })

  it('refuses two targets of one name, and names that no store could tell apart', async () => {
    const parts = { log, store, clock, random: () => 1 }
    for (const names of [['a', 'a'], ['A'], [''], ['a/b'], ['x'.repeat(33)]]) {
      expect(await codeOf(openAnchoring(names.map(targetOf), parts))).to.equal(
        'ANCHOR_TARGET_INVALID',
      )
    }
  })

  it('works without any chain', async () => {
    const off = await openAnchoring([], { log, store, clock, random: () => 1 })
    off.wake()
    expect(off.status()).to.deep.equal([])
    expect(await off.anchorsCovering(0)).to.deep.equal([])
    expect(await codeOf(off.waitAnchored(1, never))).to.equal('ANCHORING_OFF')
    await off.close()
  })
})
