import { interleave, median } from './stats.ts'

/** Milliseconds in which one contestant runs before the next one does. */
const TURN = 40
const ROUNDS = 9

/** Operations per second of each function: the median of rounds in which they take turns. */
export async function measureRates(
  contestants: readonly (() => unknown)[],
): Promise<readonly number[]> {
  for (const run of contestants) rateOf(run)
  const rates = await interleave(
    ROUNDS,
    contestants.map((run) => () => Promise.resolve(rateOf(run))),
  )
  return rates.map(median)
}

function rateOf(run: () => unknown): number {
  let batch = 1
  for (let total = 0, started = performance.now(); ; total += batch) {
    const elapsed = performance.now() - started
    if (elapsed >= TURN) return (total / elapsed) * 1000
    // Reading the clock costs as much as a small hash.
    if (elapsed < TURN / 10) batch *= 2
    for (let i = 0; i < batch; i++) run()
  }
}
