import type { Readable } from 'node:stream'
import type { CaseRules } from '../cases/rules.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { utf8 } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { canonicalize } from '../core/json.ts'
import type { DrawnDocument, Spared, UseReleased } from '../core/statements/use.ts'
import { foundBy } from '../core/terms/foundBy.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { DERIVED_COPY_MEDIA_TYPE, encodeDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../core/uses/derivedCopy.ts'
import { useStatementId } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { CopyMaker } from '../derived/copyMaker.ts'
import { nameOfKey } from '../ledger/idempotency.ts'
import type { KeyedRequest } from '../ledger/idempotency.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { ByteRange, Materials } from '../materials/materials.ts'
import type { Reception } from '../materials/reception.ts'
import type { SingleUses } from '../materials/singleUses.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { StateProofs } from '../states/stateProofs.ts'
import type { Write } from '../store/keyValueStore.ts'
import type { PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import type { CarriesOn } from './carrying.ts'
import { countUses, isUnderWay } from './counting.ts'
import type { CountedUses, UseActs } from './counting.ts'
import { decideUse } from './deciding.ts'
import type { DecidedUse } from './deciding.ts'
import { drawDocument, makeDerivedCopy } from './derivedCopies.ts'
import type { CopyParts } from './derivedCopies.ts'
import { composeUseEvidence } from './evidence.ts'
import { judge } from './judging.ts'
import type { TakenUp } from './judging.ts'
import { concernedBy, isRefusal, stateRefusal } from './receipts.ts'
import type { Asked } from './receipts.ts'
import { UseRecords } from './records.ts'
import type { Subjects } from './subjects.ts'
import type { UseMasking } from './masking.ts'
import type { PendingUse, PendingUses } from './pendingUses.ts'
import { previewUse } from './preview.ts'
import { stateOfUse } from './provenState.ts'
import { sparing } from './sparing.ts'
import { alreadyMade } from './spentUses.ts'
import type { SpentUses } from './spentUses.ts'
import type { Asking, UseDraft, UsePage, UsePreview, UseRecord, Uses } from './uses.ts'

export interface UsesParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly reception: Reception
  readonly materials: Materials
  readonly subjects: Subjects
  readonly caseRules: CaseRules
  /** One for all that spends materials. */
  readonly singles: SingleUses
  readonly mirror: Mirror
  readonly chain: RegistryChain
  readonly acts: UseActs
  readonly directory: PartyDirectory
  readonly states: StateProofs
  readonly masking: UseMasking
  readonly nameOfMatter: CopyParts['nameOfMatter']
  readonly maker: Pick<CopyMaker, 'draw'>
  /** These two: one for all that answers uses. */
  readonly spent: SpentUses
  readonly pending: PendingUses
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A request in its turn. */
interface Answering {
  readonly id: string
  readonly asked: Asked
  /** That stand for it. */
  readonly keys: readonly (KeyedRequest | undefined)[]
}

/** What was decided, and what is given for it. */
interface Releasing {
  readonly decided: DecidedUse
  readonly copy: DerivedCopy
  readonly document: DrawnDocument | undefined
  readonly counted: CountedUses
  /** Sensitive fields that the copy shows in clear. */
  readonly plain: readonly string[]
  /** What the case need not be handed in any more. */
  readonly spares?: Spared
}

/** Bytes of a request, as RFC 8785 writes it. */
const LONGEST = 56 * 1024

/** Uses on top of the ledger: each answer is a statement, its derived copy sealed beside it. */
export class LedgerUses implements Uses, CarriesOn {
  readonly #parts: UsesParts
  readonly #records: UseRecords
  readonly #listeners = new Set<(use: UseRecord) => void>()

  constructor(parts: UsesParts) {
    this.#parts = parts
    this.#records = new UseRecords(parts)
  }

  async request(request: UseRequest, asking: Asking = {}): Promise<Appended> {
    // A receipt holds all of it, and a statement holds no more.
    if (utf8(canonicalize(request)).length > LONGEST)
      throw new LedgerError('tooLarge', 'USE_TOO_LONG', { maxBytes: LONGEST })
    const { registries } = this.#parts.chain
    const id = useStatementId(request, registries)
    return this.#inTurn(request, asking, async () => {
      const again = await this.#again(id, useIdsOf(request, registries), asking)
      if (again !== undefined) return again
      const held = await this.#parts.pending.find(id)
      return this.#alone(request, () => this.#answer({ id, request, held, isAsked: true }, asking))
    })
  }

  async carryOn({ id, request }: PendingUse, signal: AbortSignal): Promise<void> {
    const { pending, spent, chain } = this.#parts
    const uses = useIdsOf(request, chain.registries)
    await this.#inTurn(request, {}, async () => {
      const held = await pending.find(id)
      if (held === undefined) return
      const isAnswered = (await spent.find(uses, id)) !== undefined
      if (isAnswered || !(await isUnderWay(request, this.#parts))) return pending.drop(id)
      await this.#alone(request, () =>
        this.#answer({ id, request, held, isAsked: false }, { signal }),
      )
    })
  }

  preview(draft: UseDraft): Promise<UsePreview> {
    return previewUse(draft, this.#parts)
  }

  get(id: string): Promise<UseRecord> {
    return this.#records.get(id)
  }

  openCopy(id: string): Promise<Readable> {
    return this.#records.openCopy(id)
  }

  openContent(id: string, range?: ByteRange): Promise<Readable> {
    return this.#records.openContent(id, range)
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { chainId } = this.#parts.chain.registries
    return composeUseEvidence(await this.get(id), { ...this.#parts, chainId }, wait)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<UsePage> {
    return this.#records.ofHolder(holder, page)
  }

  ofUser(user: Hex, page: PageRequest): Promise<UsePage> {
    return this.#records.ofUser(user, page)
  }

  onRecorded(listener: (use: UseRecord) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #inTurn<T>(request: UseRequest, { idempotency }: Asking, step: () => Promise<T>): Promise<T> {
    const { spent, chain } = this.#parts
    const keys = idempotency ? [nameOfKey(idempotency)] : []
    return spent.inTurn([...useIdsOf(request, chain.registries), ...keys], step)
  }

  /** Of two uses of what serves once, the second finds it spent. */
  async #alone<T>({ subject }: UseRequest, step: () => Promise<T>): Promise<T> {
    const { subjects, singles } = this.#parts
    return singles.inTurn(await subjects.materialsOf(subject), step)
  }

  /** The same answer for the same request and key; without it nobody is told more than that there was one. */
  async #again(
    id: string,
    uses: readonly Hex[],
    { idempotency }: Asking,
  ): Promise<Appended | undefined> {
    const { ledger, spent } = this.#parts
    const replay = idempotency && (await ledger.keys.find(idempotency))
    const answer = await spent.find(uses, id)
    if (answer === undefined) return undefined
    const { index, statement } = answer
    if (replay === undefined || statement.kind !== 'use.released' || statement.id !== id)
      throw alreadyMade(answer)
    return { id, index, created: false, evidence: await ledger.evidence(index) }
  }

  async #answer(taken: TakenUp, { idempotency, signal }: Asking): Promise<Appended> {
    const { id, request, held } = taken
    const { asked, world, region } = await judge(taken, this.#parts, signal)
    const answering: Answering = { id, asked, keys: [idempotency, held?.idempotency] }
    try {
      const decided = await decideUse(request, { ...this.#parts, world, region })
      // Whatever could still fail comes before the count, which nothing takes back.
      const mask = await this.#parts.masking.of(decided)
      const copy = await makeDerivedCopy(id, decided, mask, this.#parts)
      const document = await drawDocument(copy, decided, this.#parts)
      const pending = {
        id,
        request,
        decision: asked.decision,
        ...(idempotency && { idempotency }),
      }
      const hold = async () => {
        if (held === undefined) await this.#parts.pending.hold(pending)
      }
      const counted = await countUses(decided, this.#parts, { hold, signal })
      const { plain } = mask
      const given = { decided, copy, document, counted, plain }
      return await sparing(decided, [], this.#parts, (spared) =>
        this.#release({ ...given, ...spared }, answering),
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.#refuse(request, error, answering)
      throw error
    }
  }

  async #release(
    { decided, copy, document, counted, plain, spares }: Releasing,
    answering: Answering,
  ): Promise<Appended> {
    const { asked } = answering
    const { ledger, reception, states, terms } = this.#parts
    const { subject, holders, request } = decided
    const shown = request.fields.length > 0 ? 0 : Object.keys(copy.fields).length
    const received = await reception.receive(encodeDerivedCopy(copy), [])
    const statement: UseReleased = {
      v: 1,
      id: copy.mark.use,
      kind: 'use.released',
      subject,
      holders: [...holders],
      ...asked,
      counted: [...counted.transactions],
      ...(plain.length > 0 && { plain: [...plain] }),
      ...(shown > 0 && { shown }),
      ...(spares && { spares }),
      content: {
        digests: [...received.digests],
        size: received.size,
        mediaType: DERIVED_COPY_MEDIA_TYPE,
        kept: 'here',
      },
      ...(document && { document }),
      expires: copy.mark.expires,
    }
    const state = stateOfUse(decided, asked, counted, this.#parts)
    const found = foundBy(statement)
    const writes = (index: number) => [
      ...terms.writesOf(found, index),
      ...this.#answered(answering, index),
      states.want(index, [state]),
    ]
    const appended = await received.log((placed) => ledger.append({ statement, ...placed, writes }))
    await this.#parts.pending.forget(statement.id)
    states.prove(appended.index)
    await this.#tell(appended.index)
    return appended
  }

  async #refuse(request: UseRequest, why: LedgerError, answering: Answering): Promise<void> {
    const { ledger, mirror, pending, terms, subjects } = this.#parts
    const { id, asked } = answering
    const concerned = await concernedBy(request, subjects)
    const statement = stateRefusal(id, request, asked, concerned, why, mirror.grants)
    const found = foundBy(statement)
    const { index } = await ledger.append({
      statement,
      writes: (at) => [...terms.writesOf(found, at), ...this.#answered(answering, at)],
    })
    await pending.forget(id)
    await this.#tell(index)
  }

  /** What an answer settles beside itself. */
  #answered({ id, keys }: Answering, index: number): Write[] {
    const { ledger, pending } = this.#parts
    const named = keys.flatMap((key) => (key ? ledger.keys.writes(key, index) : []))
    return [...named, ...pending.writes(id)]
  }

  async #tell(index: number): Promise<void> {
    if (this.#listeners.size === 0) return
    const use = await this.#records.getAt(index)
    for (const listener of this.#listeners) listener(use)
  }
}
