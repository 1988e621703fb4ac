import { expect } from 'chai'
import * as fc from 'fast-check'
import { Crash, Faults } from './support/faults.ts'
import { statesOf } from './support/memoryAnchorStore.ts'
import { failure, World } from './support/world.ts'

const PLACES = ['before', 'after'] as const
const crash = () => new Crash()

/** Anchors 5 and then 9 entries, with one fault on the way; answers how many calls that took. */
async function runWithFault(world: World, faults: Faults): Promise<number> {
  const disk = world.store
  world.store = faults.store(disk)
  let anchorer
  try {
    anchorer = await world.open(faults.chain(world.chain()))
    await world.anchor(anchorer, 5)
    await world.anchor(anchorer, 9)
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    // The process is gone; the disk and the chain are not.
    world.store = disk
    world.log.size = 9
    anchorer = await world.open()
    await world.settle(anchorer)
    world.clock.advance(world.policy.interval)
    await world.settle(anchorer)
  }
  world.store = disk
  expect(world.anchoredSize(anchorer)).to.equal(9)
  await anchorer.close()
  return faults.calls
}

describe('anchorer under faults', () => {
  for (const place of PLACES) {
    it(`ends anchored, with no transaction twice, after a crash ${place} any call`, async () => {
      let failing = 1
      for (; ; failing++) {
        const world = new World()
        const calls = await runWithFault(world, new Faults(failing, place === 'after', crash))
        const states = await statesOf(world.store)
        expect(states.at(-1), `call ${failing}`).to.match(/^9 (confirmed|final)$/)
        expect(states.every((state) => /confirmed|final/.test(state))).to.equal(true)
        // One to create the log, and one for each size that was anchored.
        const { operator } = world.chain()
        const { mined, pending } = world.network.nonces(operator)
        expect([mined, pending], `call ${failing}`).to.deep.equal([
          1 + states.length,
          1 + states.length,
        ])
        if (calls < failing) break
      }
      expect(failing).to.be.greaterThan(30)
    })

    it(`ends anchored after a failure of the chain ${place} any call`, async () => {
      for (let failing = 1; ; failing++) {
        const world = new World()
        const calls = await runWithFault(world, new Faults(failing, place === 'after', failure))
        expect((await statesOf(world.store)).at(-1)).to.match(/^9 (confirmed|final)$/)
        if (calls < failing) break
      }
    })
  }

  it('ends anchored after any course of crashes, growth, waiting and accidents of the chain', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 200_000 }) }),
      fc.record({ type: fc.constant('crash' as const), call: fc.integer({ min: 1, max: 25 }) }),
      fc.record({
        type: fc.constant('reorganise' as const),
        depth: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({
        type: fc.constantFrom('look', 'mine', 'manual', 'automatic', 'drop', 'forget', 'reset'),
      }),
    )
    return fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new World()
        const disk = world.store
        let anchorer = await world.open()
        for (const step of steps) {
          const { network } = world
          const depth = 'depth' in step ? Math.min(step.depth, network.head.number) : 1
          if (step.type === 'grow') world.log.size += 'by' in step ? step.by : 1
          else if (step.type === 'wait') world.clock.advance('ms' in step ? step.ms : 0)
          else if (step.type === 'mine') network.mine()
          else if (step.type === 'manual') network.automine = false
          else if (step.type === 'automatic') network.automine = true
          else if (step.type === 'drop') network.dropPending()
          else if (step.type === 'reset') network.reset()
          else if (step.type === 'reorganise') network.reorganise(depth)
          else if (step.type === 'forget')
            network.reorganise(Math.min(1, network.head.number), true)
          else if (step.type === 'look') await anchorer.look()
          else {
            const faults = new Faults('call' in step ? step.call : 1, true, crash)
            world.store = faults.store(disk)
            const crashing = await world.open(faults.chain(world.chain()))
            for (let looks = 0; looks < 5; looks++) {
              if ((await crashing.look().catch(() => 'crashed')) === 'crashed') break
            }
            world.store = disk
            anchorer = await world.open()
          }
        }
        world.network.automine = true
        world.network.mine()
        world.log.size += 1
        for (let rounds = 0; rounds < 20; rounds++) {
          world.clock.advance(world.policy.stuckAfter * 2 ** 11)
          await world.settle(anchorer)
          world.network.mine()
        }
        expect(world.anchoredSize(anchorer)).to.equal(world.log.size)
        expect(anchorer.status().lag.entries).to.equal(0)
        for (let index = 0; index < world.log.size; index += 7) {
          const record = await anchorer.anchorCovering(index)
          expect(record?.size).to.be.greaterThan(index)
          // Whatever evidence uses stands on the chain.
          const { number, hash } = record!.mined!.block
          expect(world.network.block(number)?.hash).to.equal(hash)
        }
      }),
      { numRuns: 200 },
    )
  })
})
