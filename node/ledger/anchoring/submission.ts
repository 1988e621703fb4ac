import type {
  AnchoredCheckpoint,
  BlockId,
  Fees,
  Head,
  LogOnChain,
  RootProof,
  SignedTransaction,
  TransactionState,
} from '../../chain/chain.ts'
import { bumpFees, capFees, priceOf } from '../../chain/fees.ts'
import { equalBytes } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import type { CycleParts } from './cycle.ts'
import { withoutRaw } from './records.ts'
import type { AnchorRecord, Attempt } from './records.ts'

/** What a look saw. */
export interface Seen {
  readonly log: LogOnChain
  readonly head: Head
  readonly latest: AnchoredCheckpoint
}

interface Found {
  readonly attempt: Attempt
  readonly state: TransactionState
}

/** Looks in which the proofs may come too late before the anchor counts without them. */
const PROOF_TRIES = 3

/** Brings one anchor from "queued" to "confirmed", one step for each look. */
export class Submission {
  readonly #parts: CycleParts
  #lateProofs = 0

  constructor(parts: CycleParts) {
    this.#parts = parts
  }

  async advance(record: AnchorRecord, seen: Seen): Promise<void> {
    const found = await this.#find(record)
    switch (found?.state.state) {
      case 'mined':
        return this.#settle(record, seen, found.attempt, found.state.block)
      case 'pending':
        return this.#isStuck(record) ? this.#replaceStuck(record, seen) : undefined
      case 'dropped':
        return this.#sendAgain(record, seen)
      case 'reverted':
        // Paid for nothing: not again before there was time to see why.
        if (!this.#isStuck(record)) throw reverted(record, found.state.error)
        return this.#submit(record, seen, await this.#nextNonce())
      default:
        return this.#submit(record, seen, await this.#nextNonce())
    }
  }

  /** Any attempt may be the one that is mined; one that waits is next best. */
  async #find(record: AnchorRecord): Promise<Found | undefined> {
    let best: Found | undefined
    for (const attempt of record.attempts.toReversed()) {
      const state = await this.#parts.chain.transactionState(attempt)
      if (state.state === 'mined') return { attempt, state }
      if (best === undefined || (state.state === 'pending' && best.state.state !== 'pending')) {
        best = { attempt, state }
      }
    }
    return best
  }

  async #settle(record: AnchorRecord, seen: Seen, attempt: Attempt, block: BlockId): Promise<void> {
    const { chain, journal, now, policy, report } = this.#parts
    if (seen.head.number - block.number + 1 < policy.confirmations) return chain.mine?.()
    const root = await chain.rootAt(seen.log, record.size)
    if (root === undefined || !equalBytes(root, record.root)) {
      throw new LedgerError('unavailable', 'CHAIN_NONSENSE', { size: record.size })
    }
    const proof = await this.#prove(record, seen, attempt, block)
    const { reorganisedAt: _, proof: __, ...rest } = record
    await journal.confirm({
      ...rest,
      state: 'confirmed',
      attempts: record.attempts.map(withoutRaw),
      mined: { transaction: attempt.transaction, block },
      ...(proof && { proof: toStored(proof) }),
      confirmedAt: now(),
    })
    report({ target: journal.target, type: 'confirmed', size: record.size, block: block.number })
  }

  /**
   * At once, since nodes prune the states of old blocks. Where that has happened already, a later
   * block proves the root as well: it stays in the contract.
   */
  async #prove(record: AnchorRecord, seen: Seen, { transaction }: Attempt, block: BlockId) {
    const { chain, policy } = this.#parts
    try {
      const proof = await chain.proveRoot(seen.log, record, block, transaction)
      const settled = seen.head.number - policy.confirmations + 1
      const hash = proof || settled <= block.number ? undefined : await chain.blockHash(settled)
      const later = hash && (await chain.proveRoot(seen.log, record, { number: settled, hash }))
      this.#lateProofs = 0
      return proof ?? later
    } catch (error) {
      // A chain that never answers this question must not keep its anchors from counting.
      if (!isLedgerError(error, 'CHAIN_TIMEOUT') || ++this.#lateProofs < PROOF_TRIES) throw error
      this.#lateProofs = 0
      return undefined
    }
  }

  /** Lost on its way, or never sent because of a crash. */
  async #sendAgain(record: AnchorRecord, seen: Seen): Promise<void> {
    const attempt = record.attempts.at(-1)
    const nonce = await this.#nextNonce()
    const fits = attempt?.nonce === nonce && attempt.from === seen.latest.size
    if (attempt?.raw === undefined || !fits || this.#isStuck(record)) {
      return this.#submit(record, seen, nonce)
    }
    await this.#send({ ...attempt, raw: attempt.raw })
    this.#reportResent(record)
  }

  /** Replaces whatever of this account the chain is stuck at, be it ours or not. */
  async #replaceStuck(record: AnchorRecord, seen: Seen): Promise<void> {
    const { mined } = await this.#parts.chain.nonces()
    return this.#submit(record, seen, mined)
  }

  /** Stored before it is sent: a crash in between leaves a transaction that we know and can look for. */
  async #submit(record: AnchorRecord, { log, latest }: Seen, nonce: number): Promise<void> {
    const { chain, journal, now } = this.#parts
    const { size, root } = record
    const fees = await this.#offerFor(record, nonce)
    const proof = await this.#parts.log.consistencyProof(latest.size, size)
    const signed = await chain.signAnchor(log, { size, root, proof }, { nonce, fees })
    const attempt = { ...signed, from: latest.size, at: now() }
    const submitted: AnchorRecord = {
      ...record,
      state: 'submitted',
      attempts: [...record.attempts.map(withoutRaw), attempt],
    }
    await journal.save(submitted)
    await this.#send(signed)
    if (record.attempts.length > 0) this.#reportResent(record)
  }

  async #send(transaction: SignedTransaction): Promise<void> {
    try {
      await this.#parts.chain.send(transaction)
    } catch (error) {
      // Another transaction is in the way: the next look sees which.
      if (!isLedgerError(error, 'NONCE_USED') && !isLedgerError(error, 'FEE_TOO_LOW')) throw error
    }
  }

  #reportResent({ target, size }: AnchorRecord): void {
    this.#parts.report({ target, type: 'resent', size })
  }

  async #offerFor(record: AnchorRecord, nonce: number): Promise<Fees> {
    const { chain, policy } = this.#parts
    const cap = policy.maxFeePerGas
    const market = capFees(await chain.marketFees(), cap)
    const replaced = record.attempts.findLast((attempt) => attempt.nonce === nonce)
    if (replaced === undefined) return market
    const fees = bumpFees(replaced.fees, market)
    if (cap === undefined || priceOf(fees) <= cap) return fees
    throw new LedgerError('unavailable', 'ANCHOR_FEE_CAPPED', {
      wanted: priceOf(fees).toString(),
      cap: cap.toString(),
    })
  }

  async #nextNonce(): Promise<number> {
    return (await this.#parts.chain.nonces()).pending
  }

  /** Twice the patience with every attempt, so that a chain that stands still is not bid up. */
  #isStuck({ attempts }: AnchorRecord): boolean {
    const patience = this.#parts.policy.stuckAfter * 2 ** Math.min(attempts.length - 1, 10)
    // Either way, since the clock may have been set back.
    return Math.abs(this.#parts.now() - (attempts.at(-1)?.at ?? 0)) >= patience
  }
}

/** The stored lists are mutable in type only. */
function toStored({ transactionProof, ...proof }: RootProof) {
  return {
    ...proof,
    accountProof: [...proof.accountProof],
    storageProof: [...proof.storageProof],
    ...(transactionProof && {
      transactionProof: { ...transactionProof, nodes: [...transactionProof.nodes] },
    }),
  }
}

function reverted({ size }: AnchorRecord, error: string): LedgerError {
  return new LedgerError('conflict', 'ANCHOR_REVERTED', { error, size })
}
