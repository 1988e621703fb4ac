import { randomBytes } from 'node:crypto'
import { isHandler, partiesOf } from '../cases/access.ts'
import type { Cases } from '../cases/cases.ts'
import { requireOpen } from '../cases/rules.ts'
import { SignedAct } from '../core/acts/acts.ts'
import { encodeHex } from '../core/bytes.ts'
import { parseEntry } from '../core/entry.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { grantIdOf } from '../core/grants/rules.ts'
import { verifyScopeView } from '../core/grants/scope.ts'
import { canonicalize } from '../core/json.ts'
import type { Registries } from '../core/parties/registries.ts'
import { verifyNarrowed } from '../core/requests/narrowing.ts'
import { describeRequest } from '../core/requests/sentences.ts'
import type { RequestState } from '../core/requests/state.ts'
import { parseBy } from '../core/schema.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import { answerIdOf } from '../core/statements/request.ts'
import type { RequestApproved, RequestDeclined, RequestMade } from '../core/statements/request.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import { caseTerm, granteeTerm, holderTerm } from '../core/terms/requests.ts'
import type { Term } from '../core/terms/term.ts'
import { Turns } from '../core/turns.ts'
import type { Grants } from '../grants/grants.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type {
  Approval,
  ApprovedRequest,
  AskedGrant,
  GrantRequests,
  RequestAsker,
  RequestPage,
  RequestRecord,
} from './requests.ts'
import { wordsOf } from './words.ts'
import type { WordsParts } from './words.ts'

export interface RequestsParts extends WordsParts {
  readonly terms: TermIndex
  readonly cases: Pick<Cases, 'get' | 'findDecision'>
  readonly grants: Pick<Grants, 'register'>
  readonly registries: Registries
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Answer = NonNullable<RequestRecord['answer']>

/** Seconds. */
const DAY = 24 * 60 * 60
const USUAL = 7 * DAY
const LONGEST = 30 * DAY
/** Of one asker in one case: a holder is asked, not pressed. */
const MOST_PENDING = 32
/** Of a case, looked at to find those that wait. */
const MOST_OF_CASE = 256

/** Requests on top of the ledger: a statement for each, and one for its answer. */
export class LedgerRequests implements GrantRequests {
  readonly #parts: RequestsParts
  readonly #turns = new Turns()

  constructor(parts: RequestsParts) {
    this.#parts = parts
  }

  async make(asked: AskedGrant, asker: RequestAsker): Promise<Appended> {
    const record = await this.#parts.cases.get(asked.case)
    requireConcerned(record.statement, asker)
    requireMatter(asked, record.statement)
    requireOpen(record)
    const request = this.#state(asked, asker.grantee)
    if ((await this.#parts.directory.holderOf(asked.holder)) === undefined)
      throw new LedgerError('notFound', 'HOLDER_NOT_FOUND')
    // Of two that come at once, the second has to find the first.
    return this.#turns.take(asked.case, async () => {
      const pending = await this.#pendingOf(request)
      const same = pending.find(({ statement }) => isSameGrant(statement, request, this.#seconds()))
      if (same !== undefined) return this.#again(same)
      this.#requireRoom(pending)
      return this.#append(request)
    })
  }

  async get(id: string): Promise<RequestRecord> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(id)
    const record = index === undefined ? undefined : await this.#read(index)
    if (record === undefined)
      throw new LedgerError('notFound', 'GRANT_REQUEST_NOT_FOUND', { request: id })
    return record
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<RequestPage> {
    return this.#list(holderTerm(holder), page)
  }

  ofGrantee(grantee: Hex, page: PageRequest): Promise<RequestPage> {
    return this.#list(granteeTerm(grantee), page)
  }

  async ofCase(code: string, grantee: Hex): Promise<readonly RequestRecord[]> {
    const { items } = await this.#list(caseTerm(code), { limit: MOST_OF_CASE })
    return items.filter(({ statement }) => statement.grantee === grantee)
  }

  async sentenceOf(request: RequestMade, namesHolder: boolean) {
    return describeRequest(request, await wordsOf(request, namesHolder, this.#parts))
  }

  approve(id: string, unverified: unknown, approval: Approval): Promise<ApprovedRequest> {
    return this.#turns.take(id, async () => {
      const act = parseBy(SignedAct, unverified, 'ACT_MALFORMED')
      if (act.type !== 'Grant')
        throw new LedgerError('invalid', 'ACT_UNEXPECTED', { expected: 'Grant' })
      const grant = act.message
      const record = await this.get(id)
      const answered = approvedBy(record, grantIdOf(grant, this.#parts.registries))
      if (!answered) requirePending(record)
      verifyNarrowed(grant, verifyScopeView(grant.scope, approval.view, grant), record.statement)
      const registered = await this.#parts.grants.register(act, approval)
      // It is recorded now, and would be found if this were not logged: the same once more logs it.
      const answer = answered
        ? answerIdOf(id)
        : await this.#answer(id, {
            kind: 'request.approved',
            grant: registered.grant,
            by: grant.grantor,
          })
      return { ...registered, answer }
    })
  }

  decline(id: string, reason: string, by: Hex): Promise<Appended> {
    return this.#turns.take(id, async () => {
      const record = await this.get(id)
      const { answer } = record
      const said = answer?.statement
      if (answer && said?.kind === 'request.declined' && said.reason === reason && said.by === by)
        return this.#again(answer)
      requirePending(record)
      return this.#append({
        v: 1,
        id: answerIdOf(id),
        kind: 'request.declined',
        request: id,
        reason,
        by,
      })
    })
  }

  async evidence(
    id: string,
    of: 'request' | 'answer',
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array> {
    const { ledger } = this.#parts
    const record = await this.get(id)
    const index = of === 'request' ? record.index : record.answer?.index
    if (index === undefined)
      throw new LedgerError('notFound', 'GRANT_REQUEST_NOT_ANSWERED', { request: id })
    return wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index)
  }

  #state({ expires, ...asked }: AskedGrant, grantee: Hex): RequestMade {
    const now = this.#seconds()
    const latest = now + LONGEST
    const until = expires ?? now + USUAL
    if (until <= now || until > latest || asked.notAfter <= now)
      throw new LedgerError('invalid', 'GRANT_REQUEST_TIMES_WRONG', { now, latest })
    const id = `request-${encodeHex(randomBytes(16))}`
    return { v: 1, id, kind: 'request.made', ...asked, grantee, expires: until }
  }

  async #pendingOf({ case: code, grantee }: RequestMade): Promise<RequestRecord[]> {
    return (await this.ofCase(code, grantee)).filter(({ state }) => state === 'pending')
  }

  #requireRoom(pending: readonly RequestRecord[]): void {
    if (pending.length < MOST_PENDING) return
    const first = Math.min(...pending.map(({ statement }) => statement.expires))
    const retryAfter = first - this.#seconds() + 1
    throw new LedgerError('tooMany', 'GRANT_REQUESTS_PENDING', { retryAfter })
  }

  async #answer(
    request: string,
    answer: Pick<RequestApproved, 'kind' | 'grant' | 'by'>,
  ): Promise<string> {
    const { id } = await this.#append({ v: 1, id: answerIdOf(request), request, ...answer })
    return id
  }

  #append(statement: RequestMade | RequestApproved | RequestDeclined): Promise<Appended> {
    const { ledger, terms } = this.#parts
    const found = foundBy(statement)
    return ledger.append({ statement, writes: (index) => terms.writesOf(found, index) })
  }

  async #again({
    index,
    statement: { id },
  }: Pick<RequestRecord, 'index'> & { statement: { id: string } }): Promise<Appended> {
    return { id, index, created: false, evidence: await this.#parts.ledger.evidence(index) }
  }

  #list(term: Term, page: PageRequest): Promise<RequestPage> {
    return this.#parts.terms.readPage(term, page, (index) => this.#read(index))
  }

  /** Undefined where another kind of statement has that place. */
  async #read(index: number): Promise<RequestRecord | undefined> {
    const { ledger } = this.#parts
    const { at, kind } = parseEntry(await ledger.getEntry(index))
    if (kind !== 'request.made') return undefined
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'request.made') return undefined
    const answer = await this.#answerTo(statement.id)
    return {
      index,
      at,
      statement,
      state: await this.#stateOf(statement, answer),
      ...(answer && { answer }),
    }
  }

  async #answerTo(request: string): Promise<Answer | undefined> {
    const { ledger } = this.#parts
    const index = await ledger.findIndex(answerIdOf(request))
    if (index === undefined) return undefined
    const { statement } = await ledger.openStatement(index)
    if (statement.kind !== 'request.approved' && statement.kind !== 'request.declined')
      return undefined
    return { index, at: parseEntry(await ledger.getEntry(index)).at, statement }
  }

  async #stateOf(
    { case: code, expires }: RequestMade,
    answer: Answer | undefined,
  ): Promise<RequestState> {
    if (answer !== undefined)
      return answer.statement.kind === 'request.approved' ? 'approved' : 'declined'
    const decision = await this.#parts.cases.findDecision(code)
    // Whatever came first, time or the decision, left it without an answer.
    if (decision !== undefined && Date.parse(decision.at) <= (expires + 1) * 1000) return 'ended'
    return this.#seconds() > expires ? 'expired' : 'pending'
  }

  #seconds(): number {
    return Math.floor(this.#parts.now() / 1000)
  }
}

/** Whoever handles the case, and its parties: an agent asks for what it then shows. */
function requireConcerned(opened: CaseOpened, asker: RequestAsker): void {
  const { department } = asker
  const handles = department !== undefined && isHandler(opened, department)
  if (!handles && !asker.isOneOf(partiesOf(opened)))
    throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
}

/** Nobody asks in the name of one matter for what another would need. */
function requireMatter({ purposes }: AskedGrant, { matter }: CaseOpened): void {
  if (purposes.some((purpose) => purpose.matter !== matter.code))
    throw new LedgerError('invalid', 'GRANT_REQUEST_PURPOSE_OTHER', { matter: matter.code })
}

/** Whether a holder would sign the same; until when is for the one that waits to say, while that is still to come. */
function isSameGrant(waiting: RequestMade, asked: RequestMade, now: number): boolean {
  return waiting.notAfter > now && grantIn(waiting) === grantIn(asked)
}

function grantIn({ case: code, holder, grantee, items, purposes, uses, depth }: RequestMade) {
  const lists = { items: inOrder(items), purposes: inOrder(purposes) }
  return canonicalize({ case: code, holder, grantee, ...lists, uses, depth })
}

function inOrder(entries: readonly object[]): string[] {
  return entries.map((entry) => canonicalize(entry)).toSorted()
}

function approvedBy({ answer }: RequestRecord, grant: Hex): boolean {
  return answer?.statement.kind === 'request.approved' && answer.statement.grant === grant
}

function requirePending({ state, answer, statement }: RequestRecord): void {
  if (state === 'ended')
    throw new LedgerError('conflict', 'GRANT_REQUEST_ENDED', { case: statement.case })
  if (answer !== undefined)
    throw new LedgerError('conflict', 'GRANT_REQUEST_ANSWERED', { answer: answer.statement.id })
  if (state === 'expired')
    throw new LedgerError('conflict', 'GRANT_REQUEST_EXPIRED', { expires: statement.expires })
}
