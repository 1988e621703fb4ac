import type { Backoff } from '../chain/backoff.ts'

/** How a chain is followed. Times in milliseconds unless said otherwise. */
export interface MirrorPolicy {
  /** Between looks at the head. */
  readonly interval: number
  /** Seconds: nothing is decided by a mirror that agreed with the chain's head longer ago. */
  readonly ageLimit: number
  /** Seconds: nor by a head that is older by itself, on chains that make blocks all the time. */
  readonly headAgeLimit?: number
  /**
   * How long the head may lie below the newest block held before that counts as lost. Nodes behind one address lag
   * apart.
   */
  readonly grace: number
  readonly backoff: Backoff
}

export const REMOTE_MIRROR: MirrorPolicy = {
  interval: 2_000,
  ageLimit: 60,
  grace: 30_000,
  backoff: { first: 1_000, max: 30_000 },
}

/** One machine makes all the blocks, when there is something to put in. */
export const EMBEDDED_MIRROR: MirrorPolicy = {
  interval: 250,
  ageLimit: 10,
  grace: 0,
  backoff: { first: 200, max: 5_000 },
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number

  /** Resolves after `milliseconds`, or at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
