import { backoffPause } from '../chain/backoff.ts'
import type { BlockId, Head } from '../chain/chain.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { LedgerError } from '../core/errors.ts'
import { CatchUp } from './catchUp.ts'
import type { MirrorChange, MirrorStatus } from './mirror.ts'
import type { Clock, MirrorPolicy } from './policy.ts'
import type { MirrorState } from './state.ts'
import { Waiters } from './waiters.ts'

export type MirrorEvent =
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'recovered' }
  /** Blocks above this height were taken back; all of them if -1. */
  | { readonly type: 'undone'; readonly to: number }

export interface FollowerParts {
  readonly state: MirrorState
  readonly chain: RegistryChain
  readonly from: number
  readonly policy: MirrorPolicy
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number
  readonly changed: (change: MirrorChange) => void
  readonly report?: ((event: MirrorEvent) => void) | undefined
}

/** Looks at the chain, again and again, and says how long ago the mirror agreed with it. */
export class Follower {
  readonly #parts: FollowerParts
  readonly #catchUp: CatchUp
  readonly #closing = new AbortController()
  readonly #waiters = new Waiters()
  #running: Promise<void> = Promise.resolve()
  #state: MirrorStatus['state'] = 'starting'
  #head: Head | undefined
  /** When the head was asked for that the mirror was last found at, in milliseconds since 1970. */
  #agreedAt: number | undefined
  #lowSince: number | undefined
  #looks = 0
  #failures = 0
  #error: MirrorStatus['error']
  #counts = { events: 0, reorganisations: 0, rebuilds: 0 }
  #rebuilding: (PromiseWithResolvers<void> & { isEmptied: boolean }) | undefined
  #isWoken = false
  #alarm: AbortController | undefined

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#catchUp = new CatchUp({
      ...parts,
      changed: (change) => this.#note(change),
      diverged: () => {
        this.#agreedAt = undefined
      },
    })
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Seconds since the mirror agreed with the chain's head; Infinity while it is not known to. */
  age(): number {
    const age = (this.#parts.clock.now() - (this.#agreedAt ?? Infinity)) / 1000
    // A clock that was set back tells nothing.
    return age >= 0 ? age : Infinity
  }

  /** @throws LedgerError unavailable/MIRROR_STALE */
  assertFresh(): Head {
    const { state, policy, clock } = this.#parts
    const age = this.age()
    if (state.block === undefined || age > policy.ageLimit)
      throw stale(Number.isFinite(age) ? age : undefined, policy.ageLimit)
    const headAge = clock.now() / 1000 - state.block.timestamp
    if (policy.headAgeLimit !== undefined && headAge > policy.headAgeLimit)
      throw stale(headAge, policy.headAgeLimit)
    return state.block
  }

  async reached(block: BlockId, signal: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) throw closed()
    signal.throwIfAborted()
    if (this.#catchUp.hashAt(block.number) === block.hash) return
    this.wake()
    await this.#waiters.add(block, this.#looks, signal)
  }

  wake(): void {
    this.#isWoken = true
    this.#alarm?.abort()
  }

  async rebuild(): Promise<void> {
    if (this.#closing.signal.aborted) throw closed()
    this.#rebuilding ??= { ...Promise.withResolvers<void>(), isEmptied: false }
    this.wake()
    return this.#rebuilding.promise
  }

  /** One look at the chain, as `start` repeats them; answers the pause until the next, in milliseconds. */
  async look(): Promise<number> {
    const look = ++this.#looks
    this.#isWoken = false
    try {
      const isAtHead = await this.#approach()
      await this.#settle(isAtHead ? look : undefined)
      this.#state = isAtHead ? 'following' : 'catchingUp'
      if (this.#error) this.#parts.report?.({ type: 'recovered' })
      this.#error = undefined
      this.#failures = 0
      return isAtHead || this.#lowSince !== undefined ? this.#parts.policy.interval : 0
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      return this.#fail(error)
    }
  }

  status(): MirrorStatus {
    const { block } = this.#parts.state
    return {
      state: this.#closing.signal.aborted ? 'closed' : this.#state,
      block,
      head: this.#head,
      age: this.age(),
      isFresh: this.#isFresh(),
      ...this.#counts,
      error: this.#error,
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#waiters.reject(closed())
    this.#rebuilding?.reject(closed())
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const pause = await this.look()
      await this.#rest(pause)
    }
  }

  /** Answers whether the mirror is at the head. */
  async #approach(): Promise<boolean> {
    const { chain, clock } = this.#parts
    if (this.#rebuilding?.isEmptied === false) {
      await this.#catchUp.forget()
      this.#rebuilding.isEmptied = true
    }
    const asked = clock.now()
    const head = await chain.head()
    this.#head = head
    if (this.#isLagging(head, asked)) return false
    if (!(await this.#catchUp.step(head))) return false
    this.#agreedAt = asked
    if (this.#rebuilding?.isEmptied === true) {
      this.#rebuilding.resolve()
      this.#rebuilding = undefined
    }
    return true
  }

  /** For a while, a head below what is held is taken for that of a node which lags behind the others. */
  #isLagging(head: Head, now: number): boolean {
    const { state, policy } = this.#parts
    if (state.block === undefined || head.number >= state.block.number) {
      this.#lowSince = undefined
      return false
    }
    this.#lowSince ??= now
    if (now - this.#lowSince < policy.grace) return true
    this.#lowSince = undefined
    return false
  }

  async #settle(look: number | undefined): Promise<void> {
    const { state, chain } = this.#parts
    if (state.block === undefined) return
    await this.#waiters.settle(state.block.number, look, async (number) => {
      return this.#catchUp.hashAt(number) ?? (await chain.block(number))?.hash
    })
  }

  async #rest(pause: number): Promise<void> {
    const { signal } = this.#closing
    const isFailing = this.#error !== undefined
    if (signal.aborted || (this.#isWoken && !isFailing)) return
    // A chain that does not answer is not asked more often because many want to know.
    this.#alarm = isFailing ? undefined : new AbortController()
    const signals = this.#alarm ? [signal, this.#alarm.signal] : [signal]
    await this.#parts.clock.sleep(pause, AbortSignal.any(signals))
    this.#alarm = undefined
  }

  #fail({ code }: LedgerError): number {
    const { policy, random, clock, report } = this.#parts
    if (this.#closing.signal.aborted) return 0
    this.#state = this.#state === 'starting' ? 'starting' : 'retrying'
    if (this.#error?.code !== code) report?.({ type: 'failed', code })
    this.#error = { code, at: clock.now() }
    this.#failures++
    return backoffPause(policy.backoff, this.#failures, random)
  }

  #note(change: MirrorChange): void {
    this.#counts.events += change.events.length
    if (change.undoneTo === -1) this.#counts.rebuilds++
    else if (change.undoneTo !== undefined) this.#counts.reorganisations++
    if (change.undoneTo !== undefined) this.#parts.report?.({ type: 'undone', to: change.undoneTo })
    this.#parts.changed(change)
  }

  #isFresh(): boolean {
    try {
      this.assertFresh()
      return true
    } catch {
      return false
    }
  }
}

function stale(age: number | undefined, limit: number): LedgerError {
  return new LedgerError('unavailable', 'MIRROR_STALE', {
    ...(age !== undefined && { age }),
    limit,
  })
}

function closed(): LedgerError {
  return new LedgerError('unavailable', 'MIRROR_CLOSED')
}
