import { expect } from 'chai'
import type { Anchorer } from '../../../node/ledger/anchoring/anchorer.ts'
import { Faults } from './support/faults.ts'
import { GrowingLog } from './support/growingLog.ts'
import { statesOf } from './support/memoryAnchorStore.ts'
import { failure, World } from './support/world.ts'

describe('anchorer', () => {
  let world: World
  let anchorer: Anchorer

  beforeEach(async () => {
    world = new World()
    anchorer = await world.open()
  })

  afterEach(() => anchorer.close())

  const states = () => statesOf(world.store)
  const attempts = async () => (await world.store.get('main', 5))?.attempts ?? []
  const types = () => world.events.map(({ type }) => type)

  describe('when to anchor', () => {
    it('opens the log on chain before there is anything to anchor', async () => {
      await world.settle(anchorer)
      expect(anchorer.status().log?.chainId).to.equal(1337)
      expect(await states()).to.deep.equal([])
    })

    it('anchors the first entries at once, and later ones after the interval', async () => {
      world.log.size = 1
      await world.settle(anchorer)
      world.log.size = 2
      await anchorer.look()
      expect(await states()).to.deep.equal(['1 confirmed'])
      world.clock.advance(world.policy.interval)
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['1 confirmed', '2 confirmed'])
    })

    it('does not wait for the interval once there are enough entries', async () => {
      await world.anchor(anchorer, 1)
      world.log.size = 1_000
      await anchorer.look()
      expect(await states()).to.deep.equal(['1 confirmed'])
      world.log.size = 1_001
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['1 confirmed', '1001 confirmed'])
    })

    it('does not wait for a clock that was set back', async () => {
      await world.anchor(anchorer, 5)
      world.clock.advance(-1_000_000_000)
      world.log.size = 9
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
    })

    it('anchors nothing while nothing is new', async () => {
      await world.anchor(anchorer, 5)
      const { number } = world.network.head
      world.clock.advance(1_000_000)
      await world.settle(anchorer)
      expect(world.network.head.number).to.equal(number)
    })

    it('brings one anchor after the other', async () => {
      await world.settle(anchorer)
      world.network.automine = false
      world.log.size = 5
      await anchorer.look()
      world.log.size = 9
      world.clock.advance(world.policy.interval)
      await anchorer.look()
      expect(await states()).to.deep.equal(['5 submitted'])
      world.network.automine = true
      world.network.mine()
      await world.settle(anchorer)
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
    })
  })

  describe('confirmed and final', () => {
    it('waits for the confirmations', async () => {
      world.policy = { ...world.policy, confirmations: 3 }
      const patient = await world.open()
      world.log.size = 5
      for (let looks = 0; looks < 4; looks++) await patient.look()
      expect(await states()).to.deep.equal(['5 submitted'])
      world.network.mine()
      await patient.look()
      expect(await states()).to.deep.equal(['5 submitted'])
      world.network.mine()
      await patient.look()
      expect((await states())[0]).to.match(/^5 (confirmed|final)$/)
    })

    it('is final at the configured depth', async () => {
      await world.anchor(anchorer, 5)
      world.network.mine()
      await anchorer.look()
      expect(anchorer.status().finalSize).to.equal(0)
      world.network.mine()
      await anchorer.look()
      expect(await states()).to.deep.equal(['5 final'])
      expect(anchorer.status().finalSize).to.equal(5)
    })

    it('asks a chain that makes blocks on demand for those it needs', async () => {
      world.policy = { ...world.policy, confirmations: 4, finalDepth: 6 }
      world.chainOptions = { minesOnDemand: true }
      const asking = await world.open()
      world.log.size = 5
      await world.settle(asking)
      expect(await states()).to.deep.equal(['5 final'])
      const { number } = world.network.head
      await world.settle(asking)
      expect(world.network.head.number).to.equal(number)
    })

    it('keeps where it was mined, and no bytes that need not be sent again', async () => {
      await world.anchor(anchorer, 5)
      const record = await world.store.get('main', 5)
      expect(record?.mined?.block.number).to.equal(world.network.head.number)
      expect(record?.attempts.map(({ raw }) => raw)).to.deep.equal([undefined])
      expect(record?.mined?.transaction).to.equal(record?.attempts[0]?.transaction)
      expect(record?.checkpoint).to.equal(world.log.checkpoint().note)
    })
  })

  describe('transactions that get stuck or lost', () => {
    beforeEach(async () => {
      await world.settle(anchorer)
      world.network.automine = false
      world.log.size = 5
      await anchorer.look()
    })

    it('raises the fees at the same nonce, an eighth each time and ever more patiently', async () => {
      world.clock.advance(world.policy.stuckAfter)
      await anchorer.look()
      await anchorer.look()
      expect((await attempts()).length).to.equal(2)
      world.clock.advance(2 * world.policy.stuckAfter)
      await anchorer.look()
      const sent = await attempts()
      expect(new Set(sent.map(({ nonce }) => nonce)).size).to.equal(1)
      expect(sent.map(({ fees }) => fees)).to.deep.equal([
        { gasPrice: 1000n },
        { gasPrice: 1125n },
        { gasPrice: 1266n },
      ])
      world.network.mine()
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 confirmed'])
      expect(anchorer.status().resends).to.equal(2)
    })

    it('offers no more than the cap', async () => {
      world.policy = { ...world.policy, maxFeePerGas: 1_100n }
      const capped = await world.open()
      world.clock.advance(world.policy.stuckAfter)
      await capped.look()
      expect(capped.status().error?.code).to.equal('ANCHOR_FEE_CAPPED')
      expect((await attempts()).length).to.equal(1)
      world.network.mine()
      await world.settle(capped)
      expect(await states()).to.deep.equal(['5 confirmed'])
    })

    it('confirms whichever of its transactions is mined', async () => {
      const [first] = await attempts()
      world.clock.advance(world.policy.stuckAfter)
      await anchorer.look()
      // Some nodes never heard of the replacement.
      world.network.dropPending()
      const signed = world.network.signed.get(first!.transaction)
      world.network.accept(signed!)
      world.network.mine()
      await world.settle(anchorer)
      expect((await world.store.get('main', 5))?.mined?.transaction).to.equal(first?.transaction)
    })

    it('sends the very same transaction again when the chain forgot it', async () => {
      world.network.dropPending()
      await anchorer.look()
      expect(world.network.isPending((await attempts())[0]!.transaction)).to.equal(true)
      expect((await attempts()).length).to.equal(1)
      expect(types()).to.deep.equal(['resent'])
    })

    it('signs anew when another transaction took the nonce', async () => {
      const { operator } = world.chain() as unknown as { operator: `0x${string}` }
      const [first] = await attempts()
      const stranger = { hash: `0x${'77'.repeat(32)}`, from: operator } as const
      const call = { type: 'createLog', origin: 'another' } as const
      const fees = { gasPrice: 5_000n }
      world.network.accept({ ...stranger, call, nonce: first!.nonce, fees })
      world.network.mine()
      world.network.automine = true
      await world.settle(anchorer)
      expect((await attempts()).map(({ nonce }) => nonce)).to.deep.equal([
        first!.nonce,
        first!.nonce + 1,
      ])
      expect(await states()).to.deep.equal(['5 confirmed'])
    })

    it('survives a restart', async () => {
      const restarted = await world.open()
      world.network.mine()
      await world.settle(restarted)
      expect(await states()).to.deep.equal(['5 confirmed'])
      expect((await attempts()).length).to.equal(1)
    })
  })

  describe('chains that take blocks back', () => {
    beforeEach(async () => {
      await world.anchor(anchorer, 5)
      await world.anchor(anchorer, 9)
    })

    it('confirms again what the chain mined again elsewhere', async () => {
      const before = (await world.store.get('main', 9))?.mined?.block
      world.network.reorganise(1)
      world.network.mine(2)
      await world.settle(anchorer)
      const after = await world.store.get('main', 9)
      expect(after?.mined?.block.hash).to.not.equal(before?.hash)
      expect(after?.attempts.length).to.equal(1)
      expect(types()).to.include('lost')
      expect(anchorer.status().reorganisations).to.equal(1)
    })

    it('makes again what the chain forgot', async () => {
      world.network.reorganise(1, true)
      await anchorer.look()
      expect(await statesOf(world.store)).to.deep.equal(['5 confirmed', '9 submitted'])
      expect((await anchorer.anchorCovering(7))?.size).to.equal(undefined)
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
      expect(world.anchoredSize(anchorer)).to.equal(9)
    })

    it('makes only the newest of several again: it covers what the others covered', async () => {
      world.network.reorganise(2, true)
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 reorganised', '9 confirmed'])
      expect((await anchorer.anchorCovering(0))?.size).to.equal(9)
    })

    it('makes the newest again even when it was final', async () => {
      world.network.mine(5)
      await anchorer.look()
      expect(await states()).to.deep.equal(['5 final', '9 final'])
      world.network.reorganise(7, true)
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 reorganised', '9 confirmed'])
      expect(anchorer.status()).to.deep.include({ finalSize: 0, anchoredSize: 9 })
    })

    it('creates the log again and anchors all of it after a reset', async () => {
      world.network.reset()
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 reorganised', '9 confirmed'])
      expect(world.anchoredSize(anchorer)).to.equal(9)
      await world.anchor(anchorer, 12)
      expect((await anchorer.anchorCovering(10))?.size).to.equal(12)
      expect((await anchorer.anchorCovering(3))?.size).to.equal(9)
    })

    it('does the same when the reset happens while it is down', async () => {
      world.network.reset()
      world.log.size = 20
      const restarted = await world.open()
      await world.settle(restarted)
      await world.settle(restarted)
      expect(await states()).to.deep.equal(['5 reorganised', '9 confirmed', '20 confirmed'])
    })

    it('does the same for an anchor that is on its way', async () => {
      world.network.automine = false
      world.log.size = 12
      world.clock.advance(world.policy.interval)
      await anchorer.look()
      world.network.reset()
      world.network.automine = true
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['5 reorganised', '9 reorganised', '12 confirmed'])
    })

    it('gives a head that lies behind its time before anything counts as lost', async () => {
      world.policy = { ...world.policy, grace: 30_000 }
      const patient = await world.open()
      world.network.reorganise(1, true)
      await patient.look()
      expect(patient.status().error?.code).to.equal('CHAIN_BEHIND')
      expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
      world.clock.advance(30_000)
      await world.settle(patient)
      expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
      expect(types()).to.include('lost')
    })
  })

  describe('chains that contradict the log', () => {
    beforeEach(() => world.anchor(anchorer, 9))

    it('halts when the chain holds more than the log: the data folder was rolled back', async () => {
      world.log.size = 7
      await anchorer.look()
      expect(anchorer.status()).to.deep.include({ state: 'halted' })
      expect(anchorer.status().error?.code).to.equal('LOG_ROLLED_BACK')
      expect(world.events.at(-1)).to.deep.include({ type: 'failed', halted: true })
    })

    it('halts when the chain holds another root: the log forked', async () => {
      world.log = new GrowingLog(world.log.origin, 'another entry')
      world.log.size = 12
      const { number } = world.network.head
      const restarted = await world.open()
      await world.settle(restarted)
      expect(restarted.status().error?.code).to.equal('LOG_FORKED')
      expect(world.network.head.number).to.equal(number)
    })

    it('halts when its target is another chain than before', async () => {
      const other = new World()
      other.store = world.store
      Object.defineProperty(other.network, 'chainId', { value: 5 })
      const moved = await other.open()
      await moved.look()
      expect(moved.status().error?.code).to.equal('CHAIN_ID_CHANGED')
      expect(other.network.head.number).to.equal(0)
    })

    it('halts when the log has another operator', async () => {
      world.chainOptions = { operator: `0x${'bb'.repeat(20)}` }
      const stranger = await world.open()
      await stranger.look()
      expect(stranger.status().error?.code).to.equal('ANCHOR_NOT_OPERATOR')
    })

    it('goes on when the contradiction is gone', async () => {
      world.log.size = 7
      await anchorer.look()
      world.log.size = 9
      await anchorer.look()
      expect(anchorer.status()).to.deep.include({ state: 'idle', error: undefined })
      expect(types()).to.include('recovered')
    })

    it('anchors beyond what another process with this key anchored', async () => {
      world.network.automine = false
      world.log.size = 12
      world.clock.advance(world.policy.interval)
      await anchorer.look()
      world.network.dropPending()
      world.network.automine = true
      const elsewhere = new World()
      Object.assign(elsewhere, { network: world.network, clock: world.clock })
      await elsewhere.anchor(await elsewhere.open(), 15)
      world.log.size = 20
      await world.settle(anchorer)
      expect(await states()).to.deep.equal(['9 final', '12 reorganised', '20 confirmed'])
    })
  })

  describe('failures', () => {
    it('pause ever longer, and not at all once the chain answers again', async () => {
      const faults = new Faults(0, false, failure)
      faults.isDown = true
      const failing = await world.open(faults.chain(world.chain()))
      const pauses = []
      for (let looks = 0; looks < 5; looks++) pauses.push(await failing.look())
      expect(pauses).to.deep.equal([1_000, 2_000, 4_000, 8_000, 8_000])
      expect(failing.status()).to.deep.include({ state: 'starting' })
      faults.isDown = false
      await world.settle(failing)
      faults.isDown = true
      expect(await failing.look()).to.equal(1_000)
      expect(failing.status()).to.deep.include({ state: 'retrying' })
    })

    it('that no time heals pause as long as it gets', async () => {
      await world.anchor(anchorer, 9)
      world.log.size = 7
      expect(await anchorer.look()).to.equal(world.policy.backoff.max)
    })

    it('of a programmer are nobody’s to handle', async () => {
      const broken = await world.open(
        new Faults(1, false, () => new TypeError('a mistake')).chain(world.chain()),
      )
      expect(await broken.look().catch((error: unknown) => error)).to.be.instanceOf(TypeError)
    })
  })

  describe('status', () => {
    it('is starting until the chain has answered', async () => {
      expect(anchorer.status()).to.deep.include({ state: 'starting', log: undefined })
      await world.settle(anchorer)
      expect(anchorer.status().state).to.equal('idle')
    })

    it('shows the lag in entries and in seconds since the oldest of them', async () => {
      await world.anchor(anchorer, 5)
      expect(anchorer.status().lag).to.deep.equal({ entries: 0, seconds: 0 })
      world.clock.advance(60_000)
      world.log.size = 8
      anchorer.wake()
      world.clock.advance(4_000)
      expect(anchorer.status().lag).to.deep.equal({ entries: 3, seconds: 4 })
      world.network.automine = false
      await anchorer.look()
      world.log.size = 10
      anchorer.wake()
      world.clock.advance(2_000)
      world.network.mine()
      await world.settle(anchorer)
      // What is still missing came after the anchor was taken, two seconds ago.
      expect(anchorer.status().lag.entries).to.equal(2)
      expect(anchorer.status().lag.seconds).to.be.within(2, 8)
    })
  })
})
