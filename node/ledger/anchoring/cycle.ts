import type { AnchoredCheckpoint, Chain, Head, LogOnChain } from '../../chain/chain.ts'
import { equalBytes } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import { isOnLog, lastBlock } from './journal.ts'
import type { AnchorJournal } from './journal.ts'
import type { AnchorPolicy } from './policy.ts'
import type { AnchoredLog } from './ports.ts'
import type { AnchorRecord } from './records.ts'
import { Submission } from './submission.ts'
import type { Seen } from './submission.ts'

export interface CycleParts {
  readonly chain: Chain
  readonly log: AnchoredLog
  readonly journal: AnchorJournal
  readonly policy: AnchorPolicy
  readonly now: () => number
  readonly report: (event: AnchoringEvent) => void
}

/** What an operator should know of; for logs and metrics. */
export type AnchoringEvent = { readonly target: string } & (
  | { readonly type: 'confirmed'; readonly size: number; readonly block: number }
  /** So many confirmed anchors are on the chain no more. They are made again. */
  | { readonly type: 'lost'; readonly anchors: number }
  /** A transaction was sent again, or replaced at a higher price. */
  | { readonly type: 'resent'; readonly size: number }
  /** Once for each change of code. Loud when halted. */
  | { readonly type: 'failed'; readonly code: string; readonly halted: boolean }
  | { readonly type: 'recovered' }
)

/** Blocks that nobody takes back, where a chain does not say what is final: two epochs of Ethereum. */
const USUAL_FINAL_DEPTH = 64

/**
 * One look at a chain and what follows from it. Everything is decided from the chain and the stored
 * records, and every step is safe to repeat, so that a look may end anywhere, by error or crash, and
 * the next one goes on.
 */
export class AnchorCycle {
  readonly #parts: CycleParts
  readonly #submission: Submission
  #log: LogOnChain | undefined
  /** What the chain held when it was last compared with the log. */
  #agreed: AnchoredCheckpoint | undefined
  #missingSince: number | undefined

  constructor(parts: CycleParts) {
    this.#parts = parts
    this.#submission = new Submission(parts)
  }

  get log(): LogOnChain | undefined {
    return this.#log ?? this.#parts.journal.lastLog
  }

  /** When the next anchor is due, in milliseconds since 1970; Infinity while there is nothing to anchor. */
  dueAt(): number {
    const { journal, log, now, policy } = this.#parts
    const { newest } = journal
    if (newest === undefined || (this.#log && !isOnLog(newest, this.#log))) {
      return log.checkpoint().size === 0 ? Infinity : 0
    }
    const waiting = log.checkpoint().size - newest.size
    if (waiting <= 0) return Infinity
    // A clock that was set back must not make the interval longer.
    const isDue = waiting >= policy.sizeThreshold || newest.queuedAt > now()
    return isDue ? 0 : newest.queuedAt + policy.interval
  }

  /**
   * Answers whether something is awaited from the chain.
   *
   * @throws LedgerError corrupt/LOG_FORKED, corrupt/LOG_ROLLED_BACK the chain holds an anchor that
   *   contradicts this log: the data folder is not the one that was anchored
   * @throws LedgerError unavailable/CHAIN_BEHIND, conflict/ANCHOR_REVERTED, and what `Chain` throws
   */
  async look(): Promise<boolean> {
    const { chain, journal } = this.#parts
    const log = (this.#log ??= await this.#openLog())
    if (log === undefined) return true
    const head = await chain.head()
    const latest = await chain.latest(log)
    if (latest === undefined) {
      // The chain was reset: the next look makes the log anew.
      this.#log = undefined
      return true
    }
    await this.#refuseContradiction(latest)
    await this.#loseVanished(head)
    this.#refuseLagging(log, latest)
    const record = await this.#takeUp(log, latest)
    if (record) await this.#advance(record, { log, head, latest })
    await this.#finalise(head)
    return journal.outstanding !== undefined || this.#awaitsBlocks()
  }

  async #openLog(): Promise<LogOnChain | undefined> {
    const { chain, journal, log } = this.#parts
    const known = journal.lastLog
    const chainId = await chain.chainId()
    // Before anything is deployed: an address that leads elsewhere is a mistake more often than a plan.
    if (known && known.chainId !== chainId) {
      throw new LedgerError('unavailable', 'CHAIN_ID_CHANGED', { expected: known.chainId, chainId })
    }
    return chain.openLog(log.origin, known?.logId)
  }

  /** The contract only ever extends, so an anchor that is not in our past is one that we can never extend. */
  async #refuseContradiction(latest: AnchoredCheckpoint): Promise<void> {
    const { log, journal } = this.#parts
    const { size } = log.checkpoint()
    const details = { target: journal.target, size, anchoredSize: latest.size }
    if (latest.size > size) throw new LedgerError('corrupt', 'LOG_ROLLED_BACK', details)
    if (this.#agreed && isSame(this.#agreed, latest)) return
    if (!equalBytes(await log.rootAt(latest.size), latest.root)) {
      throw new LedgerError('corrupt', 'LOG_FORKED', details)
    }
    this.#agreed = latest
  }

  /** While the newest anchor's block stands, all those before it do: they are its ancestors. */
  async #loseVanished(head: Head): Promise<void> {
    const { journal, now, policy, report } = this.#parts
    const { newest } = journal
    if (newest === undefined || (await this.#stands(newest))) {
      this.#missingSince = undefined
      return
    }
    if (head.number < lastBlock(newest).number) {
      this.#missingSince ??= now()
      if (now() - this.#missingSince < policy.grace) throw behind(head.number)
    }
    const anchors = await journal.loseVanished((record) => this.#stands(record), now())
    if (anchors > 0) report({ target: journal.target, type: 'lost', anchors })
  }

  async #stands(record: AnchorRecord): Promise<boolean> {
    const { number, hash } = lastBlock(record)
    return (await this.#parts.chain.blockHash(number)) === hash
  }

  /** The anchor's block stands, yet its contract does not know it: two answers from different heads. */
  #refuseLagging(log: LogOnChain, latest: AnchoredCheckpoint): void {
    const { newest } = this.#parts.journal
    if (newest && isOnLog(newest, log) && latest.size < newest.size) throw behind(latest.size)
  }

  /** The anchor to work on: the one on its way, or a new one that is due. */
  async #takeUp(log: LogOnChain, latest: AnchoredCheckpoint): Promise<AnchorRecord | undefined> {
    const { journal, now } = this.#parts
    const { outstanding } = journal
    if (outstanding === undefined) return this.dueAt() <= now() ? this.#queue(log) : undefined
    // Somebody else with this key anchored more: this one cannot be mined any longer.
    if (latest.size > outstanding.size) {
      return this.#queue(log, { ...outstanding, state: 'reorganised', reorganisedAt: now() })
    }
    if (isOnLog(outstanding, log)) return outstanding
    // Made for a chain that was reset.
    const { mined: _, proof: __, ...rest } = outstanding
    const moved: AnchorRecord = { ...rest, ...log, state: 'queued', attempts: [] }
    await journal.save(moved)
    return moved
  }

  async #advance(record: AnchorRecord, seen: Seen): Promise<void> {
    try {
      await this.#submission.advance(record, seen)
    } catch (error) {
      // Perhaps the operator was replaced: opening the log again tells.
      if (isLedgerError(error, 'ANCHOR_REVERTED')) this.#log = undefined
      throw error
    }
  }

  async #queue(log: LogOnChain, superseded?: AnchorRecord): Promise<AnchorRecord> {
    const { journal, now } = this.#parts
    const { size, root, note } = this.#parts.log.checkpoint()
    const record: AnchorRecord = {
      v: 1,
      target: journal.target,
      ...log,
      size,
      root,
      checkpoint: note,
      state: 'queued',
      attempts: [],
      queuedAt: now(),
    }
    await journal.save(record, superseded)
    return record
  }

  async #finalise(head: Head): Promise<void> {
    const { chain, journal, now, policy } = this.#parts
    if (journal.unfinal.length === 0) return
    const final =
      policy.finalDepth === undefined
        ? ((await chain.finalized()) ?? head.number - USUAL_FINAL_DEPTH + 1)
        : head.number - policy.finalDepth + 1
    const records = journal.unfinal.filter((record) => lastBlock(record).number <= final)
    if (records.length > 0) await journal.finalise(records, now())
    if (this.#awaitsBlocks()) await chain.mine?.()
  }

  /** A chain that makes blocks on demand has to be asked for those that finality takes. */
  #awaitsBlocks(): boolean {
    const { chain, journal } = this.#parts
    return chain.mine !== undefined && journal.unfinal.length > 0
  }
}

function behind(at: number): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_BEHIND', { at })
}

function isSame(a: AnchoredCheckpoint, b: AnchoredCheckpoint): boolean {
  return a.size === b.size && equalBytes(a.root, b.root)
}
