import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Certificates } from '../certificates/certificates.ts'
import type { Day } from '../core/catalogue/day.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { answerQuestions, fieldsToGrant } from '../core/checks/questions.ts'
import type { Question, Questioned } from '../core/checks/questions.ts'
import type { UseChecked } from '../core/statements/check.ts'
import type { Term } from '../core/terms/term.ts'
import { checkHolderTerm, checkUserTerm } from '../core/terms/uses.ts'
import { usabilityOf } from '../core/usability/holding.ts'
import { useStatementId } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import { Holdings } from '../holdings/holdings.ts'
import type { PageRequest } from '../store/pages.ts'
import { UseAnswerer } from '../uses/answering.ts'
import type { Allowed, AnsweringParts } from '../uses/answering.ts'
import type { CarriesOn } from '../uses/carrying.ts'
import type { DecidableRequest, DecidedUse } from '../uses/deciding.ts'
import { composeUseEvidence } from '../uses/evidence.ts'
import type { TakenUp } from '../uses/judging.ts'
import type { PendingUse } from '../uses/pendingUses.ts'
import { sparing } from '../uses/sparing.ts'
import { alreadyMade } from '../uses/spentUses.ts'
import type { AnsweredCheck, CheckPage, CheckRecord, CheckRequest, Checks } from './checks.ts'

export interface ChecksParts extends AnsweringParts {
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'factsOf' | 'disclose'>
  readonly catalogue: CatalogueReader
}

/** Data checks on top of the ledger, by the rules of uses. */
export class LedgerChecks implements Checks, CarriesOn {
  readonly #parts: ChecksParts
  readonly #answerer: UseAnswerer

  constructor(parts: ChecksParts) {
    this.#parts = parts
    this.#answerer = new UseAnswerer(parts)
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
      return this.#answer({ id, request: decidable(request), held, isAsked: true }, signal)
    })
  }

  carryOn(pending: PendingUse, signal: AbortSignal): Promise<void> {
    return this.#answerer.carryOn(pending, (taken) => this.#answer(taken, signal))
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

  #answer(taken: TakenUp, signal: AbortSignal | undefined): Promise<AnsweredCheck> {
    const questions = [...(taken.request.questions ?? [])]
    return this.#answerer.answer(
      taken,
      (allowed) => this.#give(taken.id, questions, allowed),
      signal,
    )
  }

  async #give(
    id: string,
    questions: Question[],
    { decided, asked, count, log }: Allowed,
  ): Promise<AnsweredCheck> {
    const answers = answerQuestions(questions, await this.#look(decided, questions))
    const counted = await count()
    const statement: UseChecked = {
      v: 1,
      id,
      kind: 'use.checked',
      subject: decided.subject,
      holders: [...decided.holders],
      ...asked,
      manner: 'read',
      counted: [...counted.transactions],
      questions,
      answers,
    }
    const appended = await sparing(decided, answers, this.#parts, (spared) =>
      log({ ...statement, ...spared }, counted),
    )
    return { ...appended, answers }
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
