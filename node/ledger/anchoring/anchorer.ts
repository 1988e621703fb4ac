import { backoffPause } from '../../chain/backoff.ts'
import type { Chain } from '../../chain/chain.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import { AnchorCycle } from './cycle.ts'
import type { AnchoringEvent } from './cycle.ts'
import { AnchorJournal } from './journal.ts'
import type { AnchorPolicy } from './policy.ts'
import type { AnchoredLog, AnchorStore, Clock } from './ports.ts'
import type { AnchoringStatus, AnchorRecord } from './records.ts'

/** `name` matches ^[a-z0-9-]{1,32}$ and stays the same for the life of a chain. */
export interface AnchorTarget {
  readonly name: string
  /** Closed together with the anchoring. */
  readonly chain: Chain
  readonly policy: AnchorPolicy
}

export interface AnchoringParts {
  readonly log: AnchoredLog
  readonly store: AnchorStore
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number
  readonly report?: (event: AnchoringEvent) => void
}

interface Waiter {
  readonly size: number
  readonly resolve: (record: AnchorRecord) => void
  readonly reject: (reason: unknown) => void
}

/** Failures that no time heals: the operator has to act. */
const HALTING = [
  'LOG_FORKED',
  'LOG_ROLLED_BACK',
  'ANCHOR_NOT_OPERATOR',
  'CHAIN_ID_CHANGED',
  'CHAIN_CODE_MISMATCH',
]

/** Keeps one target anchored, look after look, until it is closed. */
export class Anchorer {
  readonly target: string
  readonly #parts: AnchoringParts
  readonly #chain: Chain
  readonly #policy: AnchorPolicy
  readonly #journal: AnchorJournal
  readonly #cycle: AnchorCycle
  readonly #closing = new AbortController()
  readonly #waiters = new Set<Waiter>()
  #running: Promise<void> = Promise.resolve()
  #state: AnchoringStatus['state'] = 'starting'
  #error: AnchoringStatus['error']
  #failures = 0
  #reorganisations = 0
  #resends = 0
  #behindSince: number | undefined
  /** Set while it rests with nothing on its way. */
  #rest: { readonly until: number; readonly alarm: AbortController } | undefined

  private constructor(target: AnchorTarget, parts: AnchoringParts, journal: AnchorJournal) {
    this.target = target.name
    this.#parts = parts
    this.#chain = target.chain
    this.#policy = target.policy
    this.#journal = journal
    this.#cycle = new AnchorCycle({
      chain: target.chain,
      log: parts.log,
      journal,
      policy: target.policy,
      now: () => parts.clock.now(),
      report: (event) => this.#note(event),
    })
  }

  static async open(target: AnchorTarget, parts: AnchoringParts): Promise<Anchorer> {
    const journal = await AnchorJournal.open(parts.store, target.name)
    const anchorer = new Anchorer(target, parts, journal)
    anchorer.#noteLag()
    return anchorer
  }

  start(): void {
    this.#running = this.#run()
  }

  /** One look at the chain, as `start` repeats them; answers the pause until the next, in milliseconds. */
  async look(): Promise<number> {
    try {
      const awaits = await this.#cycle.look()
      this.#state = awaits ? 'anchoring' : 'idle'
      if (this.#error) this.#report({ type: 'recovered' })
      this.#error = undefined
      this.#failures = 0
      return awaits ? this.#policy.poll : this.#policy.idlePoll
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      return this.#fail(error)
    }
  }

  wake(): void {
    this.#noteLag()
    if (this.#rest && this.#cycle.dueAt() < this.#rest.until) this.#rest.alarm.abort()
  }

  anchorCovering(index: number): Promise<AnchorRecord | undefined> {
    return this.#journal.covering(index)
  }

  waitAnchored(size: number, signal: AbortSignal): Promise<AnchorRecord> {
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    if (this.#closing.signal.aborted) return Promise.reject(closed())
    const { newest } = this.#journal
    if (newest && newest.size >= size) return Promise.resolve(newest)
    return new Promise((resolve, reject) => {
      const waiter = { size, resolve, reject }
      this.#waiters.add(waiter)
      signal.addEventListener(
        'abort',
        () => {
          if (this.#waiters.delete(waiter)) reject(signal.reason as Error)
        },
        { once: true },
      )
    })
  }

  status(): AnchoringStatus {
    const { newest, finalSize } = this.#journal
    const anchoredSize = newest?.size ?? 0
    const since = this.#behindSince
    return {
      target: this.target,
      log: this.#cycle.log,
      state: this.#state,
      anchoredSize,
      finalSize,
      lag: {
        entries: Math.max(0, this.#parts.log.checkpoint().size - anchoredSize),
        seconds: since === undefined ? 0 : Math.max(0, (this.#parts.clock.now() - since) / 1000),
      },
      reorganisations: this.#reorganisations,
      resends: this.#resends,
      error: this.#error,
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const waiter of this.#waiters) waiter.reject(closed())
    this.#waiters.clear()
    await this.#chain.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const pause = await this.look()
      if (!signal.aborted) await this.#sleep(pause)
    }
  }

  async #sleep(pause: number): Promise<void> {
    const { clock } = this.#parts
    const { signal } = this.#closing
    const end = clock.now() + pause
    if (this.#state !== 'idle') return clock.sleep(pause, signal)
    // A wake moves the end forward, never past what is due.
    for (;;) {
      const until = Math.min(end, this.#cycle.dueAt())
      if (signal.aborted || clock.now() >= until) return
      const alarm = new AbortController()
      this.#rest = { until, alarm }
      await clock.sleep(until - clock.now(), AbortSignal.any([signal, alarm.signal]))
      this.#rest = undefined
    }
  }

  #fail(error: LedgerError): number {
    const { code } = error
    const halted = HALTING.includes(code)
    // Being closed in the middle of a look is no failure.
    if (isLedgerError(error, 'CHAIN_CLOSED') && this.#closing.signal.aborted) return 0
    this.#state = halted ? 'halted' : this.#state === 'starting' ? 'starting' : 'retrying'
    if (this.#error?.code !== code) this.#report({ type: 'failed', code, halted })
    this.#error = { code, at: this.#parts.clock.now() }
    this.#failures++
    if (halted) return this.#policy.backoff.max
    return backoffPause(this.#policy.backoff, this.#failures, this.#parts.random)
  }

  #note(event: AnchoringEvent): void {
    if (event.type === 'lost') this.#reorganisations += event.anchors
    if (event.type === 'resent') this.#resends++
    if (event.type === 'confirmed') this.#settle()
    if (event.type === 'lost') this.#noteLag()
    this.#parts.report?.(event)
  }

  #report(event: { type: 'recovered' } | { type: 'failed'; code: string; halted: boolean }): void {
    this.#parts.report?.({ target: this.target, ...event })
  }

  #settle(): void {
    const { newest } = this.#journal
    if (newest === undefined) return
    // What is not in it came after it was taken.
    this.#behindSince =
      this.#parts.log.checkpoint().size > newest.size ? newest.queuedAt : undefined
    for (const waiter of this.#waiters) {
      if (waiter.size > newest.size) continue
      this.#waiters.delete(waiter)
      waiter.resolve(newest)
    }
  }

  #noteLag(): void {
    const anchored = this.#journal.newest?.size ?? 0
    if (this.#parts.log.checkpoint().size > anchored) {
      this.#behindSince ??= this.#parts.clock.now()
    }
  }
}

function closed(): LedgerError {
  return new LedgerError('unavailable', 'ANCHORING_CLOSED')
}
