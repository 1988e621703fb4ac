import type { CaseRules } from '../cases/rules.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Certificates } from '../certificates/certificates.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { Day } from '../core/catalogue/day.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { answerQuestions, fieldsToGrant } from '../core/checks/questions.ts'
import type { Question, Questioned } from '../core/checks/questions.ts'
import type { UseChecked } from '../core/statements/check.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Term } from '../core/terms/term.ts'
import { checkHolderTerm, checkUserTerm } from '../core/terms/uses.ts'
import { usabilityOf } from '../core/usability/holding.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { useStatementId } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import { Holdings } from '../holdings/holdings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { StateProofs, WantedState } from '../states/stateProofs.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { CarriesOn } from '../uses/carrying.ts'
import { countUses, isUnderWay } from '../uses/counting.ts'
import type { UseActs } from '../uses/counting.ts'
import { decideUse } from '../uses/deciding.ts'
import type { DecidableRequest, DecidedUse } from '../uses/deciding.ts'
import { composeUseEvidence } from '../uses/evidence.ts'
import { stateOfUse } from '../uses/provenState.ts'
import { judge } from '../uses/judging.ts'
import type { TakenUp } from '../uses/judging.ts'
import type { PendingUse, PendingUses } from '../uses/pendingUses.ts'
import { concernedBy, isRefusal, stateRefusal } from '../uses/receipts.ts'
import type { Asked } from '../uses/receipts.ts'
import { sparing } from '../uses/sparing.ts'
import { alreadyMade } from '../uses/spentUses.ts'
import type { SpentUses } from '../uses/spentUses.ts'
import type { Subjects } from '../uses/subjects.ts'
import type { AnsweredCheck, CheckPage, CheckRecord, CheckRequest, Checks } from './checks.ts'

export interface ChecksParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly subjects: Subjects
  readonly caseRules: CaseRules
  readonly singles: SingleUses
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf' | 'disclose'>
  readonly catalogue: CatalogueReader
  readonly mirror: Mirror
  readonly chain: RegistryChain
  readonly acts: UseActs
  readonly directory: PartyDirectory
  readonly states: StateProofs
  /** These two: one for all that answers uses. */
  readonly spent: SpentUses
  readonly pending: PendingUses
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Data checks on top of the ledger, by the rules of uses. */
export class LedgerChecks implements Checks, CarriesOn {
  readonly #parts: ChecksParts

  constructor(parts: ChecksParts) {
    this.#parts = parts
  }

  async ask(request: CheckRequest, signal?: AbortSignal): Promise<AnsweredCheck> {
    const { spent, pending, chain } = this.#parts
    const uses = useIdsOf(request, chain.registries)
    const id = useStatementId(request, chain.registries)
    return spent.inTurn(uses, async () => {
      // What was signed is answered once, be it by a copy or by answers.
      const before = await spent.find(uses, id)
      if (before !== undefined) throw alreadyMade(before)
      const held = await pending.find(id)
      const asked = { id, request: decidable(request), held, isAsked: true }
      return this.#answer(asked, request.questions, signal)
    })
  }

  async carryOn({ id, request }: PendingUse, signal: AbortSignal): Promise<void> {
    const { pending, spent, chain } = this.#parts
    const uses = useIdsOf(request, chain.registries)
    await spent.inTurn(uses, async () => {
      const held = await pending.find(id)
      if (held === undefined) return
      const isAnswered = (await spent.find(uses, id)) !== undefined
      if (isAnswered || !(await isUnderWay(request, this.#parts))) return pending.drop(id)
      await this.#answer(
        { id, request, held, isAsked: false },
        [...(request.questions ?? [])],
        signal,
      )
    })
  }

  async get(id: string): Promise<CheckRecord> {
    const index = await this.#parts.ledger.findIndex(id)
    if (index === undefined) throw new LedgerError('notFound', 'USE_NOT_FOUND', { id })
    return this.#read(index)
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { chainId } = this.#parts.chain.registries
    return composeUseEvidence(await this.get(id), { ...this.#parts, chainId }, wait)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<CheckPage> {
    return this.#list(checkHolderTerm(holder), page)
  }

  ofUser(user: Hex, page: PageRequest): Promise<CheckPage> {
    return this.#list(checkUserTerm(user), page)
  }

  async #answer(
    taken: TakenUp,
    questions: Question[],
    signal: AbortSignal | undefined,
  ): Promise<AnsweredCheck> {
    const { id, request, held } = taken
    const { asked, world, region } = await judge(taken, this.#parts, signal)
    try {
      const decided = await decideUse(request, { ...this.#parts, world, region })
      // Whatever could still fail comes before the count, which nothing takes back.
      const answers = answerQuestions(questions, await this.#look(decided, questions))
      const hold = async () => {
        const { pending } = this.#parts
        if (held === undefined) await pending.hold({ id, request, decision: asked.decision })
      }
      const counted = await countUses(decided, this.#parts, { hold, signal })
      const state = stateOfUse(decided, asked, counted, this.#parts)
      return await sparing(decided, answers, this.#parts, (spared) =>
        this.#log(state, {
          v: 1,
          id,
          kind: 'use.checked',
          subject: decided.subject,
          holders: [...decided.holders],
          ...asked,
          manner: 'read',
          counted: [...counted.transactions],
          ...spared,
          questions,
          answers,
        }),
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.#refuse(id, request, asked, error)
      throw error
    }
  }

  /** What the questions are about. */
  async #look(decided: DecidedUse, questions: readonly Question[]): Promise<Questioned> {
    const { subject, material } = decided
    const days = questions.flatMap((question) =>
      question.kind === 'validOn' ? [question.day] : [],
    )
    const valid = await Promise.all(
      days.map(async (day) => [day, await this.#isValidOn(decided, day)] as const),
    )
    const fields =
      subject.kind === 'certificate'
        ? readDisclosed(await this.#parts.certificates.disclose(subject.id)).fields
        : (material?.fields ?? {})
    return { fields, validOn: new Map(valid) }
  }

  /** By the end of the day. */
  async #isValidOn({ subject, holders, request }: DecidedUse, day: Day): Promise<boolean> {
    const time = Math.floor(Date.parse(`${day}T23:59:59+08:00`) / 1000)
    const { catalogue, singles } = this.#parts
    const held = await new Holdings(this.#parts, async () => holders).get(subject, time)
    if (held === undefined) return false
    const type = catalogue.find('materialType', subject.type, day)
    const caseCodes = await singles.casesWith(request.context.case)
    return usabilityOf(held, { type, caseCodes, day, time }).usable
  }

  async #log(state: WantedState, statement: UseChecked): Promise<AnsweredCheck> {
    const { ledger, pending, terms, states } = this.#parts
    const found = foundBy(statement)
    const appended = await ledger.append({
      statement,
      writes: (index) => [
        ...terms.writesOf(found, index),
        ...pending.writes(statement.id),
        states.want(index, [state]),
      ],
    })
    await pending.forget(statement.id)
    states.prove(appended.index)
    return { ...appended, answers: statement.answers }
  }

  async #refuse(id: string, request: UseRequest, asked: Asked, why: LedgerError): Promise<void> {
    const { ledger, mirror, pending, terms, subjects } = this.#parts
    const concerned = await concernedBy(request, subjects)
    const statement = stateRefusal(id, request, asked, concerned, why, mirror.grants)
    const found = foundBy(statement)
    await ledger.append({
      statement,
      writes: (index) => [...terms.writesOf(found, index), ...pending.writes(id)],
    })
    await pending.forget(id)
  }

  #list(term: Term, page: PageRequest): Promise<CheckPage> {
    return this.#parts.terms.readPage(term, page, (index) => this.#read(index))
  }

  async #read(index: number): Promise<CheckRecord> {
    const { ledger } = this.#parts
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'use.checked')
      throw new LedgerError('notFound', 'USE_NOT_FOUND', { index })
    return { id: statement.id, index, at: parseEntry(await ledger.getEntry(index)).at, statement }
  }
}

/** A check as a use: what its questions are about is read. */
function decidable({ questions, ...asking }: CheckRequest): DecidableRequest {
  return {
    ...asking,
    fields: fieldsToGrant(asking.subject, questions),
    manner: 'read',
    questions,
  }
}
