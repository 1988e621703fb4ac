import type { CaseRules } from '../cases/rules.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { LedgerError } from '../core/errors.ts'
import type { UseChecked } from '../core/statements/check.ts'
import type { UseRefused, UseReleased } from '../core/statements/use.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { Appended, Draft, Ledger } from '../ledger/ledger.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { StateProofs, WantedState } from '../states/stateProofs.ts'
import type { TermIndex } from '../store/terms.ts'
import { countUses, isUnderWay } from './counting.ts'
import type { CountedUses, UseActs } from './counting.ts'
import { decideUse } from './deciding.ts'
import type { DecidedUse } from './deciding.ts'
import { judge } from './judging.ts'
import type { TakenUp } from './judging.ts'
import type { PendingUse, PendingUses } from './pendingUses.ts'
import { stateOfUse } from './provenState.ts'
import type { RecordedUses } from './recordedUses.ts'
import { concernedBy, isRefusal, stateRefusal } from './receipts.ts'
import type { Asked } from './receipts.ts'
import type { SpentUses } from './spentUses.ts'
import type { Subjects } from './subjects.ts'

export interface AnsweringParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly subjects: Subjects
  readonly caseRules: CaseRules
  /** One for all that spends materials. */
  readonly singles: SingleUses
  readonly mirror: Mirror
  readonly chain: RegistryChain
  readonly acts: UseActs
  readonly directory: PartyDirectory
  readonly states: StateProofs
  /** These three: one for all that answers uses. */
  readonly spent: SpentUses
  readonly pending: PendingUses
  readonly recorded: RecordedUses
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A request that every rule allows, before anything is given for it. */
export interface Allowed {
  readonly decided: DecidedUse
  /** What its statement says of it. */
  readonly asked: Asked
  /** Has the chain count it. Whatever could still fail comes before, for nothing takes a count back. */
  readonly count: () => Promise<CountedUses>
  /**
   * Logs what was given for it.
   *
   * @param append for a statement that something lies beside
   */
  readonly log: (
    statement: UseReleased | UseChecked,
    counted: CountedUses,
    append?: Append,
  ) => Promise<Appended>
}

type Append = (draft: Draft) => Promise<Appended>

/** How a signed use is answered, whatever is given for it: once, and on record, be it by a refusal. */
export class UseAnswerer {
  readonly #parts: AnsweringParts

  constructor(parts: AnsweringParts) {
    this.#parts = parts
  }

  /**
   * Has `give` answer a request if every rule allows it; what one refuses is logged before it is thrown. To be called in
   * turn, for what nothing answered yet.
   *
   * @throws LedgerError as `judge`, `decideUse` and `countUses`; whatever `give` throws
   */
  async answer<T>(
    taken: TakenUp,
    give: (allowed: Allowed) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { asked, world, region } = await judge(taken, this.#parts, signal)
    try {
      const decided = await decideUse(taken.request, { ...this.#parts, world, region })
      const hold = () => this.#hold(taken, asked)
      return await give({
        decided,
        asked,
        count: () => countUses(decided, this.#parts, { hold, signal }),
        log: (statement, counted, append) => {
          const state = stateOfUse(decided, asked, counted, this.#parts)
          return this.#log(taken, statement, [state], append)
        },
      })
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.#refuse(taken, asked, error)
      throw error
    }
  }

  /** As `CarriesOn.carryOn`, in turn. */
  async carryOn(
    { id, request }: PendingUse,
    answer: (taken: TakenUp) => Promise<unknown>,
  ): Promise<void> {
    const { pending, spent, chain } = this.#parts
    const uses = useIdsOf(request, chain.registries)
    await spent.inTurn(uses, async () => {
      const held = await pending.find(id)
      if (held === undefined) return
      const isAnswered = (await spent.find(uses, id)) !== undefined
      if (isAnswered || !(await isUnderWay(request, this.#parts))) return pending.drop(id)
      await answer({ id, request, held, isAsked: false })
    })
  }

  async #hold({ id, request, held, idempotency }: TakenUp, { decision }: Asked): Promise<void> {
    if (held !== undefined) return
    await this.#parts.pending.hold({ id, request, decision, ...(idempotency && { idempotency }) })
  }

  async #refuse(taken: TakenUp, asked: Asked, why: LedgerError): Promise<void> {
    const { mirror, subjects } = this.#parts
    const { id, request } = taken
    const concerned = await concernedBy(request, subjects)
    await this.#log(taken, stateRefusal(id, request, asked, concerned, why, mirror.grants), [])
  }

  async #log(
    { id, held, idempotency }: TakenUp,
    statement: UseReleased | UseChecked | UseRefused,
    wanted: readonly WantedState[],
    append: Append = (draft) => this.#parts.ledger.append(draft),
  ): Promise<Appended> {
    const { ledger, pending, terms, states, recorded } = this.#parts
    const found = foundBy(statement)
    const keys = [idempotency, held?.idempotency].filter((key) => key !== undefined)
    const appended = await append({
      statement,
      writes: (index) => [
        ...terms.writesOf(found, index),
        ...keys.flatMap((key) => ledger.keys.writes(key, index)),
        ...pending.writes(id),
        ...(wanted.length > 0 ? [states.want(index, wanted)] : []),
      ],
    })
    await pending.forget(id)
    if (wanted.length > 0) states.prove(appended.index)
    // Answers to questions are listed on their own.
    if (statement.kind !== 'use.checked') recorded.tell({ index: appended.index, statement })
    return appended
  }
}
