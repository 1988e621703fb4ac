import { expect } from 'chai'
import * as fc from 'fast-check'
import { LedgerError } from '../../node/core/errors.ts'
import type { RegistryMirror } from '../../node/mirror/openMirror.ts'
import { KEPT_BLOCKS } from '../../node/mirror/state.ts'
import type { Write } from '../../node/store/keyValueStore.ts'
import { mirrorRange } from '../../node/store/layout.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { hashOf, ScriptedRegistryChain } from '../support/registryChain.ts'
import type { EventBody } from '../support/registryChain.ts'
import { nextEvent } from '../support/registryHistory.ts'
import * as scene from './scene.ts'

const { AUTHORITY, CITY } = scene
const GRANT = hashOf('grant')
const UNDO = mirrorRange('undo').gte as string

/** A deterministic history: each number is one event. */
function tell(chain: ScriptedRegistryChain, choices: readonly number[]): void {
  for (const choice of choices) chain.mine(nextEvent(choice, chain.past))
}

const numbers = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => Math.imul(i + seed, 2_654_435_761) >>> 0)

/** What a mirror holds that reads the chain from the start, at once. */
async function freshRecords(chain: ScriptedRegistryChain): Promise<Record<string, string>> {
  const store = new MemoryKeyValueStore()
  await scene.follow(await scene.open({ chain, store }))
  return scene.recordsIn(store)
}

describe('following the chain', () => {
  let chain: ScriptedRegistryChain
  let store: MemoryKeyValueStore
  let mirror: RegistryMirror

  const holdsTheChain = async ({ butFor = 'nothing' } = {}) => {
    const known = (records: Record<string, string>) =>
      Object.entries(records).filter(([key]) => !key.startsWith(butFor))
    expect(mirror.block).to.deep.equal(await chain.head())
    expect(known(await scene.recordsIn(store))).to.deep.equal(known(await freshRecords(chain)))
  }

  beforeEach(async () => {
    chain = new ScriptedRegistryChain()
    chain.mine(scene.authorized(), scene.accredited(CITY, AUTHORITY))
    store = new MemoryKeyValueStore()
    mirror = await scene.open({ chain, store })
  })

  describe('through reorganisations', () => {
    it('takes back one block and takes in the other', async () => {
      chain.mine(scene.registered(GRANT))
      chain.mine(scene.revoked(GRANT))
      await scene.follow(mirror)
      chain.takeBack(1)
      const other = chain.mine(scene.bumped(CITY, 1))
      await scene.follow(mirror)
      expect(mirror.grants.stateOf(GRANT).revokedAt).to.equal(0)
      expect(mirror.grants.epochOf(CITY)).to.equal(1)
      expect(mirror.block).to.deep.equal(other)
      expect(mirror.status().reorganisations).to.equal(1)
      await holdsTheChain()
    })

    it('takes back twenty', async () => {
      for (const choice of numbers(40)) {
        tell(chain, [choice])
        await scene.follow(mirror)
      }
      chain.takeBack(20)
      tell(chain, numbers(25, 77))
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('takes back blocks that were read together', async () => {
      tell(chain, numbers(40))
      await scene.follow(mirror)
      chain.takeBack(20)
      tell(chain, numbers(25, 77))
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('undoes nothing where the blocks taken back were empty', async () => {
      chain.mineEmpty(1)
      await scene.follow(mirror)
      chain.mineEmpty(1)
      await scene.follow(mirror)
      chain.takeBack(1)
      chain.mineEmpty(2)
      const asked: [number, number][] = []
      const events = chain.events.bind(chain)
      chain.events = (from, to) => {
        asked.push([from, to])
        return events(from, to)
      }
      await scene.follow(mirror)
      expect(asked).to.deep.equal([
        [4, 4],
        [3, 4],
      ])
      await holdsTheChain()
    })

    it('stands back where the chain became shorter', async () => {
      tell(chain, numbers(10))
      await scene.follow(mirror)
      chain.takeBack(4)
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('waits a while before it believes that the chain became shorter', async () => {
      const clock = new scene.TestClock()
      mirror = await scene.open({ chain, store, clock, policy: { ...scene.POLICY, grace: 5_000 } })
      chain.mine(scene.registered(GRANT))
      const held = await scene.follow(mirror)
      chain.takeBack(1)
      expect(await mirror.look()).to.equal(scene.POLICY.interval)
      clock.milliseconds += 4_999
      await mirror.look()
      expect(mirror.block).to.deep.equal(held)
      expect(mirror.age()).to.be.closeTo(4.999, 1e-6)
      clock.milliseconds += 1
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('follows a chain that was reset', async () => {
      tell(chain, numbers(30))
      await scene.follow(mirror)
      chain.takeBack(chain.height + 1)
      chain.mineEmpty(2)
      chain.mine(scene.authorized())
      await scene.follow(mirror)
      expect(mirror.grants.stateOf(GRANT).registeredAt).to.equal(0)
      expect(mirror.status().rebuilds).to.equal(1)
      await holdsTheChain()
    })

    it('begins anew when more blocks are taken back than it remembers', async () => {
      tell(chain, numbers(KEPT_BLOCKS + 40))
      await scene.follow(mirror)
      chain.takeBack(KEPT_BLOCKS - 1)
      tell(chain, numbers(10, 5))
      await scene.follow(mirror)
      expect(mirror.status()).to.deep.include({ reorganisations: 1, rebuilds: 0 })
      await holdsTheChain({ butFor: UNDO })

      tell(chain, numbers(KEPT_BLOCKS + 10, 9))
      await scene.follow(mirror)
      chain.takeBack(KEPT_BLOCKS + 1)
      tell(chain, numbers(10, 5))
      await scene.follow(mirror)
      expect(mirror.status()).to.deep.include({ reorganisations: 1, rebuilds: 1 })
      await holdsTheChain()
    })

    it('remembers the same blocks, read one by one or together', async () => {
      for (const choice of numbers(KEPT_BLOCKS + 5)) {
        tell(chain, [choice])
        await scene.follow(mirror)
      }
      await holdsTheChain()
    })

    it('records nothing that it read while the chain changed', async () => {
      for (const [method, when] of [
        ['events', 0],
        ['block', 0],
        ['block', 1],
      ] as const) {
        chain.mine(scene.registered(hashOf(`${method} ${when}`)))
        chain.mine(scene.bumped(CITY, chain.height))
        let calls = 0
        chain.before = (called) => {
          if (called !== method || calls++ !== when) return
          chain.takeBack(2)
          chain.mine(scene.bumped(AUTHORITY, chain.height))
          chain.mine(scene.bumped(AUTHORITY, chain.height))
        }
        // What was mixed up under the right hash would never be found out.
        await scene.follow(mirror)
        chain.before = () => {}
        await scene.follow(mirror)
        await holdsTheChain()
      }
    })

    it('ends, whatever happens, with what the chain ends with', async () => {
      const choice = fc.integer({ min: 0, max: 2 ** 32 - 1 })
      const kept = fc.constantFrom(1, 2, 5, KEPT_BLOCKS)
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.array(choice, { minLength: 0, maxLength: 4 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }) },
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(step, fc.boolean()), { maxLength: 30 }),
          kept,
          async (steps, keptBlocks) => {
            chain = new ScriptedRegistryChain()
            store = new MemoryKeyValueStore()
            mirror = await scene.open({ chain, store, keptBlocks })
            for (const [what, isSeen] of steps) {
              if (typeof what === 'number') chain.takeBack(Math.min(what, chain.height))
              else chain.mine(...eventsOf(what, chain))
              if (isSeen) await scene.follow(mirror)
            }
            await scene.follow(mirror)
            await holdsTheChain({ butFor: UNDO })
          },
        ),
        { numRuns: 200 },
      )
    })
  })

  describe('through crashes and faults', () => {
    it('goes on where it stood', async () => {
      tell(chain, numbers(20))
      await scene.follow(mirror)
      const seen: [number, number][] = []
      tell(chain, numbers(3, 50))
      const events = chain.events.bind(chain)
      chain.events = (from, to) => {
        seen.push([from, to])
        return events(from, to)
      }
      mirror = await scene.open({ chain, store })
      expect(mirror.block?.number).to.equal(21)
      await scene.follow(mirror)
      expect(seen).to.deep.equal([[22, 24]])
      await holdsTheChain()
    })

    it('takes back after a restart what it recorded before', async () => {
      tell(chain, numbers(20))
      await scene.follow(mirror)
      mirror = await scene.open({ chain, store })
      chain.takeBack(10)
      tell(chain, numbers(12, 50))
      await scene.follow(mirror)
      await holdsTheChain()
    })

    for (const goesOn of ['starts again', 'goes on']) {
      it(`${goesOn} after a failure before or after any commit`, async () => {
        for (const isApplied of [false, true]) {
          for (let failAt = 0, commits = Infinity; failAt < commits; failAt++) {
            chain = new ScriptedRegistryChain()
            const failing = new FailingStore(failAt, isApplied)
            store = failing
            mirror = await openAgain(chain, store)
            const tellAndFollow = async (choices: readonly number[]) => {
              tell(chain, choices)
              await mirror.look()
              if (mirror.status().error !== undefined && goesOn === 'starts again')
                mirror = await openAgain(chain, store)
              await scene.follow(mirror)
            }
            await tellAndFollow(numbers(12))
            chain.takeBack(6)
            await tellAndFollow(numbers(8, 50))
            chain.takeBack(chain.height + 1)
            chain.mineEmpty(1)
            await tellAndFollow(numbers(4, 20))
            void mirror.rebuild()
            await tellAndFollow([7])
            commits = failing.commits
            await holdsTheChain()
          }
        }
      })
    }

    it('decides nothing while it does not know what the disk holds', async () => {
      const failing = new FailingStore(Infinity, true)
      store = failing
      mirror = await scene.open({ chain, store })
      await scene.follow(mirror)
      tell(chain, numbers(5))
      failing.failAt = failing.commits
      await mirror.look()
      expect(mirror.status().error?.code).to.equal('STORE_FULL')
      expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('asks for less where the chain limits ranges', async () => {
      chain.mineEmpty(100)
      tell(chain, numbers(20))
      chain.longestRange = 7
      await scene.follow(mirror)
      await holdsTheChain()
    })

    it('bears a chain that fails, pausing longer each time, and says so', async () => {
      const reported: unknown[] = []
      mirror = await scene.open({ chain, store, report: (event) => reported.push(event) })
      await scene.follow(mirror)
      chain.before = () => {
        throw new LedgerError('unavailable', 'CHAIN_TIMEOUT')
      }
      const pauses = [await mirror.look(), await mirror.look(), await mirror.look()]
      expect(pauses).to.deep.equal([75, 150, 300])
      expect(mirror.status()).to.deep.include({ state: 'retrying', isFresh: true })
      expect(mirror.status().error?.code).to.equal('CHAIN_TIMEOUT')
      chain.before = () => {}
      await scene.follow(mirror)
      expect(reported).to.deep.equal([
        { type: 'failed', code: 'CHAIN_TIMEOUT' },
        { type: 'recovered' },
      ])
    })

    it('begins anew when the chain did not tell all', async () => {
      await scene.follow(mirror)
      chain.mine(scene.registered(GRANT))
      const events = chain.events.bind(chain)
      chain.events = async () => []
      await scene.follow(mirror)
      chain.events = events
      chain.mine(scene.used(GRANT, hashOf('use')))
      await mirror.look()
      expect(mirror.status().error?.code).to.equal('MIRROR_EVENTS_MISSING')
      expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
      await scene.follow(mirror)
      expect(mirror.grants.stateOf(GRANT).used).to.equal(1)
      await holdsTheChain()
    })

    it('refuses events of another block than was asked for, or out of order', async () => {
      tell(chain, numbers(4))
      const events = chain.events.bind(chain)
      for (const distort of [
        async () => (await events(0, 5)).toReversed(),
        async () => [...(await events(0, 5)), ...(await events(5, 5))],
        async () =>
          (await events(0, 5)).map((event) => ({ ...event, block: { ...event.block, number: 9 } })),
        async () =>
          (await events(0, 5)).map((event) => ({
            ...event,
            block: { ...event.block, hash: GRANT },
          })),
      ]) {
        chain.events = distort
        await mirror.look()
        expect(mirror.status().error?.code).to.equal('CHAIN_NONSENSE')
        expect(mirror.block).to.equal(undefined)
      }
    })

    it('begins anew for other contracts, another chain, or another first block', async () => {
      tell(chain, numbers(4))
      await scene.follow(mirror)
      const other = new ScriptedRegistryChain(1)
      other.mine(scene.authorized())
      for (const parts of [{ chain: other }, { chain, from: 3 }]) {
        const opened = await scene.open({ store, ...parts })
        expect(opened.block).to.equal(undefined)
        expect(await scene.recordsIn(store)).to.deep.equal({})
        await scene.follow(opened).catch(() => undefined)
      }
    })
  })

  describe('anew', () => {
    it('comes to the same records, byte by byte', async () => {
      for (const choice of numbers(300)) {
        tell(chain, [choice])
        await scene.follow(mirror)
      }
      const before = await scene.recordsIn(store)
      const rebuilt = mirror.rebuild()
      await scene.follow(mirror)
      await rebuilt
      expect(await scene.recordsIn(store)).to.deep.equal(before)
      expect(mirror.status().rebuilds).to.equal(1)
    })

    it('leaves other records alone', async () => {
      const others = ['q/9', 's/0', 'm/format'].map((key): Write => {
        return { type: 'put', key, value: Uint8Array.of(1) }
      })
      await store.commit(others)
      await scene.follow(mirror)
      void mirror.rebuild()
      await scene.follow(mirror)
      for (const { key } of others) expect(await store.get(key)).to.have.length(1)
    })

    it('decides nothing until it is done', async () => {
      await scene.follow(mirror)
      tell(chain, numbers(5))
      chain.longestRange = 2
      void mirror.rebuild()
      await mirror.look()
      expect(() => mirror.world(0)).to.throw('MIRROR_STALE')
      await scene.follow(mirror)
      mirror.world(0)
    })
  })
})

/** Of one block: each may build on those before it. */
function eventsOf(choices: readonly number[], chain: ScriptedRegistryChain): EventBody[] {
  const past: EventBody[] = [...chain.past]
  const known = past.length
  for (const choice of choices) past.push(nextEvent(choice, past))
  return past.slice(known)
}

/** The store may fail while it is opened. */
function openAgain(
  chain: ScriptedRegistryChain,
  store: MemoryKeyValueStore,
): Promise<RegistryMirror> {
  return scene.open({ chain, store }).catch(() => scene.open({ chain, store }))
}

/** Fails one commit, before or after it is applied. */
class FailingStore extends MemoryKeyValueStore {
  commits = 0
  failAt: number
  readonly #isApplied: boolean

  constructor(failAt: number, isApplied: boolean) {
    super()
    this.failAt = failAt
    this.#isApplied = isApplied
  }

  override async commit(writes: readonly Write[]): Promise<void> {
    const fails = this.commits++ === this.failAt
    if (!fails || this.#isApplied) await super.commit(writes)
    if (fails) throw new LedgerError('unavailable', 'STORE_FULL')
  }
}
