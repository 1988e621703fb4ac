/** Pause after a failure of a chain, in milliseconds; doubled up to `max`. */
export interface Backoff {
  readonly first: number
  readonly max: number
}

/** Half of the pause is chance, so that many nodes do not return to a chain at one instant. */
export function backoffPause(
  { first, max }: Backoff,
  failures: number,
  random: () => number,
): number {
  const pause = Math.min(max, first * 2 ** Math.min(failures - 1, 30))
  return pause * (0.5 + random() / 2)
}
