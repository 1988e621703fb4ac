/** @param share of the values that lie at or below the answer, 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new TypeError('no values')
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}

/** The lower one of an even number of values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * Runs every contestant once a round, in turn, so that whatever else the machine does meets all of
 * them alike.
 */
export async function interleave<Result>(
  rounds: number,
  contestants: readonly (() => Promise<Result>)[],
): Promise<Result[][]> {
  const results: Result[][] = contestants.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [position, run] of contestants.entries()) results[position]?.push(await run())
  return results
}
