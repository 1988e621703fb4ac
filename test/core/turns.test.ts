import { expect } from 'chai'
import fc from 'fast-check'
import { setImmediate } from 'node:timers/promises'
import { Turns } from '../../node/core/turns.ts'

describe('turns', () => {
  it('are taken one after the other by what shares a thing, in order, and all are taken', async () => {
    const things = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 })
    const step = fc.record({ things, ticks: fc.nat({ max: 3 }), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const turns = new Turns()
        const running = new Set<string>()
        const begun: number[] = []
        const ended = await Promise.allSettled(
          steps.map(({ things: shared, ticks, fails }, i) =>
            turns.take(shared, async () => {
              for (const thing of shared) {
                expect(running).not.to.include(thing)
                running.add(thing)
              }
              begun.push(i)
              for (let tick = 0; tick < ticks; tick++) await setImmediate()
              for (const thing of shared) running.delete(thing)
              if (fails) throw new RangeError()
              return i
            }),
          ),
        )
        expect(ended.map(({ status }) => status === 'rejected')).to.deep.equal(
          steps.map(({ fails }) => fails),
        )
        for (const thing of ['a', 'b', 'c', 'd'] as const) {
          const sharing = begun.filter((i) => steps[i]?.things.includes(thing))
          expect(sharing).to.deep.equal(sharing.toSorted((one, other) => one - other))
        }
      }),
    )
  })

  it('do not wait for what concerns something else', async () => {
    const turns = new Turns()
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = turns.take('a', () => promise)
    expect(await turns.take(['b', 'c'], async () => 'through')).to.equal('through')
    resolve()
    await waiting
  })
})
