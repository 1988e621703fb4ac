import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { utf8 } from '../core/bytes.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import { isSpentFor } from '../core/catalogue/singleUse.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { sha256 } from '../core/hash/hash.ts'
import { canonicalize } from '../core/json.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { sharedNameOf } from '../core/statements/material.ts'
import { isReservedId } from '../core/statements/parts.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { Turns } from '../core/turns.ts'
import { nameOfKey } from '../ledger/idempotency.ts'
import type { Appended, Draft, Idempotency, Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import { describeElsewhere, describeKept } from './description.ts'
import { judgementOf, saidOf } from './judging.ts'
import type { Judged, MaterialJudge } from './judging.ts'
import type { Submitted, SubmitRequest } from './materials.ts'
import type { MaterialReader, OpenedMaterial } from './reader.ts'
import type { Received, Reception } from './reception.ts'
import type { SharedContents } from './sharing.ts'
import { requireForm } from './soundness.ts'
import type { SubmitterBlocks } from './submitterBlocks.ts'
import type { Spendings } from './spendings.ts'
import type { Versions } from './versions.ts'

export interface IntakeParts {
  readonly ledger: Ledger
  readonly reception: Reception
  readonly terms: TermIndex
  readonly reader: MaterialReader
  readonly sharing: SharedContents
  readonly spendings: Spendings
  readonly versions: Versions
  readonly blocks: SubmitterBlocks
  readonly turns: Turns
  readonly judge: MaterialJudge
}

/** Takes materials in: what is said of them is checked, then their bytes, and then both are logged. */
export class MaterialIntake {
  readonly #parts: IntakeParts

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  async submit(request: SubmitRequest): Promise<Submitted> {
    const { submission, content, promised = [] } = request
    if (submission.id !== undefined && isReservedId(submission.id))
      throw new LedgerError('invalid', 'MATERIAL_ID_RESERVED', { id: submission.id })
    const judged = this.#parts.judge.judge(request)
    const judgement = judged instanceof Promise ? await judged : judged
    if (content === undefined)
      return this.#append(request, stateMaterial(request, describeElsewhere(submission), judgement))
    const stated = [...(submission.content.digests ?? []), ...promised]
    const received = await this.#parts.reception.receive(content, stated)
    try {
      const described = describeKept(submission, stated, received)
      return await this.#append(request, stateMaterial(request, described, judgement), received)
    } catch (error) {
      await received.discard()
      throw error
    }
  }

  #append(request: SubmitRequest, stated: Stated, received?: Received): Promise<Submitted> {
    const { submitter, idempotencyKey: key } = request
    if (key === undefined) return this.#appendNew(request, stated, received)
    // Of two that come at once, the second has to find what the first was answered.
    return this.#parts.turns.take(nameOfKey({ principal: submitter, key }), async () =>
      (await this.#parts.judge.isAnswered(request))
        ? this.#answerAgain(request, stated, received)
        : this.#appendNew(request, stated, received),
    )
  }

  /** The ledger compares what is asked now with what was asked then, and adds nothing. */
  async #answerAgain(
    request: SubmitRequest,
    { statement }: Stated,
    received?: Received,
  ): Promise<Submitted> {
    const { ledger, reader } = this.#parts
    const appended = await ledger.append({ statement, ...idempotencyOf(request, statement) })
    await received?.discard()
    const known = (await reader.findAt(appended.index))?.statement
    return known === undefined ? appended : withQuarantine(appended, known)
  }

  #appendNew(
    request: SubmitRequest,
    { statement, type }: Stated,
    received?: Received,
  ): Promise<Submitted> {
    if (type) requireForm(type, statement.content)
    const { turns, versions } = this.#parts
    const { supersedes } = statement
    const isSingle = type?.validity.mode === 'SINGLE_USE'
    if (supersedes === undefined) return this.#appendContent(request, statement, received, isSingle)
    return turns.take(`version ${supersedes}`, async () => {
      const later = { ...statement, supersedes }
      const id = await versions.require(later, request.submission.id)
      return this.#appendContent(request, { ...later, id }, received, isSingle)
    })
  }

  #appendContent(
    request: SubmitRequest,
    statement: MaterialSubmitted,
    received: Received | undefined,
    isSingle: boolean,
  ): Promise<Submitted> {
    const { sharing, turns } = this.#parts
    const name = sharedNameOf(statement)
    if (received === undefined || name === undefined) return this.#log(request, statement, received)
    return turns.take(`content ${name}`, async () => {
      const owner = await sharing.ownerOf(statement)
      if (isSingle && owner !== undefined) await this.#requireUnspent(statement, owner)
      return this.#log(request, statement, received, owner === undefined)
    })
  }

  /** What serves once serves one case, however often the same form is handed in. */
  async #requireUnspent({ id, type, caseCode }: MaterialSubmitted, owner: OpenedMaterial) {
    if (caseCode === undefined) return
    const { sharing, spendings } = this.#parts
    const others = (await sharing.allOf(owner)).map(({ statement }) => statement)
    const same = others.filter((one) => one.type === type && one.id !== id)
    for (const spent of await spendings.findAll(same)) {
      if (isSpentFor(new Set([caseCode]), spent))
        throw new LedgerError('conflict', 'MATERIAL_SINGLE_USE_SPENT', {
          ...(spent.by !== undefined && { by: spent.by }),
        })
    }
  }

  /** @param isOwner the bytes will lie beside this one */
  #log(
    request: SubmitRequest,
    statement: MaterialSubmitted,
    received: Received | undefined,
    isOwner = true,
  ): Promise<Submitted> {
    const draft = {
      statement,
      ...idempotencyOf(request, statement),
      ...this.#found(statement, isOwner),
    }
    if (received === undefined) return this.#appendOnce(draft)
    if (isOwner) return received.log((placed) => this.#appendOnce({ ...draft, ...placed }))
    return this.#appendOnce(draft).then(async (appended) => {
      await received.discard()
      return appended
    })
  }

  /** What it is found by, besides its id. */
  #found(statement: MaterialSubmitted, isOwner: boolean): Pick<Draft, 'writes'> {
    const { holder, quarantine, supersedes, submitter } = statement
    const { terms, blocks } = this.#parts
    // Most that comes without a holder costs nothing more.
    if (holder === undefined && quarantine === undefined && supersedes === undefined)
      return { writes: (index) => blocks.writes(submitter, index) }
    const found = foundBy(statement, { holdsContent: isOwner, isUndecided: true })
    return {
      writes: (index) => [...blocks.writes(submitter, index), ...terms.writesOf(found, index)],
    }
  }

  /** As `append`; the same that was said when another version of the type counted is the same entry. */
  #appendOnce(draft: MaterialDraft): Promise<Submitted> {
    return this.#parts.ledger.append(draft).then(
      (appended) => withQuarantine(appended, draft.statement),
      (error: unknown) => this.#appendAsKnown(draft, error),
    )
  }

  async #appendAsKnown(draft: MaterialDraft, error: unknown): Promise<Submitted> {
    const { ledger, reader, blocks } = this.#parts
    blocks.forget(draft.statement.submitter)
    if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
    const known = (await reader.findStatement(draft.statement.id))?.statement
    if (known?.kind !== 'material.submitted') throw error
    const statement = { ...saidOf(draft.statement), ...judgementOf(known) }
    if (!isDeepStrictEqual(statement, known)) throw error
    return withQuarantine(await ledger.append({ ...draft, statement }), statement)
  }
}

type MaterialDraft = Draft & { readonly statement: MaterialSubmitted }

interface Stated {
  readonly statement: MaterialSubmitted
  readonly type: MaterialType | undefined
}

function stateMaterial(
  { submission, submitter }: SubmitRequest,
  content: MaterialSubmitted['content'],
  { type, ...judgement }: Judged,
): Stated {
  const { id, content: _, unsound: __, ...described } = submission
  const statement: MaterialSubmitted = {
    ...described,
    ...judgement,
    v: 1,
    id: id ?? randomUUID(),
    kind: 'material.submitted',
    content,
    submitter,
  }
  return { statement, type }
}

/** The same request must give the same fingerprint: without an id that the caller did not choose, and without judgement. */
function idempotencyOf(
  { submission, submitter, idempotencyKey }: SubmitRequest,
  statement: MaterialSubmitted,
): { idempotency?: Idempotency } {
  if (idempotencyKey === undefined) return {}
  const said = saidOf(statement)
  const fingerprint = sha256(utf8(canonicalize({ ...said, id: submission.id ?? '' })))
  return { idempotency: { principal: submitter, key: idempotencyKey, fingerprint } }
}

function withQuarantine(appended: Appended, { quarantine }: MaterialSubmitted): Submitted {
  return quarantine === undefined ? appended : { ...appended, quarantine }
}
