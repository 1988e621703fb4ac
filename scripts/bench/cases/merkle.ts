import { atLeast, atMost } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { measureInChild } from '../lib/child.ts'
import { formatNumber } from '../lib/report.ts'
import { interleave, median } from '../lib/stats.ts'

const CONTEST = new URL('../peers/merkle.ts', import.meta.url)
const MIB = 2 ** 20

export const merkle: BenchCase = {
  name: 'merkle',
  summary: 'append 1 M leaf hashes and take the root, each in a fresh process',
  async run({ say }) {
    say('100,000 leaves, 5 rounds')
    const [small, smallPeer, smallSimple, smallStandard] = await contest(5, 100_000, [
      'ours',
      'merkletreejs',
      'openzeppelin',
      'openzeppelin-standard',
    ])
    say('1,000,000 leaves, 5 rounds; @openzeppelin/merkle-tree once, since it takes a minute')
    const [ours, grouped, peer, common] = await contest(5, 1_000_000, [
      'ours',
      'grouped',
      'merkletreejs',
      'merkletreejs-createhash',
    ])
    const [simple] = await contest(1, 1_000_000, ['openzeppelin'])
    return {
      rows: [
        rate('1 M leaves', ours, peer, 3),
        rate('1 M leaves', ours, common, 3),
        rate('1 M leaves', ours, simple, 25),
        memory(ours, peer),
        memory(ours, simple),
        rate('in groups of 1,000, tiles written out', grouped, peer),
        memory(grouped, peer),
        rate('100,000 leaves', small, smallPeer),
        rate('100,000 leaves', small, smallSimple),
        rate('100,000 leaves', small, smallStandard),
      ],
      notes: [
        `merkletreejs is given crypto.hash, the fastest SHA-256 there is for it; with createHash, as most programs give it, it is merkletreejs-createhash`,
        `@openzeppelin/merkle-tree hashes keccak-256; its SimpleMerkleTree, compared with above, is the faster of the two it has`,
        `seconds for 1 M leaves: ours ${formatNumber(ours.seconds)} (${formatNumber(ours.fastest)} to ${formatNumber(ours.slowest)}), ` +
          `merkletreejs ${formatNumber(peer.seconds)} (${formatNumber(peer.fastest)} to ${formatNumber(peer.slowest)}), ` +
          `@openzeppelin/merkle-tree ${formatNumber(simple.seconds)}`,
      ],
    }
  },
}

interface Outcome {
  readonly contestant: string
  readonly leaves: number
  readonly seconds: number
  readonly fastest: number
  readonly slowest: number
  readonly peakMemory: number
}

async function contest<const Names extends readonly string[]>(
  rounds: number,
  leaves: number,
  contestants: Names,
): Promise<{ [Name in keyof Names]: Outcome }> {
  const runs = await interleave(
    rounds,
    contestants.map((name) => () => measureInChild<number>(CONTEST, [name, String(leaves)])),
  )
  return contestants.map((contestant, position): Outcome => {
    const seconds = (runs[position] ?? []).map(({ result }) => result)
    return {
      contestant,
      leaves,
      seconds: median(seconds),
      fastest: Math.min(...seconds),
      slowest: Math.max(...seconds),
      peakMemory: median((runs[position] ?? []).map(({ peakMemory }) => peakMemory)),
    }
  }) as { [Name in keyof Names]: Outcome }
}

function rate(what: string, ours: Outcome, peer: Outcome, floor?: number): Row {
  const [fast, slow] = [ours.leaves / ours.seconds, peer.leaves / peer.seconds]
  return {
    what,
    unit: 'leaves/s',
    ours: fast,
    peer: { name: peer.contestant, value: slow },
    better: 'higher',
    ...(floor !== undefined && { target: atLeast(fast / slow, floor, `${floor} ×`) }),
  }
}

function memory(ours: Outcome, peer: Outcome): Row {
  return {
    what: ours.contestant === 'ours' ? 'peak memory, whole tree kept' : 'peak memory, in groups',
    unit: 'MiB',
    ours: ours.peakMemory / MIB,
    peer: { name: peer.contestant, value: peer.peakMemory / MIB },
    better: 'lower',
    target: atMost(3 * ours.peakMemory, peer.peakMemory, 'a third'),
  }
}
