import type { BlockId, Fees, Head, TransactionState } from '../chain/chain.ts'
import { bumpFees, capFees, priceOf } from '../chain/fees.ts'
import type { SignedAct } from '../core/acts/acts.ts'
import { isRefusalName, refusal } from '../core/acts/refusals.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { withoutRaw } from '../ledger/anchoring/records.ts'
import type { CycleParts } from './cycle.ts'
import type { Tracked } from './journal.ts'
import type { Attempt, Outcome } from './records.ts'

interface Found {
  readonly attempt: Attempt
  readonly state: TransactionState
}

interface Planned {
  readonly tracked: Tracked
  readonly nonce: number
  /** Undefined where what was signed before is sent again. */
  readonly act: SignedAct | undefined
  readonly gasLimit: number
}

/** Transactions of one act that may be mined and revert while it would go through, before that counts as a refusal. */
const REVERTS = 8

/**
 * The acts on their way: brings each from "queued" to an outcome, several at once, in the order of the log.
 *
 * One act may come to have several transactions that could all be mined, and counts once nevertheless: what makes an
 * act unique stands in what was signed (a nonce, a sequence, an id), and the contracts keep count of it.
 */
export class Outbox {
  readonly #parts: CycleParts
  /** Acts that the chain would not even measure, and until when they let others pass, in milliseconds since 1970. */
  readonly #aside = new Map<number, number>()

  constructor(parts: CycleParts) {
    this.#parts = parts
  }

  async advance(head: Head): Promise<void> {
    const { relayer } = this.#parts
    const inFlight = this.#inFlight()
    const [nonces, found] = await Promise.all([relayer.nonces(), this.#findAll(inFlight)])
    await this.#noteMined(found)
    const waiting: Tracked[] = []
    const pending: { tracked: Tracked; nonce: number }[] = []
    for (const tracked of inFlight) {
      const best = found.get(tracked.index)
      if (best?.state.state === 'mined') continue
      if (best?.state.state === 'pending') pending.push({ tracked, nonce: best.attempt.nonce })
      else if (best?.state.state !== 'reverted') waiting.push(tracked)
      else if (!(await this.#noteReverted(tracked, best.state))) waiting.push(tracked)
    }
    const taken = new Set(pending.map(({ nonce }) => nonce))
    const planned = await this.#planStuck(pending, nonces.mined)
    planned.push(...(await this.#planWaiting(waiting, nonces, taken, head)))
    await this.#send(planned)
  }

  /** The oldest that are open, but for those that were set aside. */
  #inFlight(): Tracked[] {
    const { journal, now, policy } = this.#parts
    const time = now()
    for (const [index, until] of this.#aside) if (until <= time) this.#aside.delete(index)
    return journal.open.filter(({ index }) => !this.#aside.has(index)).slice(0, policy.inFlight)
  }

  /** What became of the transactions of each act in flight. */
  async #findAll(inFlight: readonly Tracked[]): Promise<Map<number, Found>> {
    const found = await Promise.all(
      inFlight
        .filter(({ record }) => record.attempts.length > 0)
        .map(async (tracked) => [tracked.index, await this.#find(tracked)] as const),
    )
    return new Map(found.flatMap(([index, best]) => (best ? [[index, best]] : [])))
  }

  /** Any attempt may be the one that is mined; one that waits is next best. */
  async #find({ record }: Tracked): Promise<Found | undefined> {
    let best: Found | undefined
    for (const attempt of record.attempts.toReversed()) {
      const state = await this.#parts.relayer.transactionState(attempt)
      if (state.state === 'mined') return { attempt, state }
      if (best === undefined || (state.state === 'pending' && best.state.state !== 'pending')) {
        best = { attempt, state }
      }
    }
    return best
  }

  async #noteMined(found: ReadonlyMap<number, Found>): Promise<void> {
    const { journal, report } = this.#parts
    const mined: Tracked[] = []
    for (const tracked of journal.open) {
      const best = found.get(tracked.index)
      if (best?.state.state !== 'mined') continue
      const { block } = best.state
      const { transaction } = best.attempt
      mined.push(withOutcome(tracked, { is: 'mined', block, transaction }))
    }
    await journal.save(mined)
    for (const { index, record } of mined) {
      report({ type: 'mined', index, block: record.outcome?.block.number ?? 0 })
    }
  }

  /** What the contract would say now decides: the transaction may have run out of gas. Answers whether it is over. */
  async #noteReverted(
    tracked: Tracked,
    { block, error }: Extract<TransactionState, { state: 'reverted' }>,
  ): Promise<boolean> {
    const { actAt, chain } = this.#parts
    try {
      await chain.simulate(await actAt(tracked.index))
    } catch (refused) {
      if (!isRefusal(refused)) throw refused
      await this.#refuse(tracked, block, refused)
      return true
    }
    if (tracked.record.attempts.length < REVERTS) return false
    const said = isRefusalName(error) ? refusal(error) : new LedgerError('conflict', 'ACT_REVERTED')
    await this.#refuse(tracked, block, said)
    return true
  }

  async #refuse(tracked: Tracked, block: BlockId, refused: LedgerError): Promise<void> {
    const { kind, code, details } = refused
    const { number, hash } = block
    const outcome: Outcome = { is: 'refused', block: { number, hash }, kind, code, details }
    await this.#parts.journal.save([withOutcome(tracked, outcome)])
    this.#parts.report({ type: 'refused', index: tracked.index, block: number })
  }

  /** The chain is stuck at one nonce at a time: whatever has it is replaced, be it ours or not. */
  async #planStuck(
    pending: readonly { tracked: Tracked; nonce: number }[],
    mined: number,
  ): Promise<Planned[]> {
    const [first] = pending.toSorted((a, b) => a.nonce - b.nonce)
    if (first === undefined || !this.#isStuck(first.tracked)) return []
    const { tracked } = first
    const gasLimit = tracked.record.attempts.at(-1)?.gasLimit ?? 0
    const act = await this.#parts.actAt(tracked.index)
    return [{ tracked, nonce: mined, act, gasLimit }]
  }

  /** Each gets the next free nonce; what was signed for it before, and got lost, is sent again as it is. */
  async #planWaiting(
    waiting: readonly Tracked[],
    { mined, pending }: { mined: number; pending: number },
    taken: ReadonlySet<number>,
    head: Head,
  ): Promise<Planned[]> {
    const planned: Planned[] = []
    let nonce = mined - 1
    const nextNonce = () => {
      // Below `pending` there may be transactions of this account that no record knows of.
      do nonce++
      while (nonce < pending || taken.has(nonce))
      return nonce
    }
    for (const tracked of waiting) {
      const before = nonce
      const free = nextNonce()
      const last = tracked.record.attempts.at(-1)
      if (last?.nonce === free && last.raw !== undefined && !this.#isStuck(tracked)) {
        planned.push({ tracked, nonce: free, act: undefined, gasLimit: last.gasLimit })
        continue
      }
      const plan = await this.#planNew(tracked, free, head)
      if (plan) planned.push(plan)
      else nonce = before
    }
    return planned
  }

  /** Undefined when the chain would not take it: for good, unless an earlier act comes first. */
  async #planNew(tracked: Tracked, nonce: number, head: Head): Promise<Planned | undefined> {
    const { actAt, journal, relayer } = this.#parts
    const act = await actAt(tracked.index)
    const replaced = tracked.record.attempts.findLast((attempt) => attempt.nonce === nonce)
    if (replaced) return { tracked, nonce, act, gasLimit: replaced.gasLimit }
    try {
      return { tracked, nonce, act, gasLimit: await relayer.gasLimit(act) }
    } catch (refused) {
      if (isLedgerError(refused, 'CHAIN_REFUSED')) {
        // Perhaps it is this act that the node chokes on: none may keep the others from the chain.
        this.#aside.set(tracked.index, this.#parts.now() + this.#parts.policy.backoff.max)
        return undefined
      }
      if (!isRefusal(refused)) throw refused
      // The acts of one department follow one another, so that one may only be right after another.
      if (journal.open[0]?.index === tracked.index) await this.#refuse(tracked, head, refused)
      return undefined
    }
  }

  /** Stored before it is sent: a crash in between leaves transactions that we know and can look for. */
  async #send(planned: readonly Planned[]): Promise<void> {
    const { journal, report } = this.#parts
    if (planned.length === 0) return
    const sendings: { tracked: Tracked; attempt: Attempt }[] = []
    const market = await this.#marketFees()
    for (const plan of planned) {
      const attempt = await this.#attemptFor(plan, market)
      // Those behind it would wait for its nonce.
      if (attempt === undefined) break
      sendings.push({ tracked: plan.tracked, attempt })
    }
    await journal.save(
      sendings
        .filter(({ tracked, attempt }) => tracked.record.attempts.at(-1) !== attempt)
        .map(({ tracked, attempt }) => withAttempt(tracked, attempt)),
    )
    for (const { tracked, attempt } of sendings) {
      await this.#sendOne(attempt)
      if (tracked.record.attempts.length > 0) report({ type: 'resent', index: tracked.index })
    }
  }

  /** What was offered last, or undefined, while more would have to be offered than is allowed. */
  async #attemptFor(
    { tracked, nonce, act, gasLimit }: Planned,
    market: Fees,
  ): Promise<Attempt | undefined> {
    const { now, policy, relayer } = this.#parts
    const last = tracked.record.attempts.at(-1)
    if (act === undefined) return last
    const replaced = tracked.record.attempts.findLast((attempt) => attempt.nonce === nonce)
    const fees = replaced ? bumpFees(replaced.fees, market) : market
    if (policy.maxFeePerGas !== undefined && priceOf(fees) > policy.maxFeePerGas) {
      return last?.nonce === nonce && last.raw !== undefined ? last : undefined
    }
    const signed = await relayer.sign(act, gasLimit, { nonce, fees })
    return { ...signed, gasLimit, at: now() }
  }

  async #sendOne({ raw, ...attempt }: Attempt): Promise<void> {
    if (raw === undefined) throw new TypeError('what is on its way is kept as signed')
    try {
      await this.#parts.relayer.send({ ...attempt, raw })
    } catch (error) {
      // Another transaction is in the way: the next look sees which.
      if (!isLedgerError(error, 'NONCE_USED') && !isLedgerError(error, 'FEE_TOO_LOW')) throw error
    }
  }

  async #marketFees(): Promise<Fees> {
    return capFees(await this.#parts.relayer.marketFees(), this.#parts.policy.maxFeePerGas)
  }

  /** Twice the patience with every attempt, so that a chain that stands still is not bid up. */
  #isStuck({ record: { attempts } }: Tracked): boolean {
    const patience = this.#parts.policy.stuckAfter * 2 ** Math.min(attempts.length - 1, 10)
    // Either way, since the clock may have been set back.
    return Math.abs(this.#parts.now() - (attempts.at(-1)?.at ?? 0)) >= patience
  }
}

/** An answer of the contract, rather than of a chain that cannot be asked now. */
function isRefusal(error: unknown): error is LedgerError {
  return (
    isLedgerError(error) && error.kind !== 'unavailable' && error.code !== 'CHAIN_CODE_MISMATCH'
  )
}

function withOutcome({ index, record }: Tracked, outcome: Outcome): Tracked {
  return { index, record: { ...record, outcome } }
}

/** The one before it at the same nonce can be sent no more; others may still be needed. */
function withAttempt({ index, record }: Tracked, attempt: Attempt): Tracked {
  const attempts = [...record.attempts.map(withoutRaw), attempt]
  return { index, record: { ...record, attempts } }
}
