import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Certificates } from '../certificates/certificates.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { Day } from '../core/catalogue/day.ts'
import { readDisclosed } from '../core/certificates/credential.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { judgeCandidate } from '../core/resolution/candidates.ts'
import { answerQuestions, fieldsToGrant } from '../core/resolution/questions.ts'
import type { Question, Questioned } from '../core/resolution/questions.ts'
import type { UseChecked } from '../core/statements/check.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { useStatementId, userOf } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { StateProofs, WantedState } from '../states/stateProofs.ts'
import type { Page, Term, TermIndex } from '../store/terms.ts'
import { countUses } from '../uses/counting.ts'
import type { UseActs } from '../uses/counting.ts'
import { decideUse, requireDepartment } from '../uses/deciding.ts'
import type { DecidedUse } from '../uses/deciding.ts'
import { composeUseEvidence } from '../uses/evidence.ts'
import { stateOfUse } from '../uses/provenState.ts'
import { concernedBy, describe, isRefusal, stateRefusal, termsOf } from '../uses/receipts.ts'
import type { Asked } from '../uses/receipts.ts'
import { alreadyMade, spentTerms } from '../uses/spentUses.ts'
import type { SpentUses } from '../uses/spentUses.ts'
import type { Subjects } from '../uses/subjects.ts'
import { CandidateFinder } from './candidates.ts'
import type { AnsweredCheck, CheckPage, CheckRecord, CheckRequest, Checks } from './checks.ts'
import { KnownHolders } from './holders.ts'

export interface ChecksParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly subjects: Subjects
  readonly singles: SingleUses
  readonly certificates: Pick<Certificates, 'ofHolder' | 'get' | 'disclose' | 'statusAt'>
  readonly catalogue: CatalogueReader
  readonly mirror: Mirror
  readonly chain: RegistryChain
  readonly acts: UseActs
  readonly directory: PartyDirectory
  readonly states: StateProofs
  /** One for all that answers uses. */
  readonly spent: SpentUses
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Data checks on top of the ledger, by the rules of uses. */
export class LedgerChecks implements Checks {
  readonly #parts: ChecksParts

  constructor(parts: ChecksParts) {
    this.#parts = parts
  }

  async ask(request: CheckRequest, signal?: AbortSignal): Promise<AnsweredCheck> {
    const { spent, chain } = this.#parts
    const uses = useIdsOf(request, chain.registries)
    return spent.inTurn(uses, async () => {
      // What was signed is answered once, be it by a copy or by answers.
      const before = await spent.find(uses)
      if (before !== undefined) throw alreadyMade(before)
      return this.#answer(useStatementId(request, chain.registries), request, signal)
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

  ofHolder(holder: Hex, page: Page): Promise<CheckPage> {
    return this.#list({ kind: 'check.holder', value: holder }, page)
  }

  ofUser(user: Hex, page: Page): Promise<CheckPage> {
    return this.#list({ kind: 'check.user', value: user }, page)
  }

  async #answer(
    id: string,
    { questions, ...asking }: CheckRequest,
    signal: AbortSignal | undefined,
  ): Promise<AnsweredCheck> {
    const { mirror, chain, directory, now } = this.#parts
    const request = {
      ...asking,
      fields: fieldsToGrant(asking.subject, questions),
      manner: 'read' as const,
      questions,
    }
    const world = mirror.world(Math.floor(now() / 1000))
    await requireDepartment(request, world, chain)
    const region = (await directory.departmentOf(userOf(request)))?.region
    const asked = describe(request, chain, world.time, world.block, region)
    try {
      const decided = await decideUse(request, { ...this.#parts, world, region })
      // Whatever could still fail comes before the count, which nothing takes back.
      const answers = answerQuestions(questions, await this.#look(decided, questions))
      const counted = await countUses(decided, this.#parts, signal)
      const state = stateOfUse(decided, asked, counted, this.#parts)
      return await this.#log(state, {
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
      })
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

  async #isValidOn({ subject, holders, request }: DecidedUse, day: Day): Promise<boolean> {
    const time = Math.floor(Date.parse(`${day}T23:59:59+08:00`) / 1000)
    const { certificates, catalogue, directory, mirror, singles } = this.#parts
    if (subject.kind === 'certificate')
      return (await certificates.statusAt(subject.id, time)).usable
    const finder = new CandidateFinder(
      { ...this.#parts, statuses: mirror.certificates },
      new KnownHolders(directory),
    )
    const candidate = await finder.consider({ ...subject, material: subject.type })
    if (candidate === undefined) return false
    const type = catalogue.get('materialType', subject.type, day)
    const caseCodes = await singles.casesWith(request.context.case)
    const wanted = { type, holders, caseCodes, day, time }
    return judgeCandidate(candidate, wanted).usable
  }

  async #log(state: WantedState, statement: UseChecked): Promise<AnsweredCheck> {
    const { ledger, terms, states } = this.#parts
    const found = [
      ...statement.holders.map((value) => ({ kind: 'check.holder', value })),
      { kind: 'check.user', value: statement.user },
      ...spentTerms(statement),
    ]
    const appended = await ledger.append({
      statement,
      writes: (index) => [...terms.writes(found, index), states.want(index, [state])],
    })
    states.prove(appended.index)
    return { ...appended, answers: statement.answers }
  }

  async #refuse(id: string, request: UseRequest, asked: Asked, why: LedgerError): Promise<void> {
    const { ledger, terms, subjects } = this.#parts
    const concerned = await concernedBy(request, subjects)
    const statement = stateRefusal(id, request, asked, concerned, why)
    const found = termsOf({ ...statement, holders: concerned })
    await ledger.append({ statement, writes: (index) => terms.writes(found, index) })
  }

  async #list(term: Term, { before, limit }: Page): Promise<CheckPage> {
    const found = await this.#parts.terms.find(term, {
      limit: limit + 1,
      ...(before !== undefined && { before }),
    })
    const items = await Promise.all(found.slice(0, limit).map((index) => this.#read(index)))
    const last = items.at(-1)
    return found.length > limit && last ? { items, next: last.index } : { items }
  }

  async #read(index: number): Promise<CheckRecord> {
    const { ledger } = this.#parts
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'use.checked')
      throw new LedgerError('notFound', 'USE_NOT_FOUND', { index })
    return { id: statement.id, index, at: parseEntry(await ledger.getEntry(index)).at, statement }
  }
}
