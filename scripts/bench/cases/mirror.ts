import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegistryMirror } from '../../../node/mirror/openMirror.ts'
import { REMOTE_MIRROR } from '../../../node/mirror/policy.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { hashOf, ScriptedRegistryChain } from '../../../test/support/registryChain.ts'
import { atLeast } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { measureRates } from '../lib/rates.ts'
import { makeHistory } from '../lib/registryHistory.ts'
import { interleave, median, quantile } from '../lib/stats.ts'

const EVENTS = 100_000
const ROUNDS = 3
/** The least that a full catch-up has to reach. */
const FLOOR = 5_000

export const mirror: BenchCase = {
  name: 'mirror',
  summary: `catch up with ${EVENTS.toLocaleString('en')} events of a chain in memory, onto LevelDB`,
  async run({ say }) {
    const rates: number[][] = []
    const stalls: number[] = []
    for (const perBlock of [1, 10, 100]) {
      say(`${perBlock} events a block, ${ROUNDS} rounds`)
      const chain = new ScriptedRegistryChain()
      makeHistory(chain, EVENTS, perBlock)
      const [runs = []] = await interleave(ROUNDS, [() => catchUp(chain)])
      rates.push(runs.map(({ rate }) => rate))
      stalls.push(...runs.map(({ stall }) => stall))
    }
    say('questions of a decision')
    const [known = 0, anywhere = 0, scattered = 0] = await questions()
    const [sparse, some, dense] = rates.map(median) as [number, number, number]
    return {
      rows: [
        row('catch-up, 1 event a block', sparse),
        row('catch-up, 10 events a block', some),
        row('catch-up, 100 events a block', dense),
        asked('state of a grant that was asked for lately', known),
        asked(`state of any of ${GRANTS.toLocaleString('en')} grants`, anywhere),
        asked('whether a department two levels down may do something', scattered),
      ],
      notes: [
        'the chain answers from memory: what a real one takes to answer, and to decode it, comes on top',
        `the event loop stood still for ${Math.max(...stalls).toFixed(0)} ms at most, ` +
          `${median(stalls).toFixed(0)} ms in the median round`,
      ],
    }
  },
}

const GRANTS = 50_000

function row(what: string, ours: number): Row {
  const target = atLeast(ours, FLOOR, '5,000')
  return { what, unit: 'events/s', ours, better: 'higher', target }
}

function asked(what: string, ours: number): Row {
  return { what, unit: '/s', ours, better: 'higher' }
}

interface CaughtUp {
  readonly rate: number
  /** Milliseconds that one commit kept the thread busy, at most. */
  readonly stall: number
}

async function catchUp(chain: ScriptedRegistryChain): Promise<CaughtUp> {
  return withMirror(chain, async (mirror) => {
    const gaps: number[] = []
    let tick = performance.now()
    const beat = setInterval(() => {
      gaps.push(performance.now() - tick)
      tick = performance.now()
    }, 1)
    const began = performance.now()
    await follow(mirror)
    const seconds = (performance.now() - began) / 1000
    clearInterval(beat)
    return { rate: chain.past.length / seconds, stall: quantile(gaps, 1) }
  })
}

async function questions(): Promise<readonly number[]> {
  const chain = new ScriptedRegistryChain()
  const { grants, department } = makeHistory(chain, EVENTS, 100)
  return withMirror(chain, async (mirror) => {
    await follow(mirror)
    const world = mirror.world(mirror.block?.timestamp ?? 0)
    const some = grants.slice(0, 1_000)
    const all = grants.slice(0, GRANTS)
    let [i, j] = [0, 0]
    return measureRates([
      () => world.stateOf(some[i++ % some.length] ?? hashOf('none')),
      // A stride that shares no factor with the number comes by all of them before it repeats.
      () => world.stateOf(all[(j += 7_919) % all.length] ?? hashOf('none')),
      () => world.accountAs(department, 'user'),
    ])
  })
}

async function withMirror<Result>(
  chain: ScriptedRegistryChain,
  run: (mirror: RegistryMirror) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'onceledger-bench-'))
  const store = await LevelKeyValueStore.open(folder)
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() }
  const parts = { store, chain, from: 0, policy: REMOTE_MIRROR, clock, random: Math.random }
  const opened = await RegistryMirror.open(parts)
  try {
    return await run(opened)
  } finally {
    await opened.close()
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

async function follow(mirror: RegistryMirror): Promise<void> {
  do await mirror.look()
  while (mirror.status().state !== 'following')
}
