import type { BlockId } from '../chain/chain.ts'
import type { RegistryChain, Relayer } from '../chain/registries.ts'
import { SignedAct } from '../core/acts/acts.ts'
import { hashAct } from '../core/acts/typedData.ts'
import { NOT_RECORDED, requireStatusText, statusCodeOf } from '../core/certificates/status.ts'
import type { ErrorKind } from '../core/errors.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { parseBy } from '../core/schema.ts'
import { actIdOf } from '../core/statements/act.ts'
import type { ActSigned } from '../core/statements/act.ts'
import type { Clock } from '../ledger/anchoring/ports.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { RelayEvent } from './cycle.ts'
import { RelayJournal } from './journal.ts'
import { ActLimits } from './limits.ts'
import type { RelayPolicy } from './policy.ts'
import { stateOf } from './records.ts'
import type { Outcome, RelayRecord, RelayState } from './records.ts'
import { Relay } from './relay.ts'
import type { RelayStatus } from './relay.ts'
import { verifySignatures } from './signatures.ts'
import type { AccountReader } from './signatures.ts'

export interface ActsParts {
  readonly ledger: Pick<Ledger, 'append' | 'findIndex' | 'openStatement' | 'evidence'>
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly chain: RegistryChain
  /** Undefined: this node relays nothing. */
  readonly relayer: Relayer | undefined
  readonly accounts: AccountReader
  /** Resolves once the mirror holds what this block brought. Rejects with the signal's reason. */
  readonly reached: (block: BlockId, signal: AbortSignal) => Promise<void>
  readonly policy: RelayPolicy
  readonly clock: Clock
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number
  readonly report?: (event: RelayEvent) => void
}

export interface Submission {
  /** Name of the authenticated principal that hands it in. */
  readonly by?: string
  readonly note?: string
  /** Waits until the act is mined and mirrored; when it aborts, the answer says how far it is. */
  readonly wait?: AbortSignal
}

/** An act and how far it is: see `RelayState`. */
export interface RelayedAct {
  /** Of its statement. */
  readonly id: string
  readonly index: number
  readonly state: RelayState
  /** Where it was mined. */
  readonly transaction?: Hex
  readonly block?: BlockId
  /** Why the chain refused it after it was logged. */
  readonly refusal?: {
    readonly kind: ErrorKind
    readonly code: string
    readonly details: Readonly<Record<string, unknown>>
  }
}

/** Bytes of the evidence document of the act's statement. */
export type SubmittedAct = RelayedAct & { readonly evidence: Uint8Array }

/**
 * Records what parties signed: in the log, and by the relayer on chain. What was logged is sent until its effect
 * stands, through crashes, reorganisations and a reset of the chain, or until the chain refuses it.
 */
export class Acts {
  readonly #parts: ActsParts
  readonly #journal: RelayJournal
  readonly #relay: Relay | undefined
  readonly #limits: ActLimits

  private constructor(parts: ActsParts, journal: RelayJournal) {
    this.#parts = parts
    this.#journal = journal
    this.#limits = new ActLimits(parts.policy)
    const { chain, relayer, policy, clock, random, report = () => {} } = parts
    this.#relay =
      relayer &&
      new Relay({
        chain,
        relayer,
        journal,
        policy,
        clock,
        random,
        report,
        actAt: async (index) => (await this.#statementAt(index)).act,
      })
  }

  /** Goes on with what an earlier run left. @throws LedgerError corrupt/RELAY_RECORD_MALFORMED */
  static async open(parts: ActsParts): Promise<Acts> {
    const acts = new Acts(parts, await RelayJournal.open(parts.store, parts.ring))
    acts.#relay?.start()
    return acts
  }

  /**
   * Logs an act and sends it on. The same act again is the same statement and the same answer, whoever hands it in.
   *
   * @param unverified a `SignedAct`
   * @throws LedgerError invalid/ACT_MALFORMED, ACT_GRANT_MISMATCH
   * @throws LedgerError invalid/CERTIFICATE_STATUS_UNKNOWN, CERTIFICATE_STATUS_TEXT_MISSING 99 and no note
   * @throws LedgerError unverified/SIGNATURE_INVALID
   * @throws LedgerError tooMany/ACTS_TOO_MANY of this account, tooMany/ACTS_BUSY of all
   * @throws LedgerError what the contract refuses it with: see `REFUSALS`; with `details.act` when it was logged before
   * @throws LedgerError unavailable/RELAYING_OFF, CHAIN_*
   */
  async submit(unverified: unknown, submission: Submission = {}): Promise<SubmittedAct> {
    const { chain, accounts, relayer } = this.#parts
    if (relayer === undefined) throw new LedgerError('unavailable', 'RELAYING_OFF')
    const act = parseBy(SignedAct, unverified, 'ACT_MALFORMED')
    requireMeaning(act, submission.note)
    const digest = hashAct(act, chain.registries)
    const account = await verifySignatures(act, digest, chain.registries, {
      accountOf: (department) => accounts.accountOf(department),
      isValidSignature: (...asked) => chain.isValidSignature(...asked),
    })
    const id = actIdOf(digest)
    const known = await this.#parts.ledger.findIndex(id)
    if (known === undefined) await this.#log(act, id, account, submission)
    else await this.#tryAgain(act, known, account)
    return this.#answer(id, submission.wait)
  }

  /** Undefined for an id that is none of an act. */
  async find(id: string): Promise<RelayedAct | undefined> {
    const index = await this.#parts.ledger.findIndex(id)
    const record = index === undefined ? undefined : await this.#journal.find(index)
    return index === undefined || record === undefined ? undefined : present(id, index, record)
  }

  status(): RelayStatus {
    return (
      this.#relay?.status() ?? {
        waiting: this.#journal.openCount,
        lost: 0,
        resent: 0,
        error: undefined,
      }
    )
  }

  /** Ends the looks; the chain is for its owner to close. */
  async close(): Promise<void> {
    await this.#relay?.close()
  }

  async #log(act: SignedAct, id: string, account: Hex, submission: Submission): Promise<void> {
    const { chain, clock, ledger, policy } = this.#parts
    const { by, note } = submission
    if (this.#journal.openCount >= policy.waiting) {
      throw new LedgerError('tooMany', 'ACTS_BUSY', { waiting: policy.waiting })
    }
    await this.#limits.take(account)
    await chain.simulate(act)
    const statement: ActSigned = {
      v: 1,
      id,
      kind: 'act.signed',
      registries: chain.registries,
      act,
      ...(note !== undefined && { note }),
      ...(by !== undefined && { by }),
    }
    try {
      // The record is written with the statement: what is logged is relayed, also after a crash.
      const { index } = await ledger.append({
        statement,
        writes: (at) => this.#journal.queueing(at, clock.now()),
      })
      await this.#journal.adopt(index)
      this.#relay?.wake()
    } catch (error) {
      // Somebody else handed in the same act at the same time.
      if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
    }
  }

  /** An act that the chain refused is sent again, once the chain would take it. */
  async #tryAgain(act: SignedAct, index: number, account: Hex): Promise<void> {
    const record = await this.#journal.find(index)
    if (record?.outcome?.is !== 'refused') return
    await this.#limits.take(account)
    await this.#parts.chain.simulate(act)
    await this.#relay?.between(() => this.#journal.reopen(index))
  }

  async #answer(id: string, wait: AbortSignal | undefined): Promise<SubmittedAct> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    if (index === undefined) throw new TypeError('the act was logged')
    if (wait) await this.#await(id, index, wait)
    const record = await this.#journal.find(index)
    // The id was given to a statement of another kind, before this act.
    if (record === undefined) throw new LedgerError('conflict', 'STATEMENT_ID_TAKEN', { id })
    return { ...present(id, index, record), evidence: await ledger.evidence(index) }
  }

  async #await(id: string, index: number, wait: AbortSignal): Promise<void> {
    const outcome = await this.#relay?.outcome(index, wait)
    if (outcome === undefined) return
    if (outcome.is === 'refused') throw refusedError(id, outcome)
    try {
      await this.#parts.reached(outcome.block, wait)
    } catch (error) {
      // The answer says that it is mined, and no more.
      if (!wait.aborted) throw error
    }
  }

  async #statementAt(index: number): Promise<ActSigned> {
    const { statement } = await this.#parts.ledger.openStatement(index)
    if (statement.kind !== 'act.signed') throw new LedgerError('corrupt', 'RELAY_RECORD_MALFORMED')
    return statement
  }
}

/** The log is where it is said what a status stands for: the chain has its number alone. */
function requireMeaning(act: SignedAct, note: string | undefined): void {
  if (act.type !== 'StatusChange' || act.message.status === NOT_RECORDED) return
  requireStatusText(statusCodeOf(act.message.status), note)
}

function present(id: string, index: number, record: RelayRecord): RelayedAct {
  const state = stateOf(record)
  const { outcome } = record
  if (outcome === undefined) return { id, index, state }
  if (outcome.is === 'mined') {
    return { id, index, state, transaction: outcome.transaction, block: outcome.block }
  }
  const { kind, code, details } = outcome
  return { id, index, state, refusal: { kind, code, details } }
}

function refusedError(
  act: string,
  { kind, code, details }: Extract<Outcome, { is: 'refused' }>,
): LedgerError {
  return new LedgerError(kind, code, { ...details, act })
}
